/** What the fake engine takes for its work: time, and an adapter's queue. A test brings a world of its own. */
import { pause } from './scenarios';

export interface FakeWorld {
  /** Works for so many milliseconds. @throws the reason of `signal` */
  work(ms: number, signal: AbortSignal): Promise<void>;
  /** Gives the adapter something to do. */
  submit(): void;
  /** Whether the page is out of sight. */
  hidden(): boolean;
}

export const realWorld: FakeWorld = {
  work: pause,
  submit: () => {},
  hidden: () => false,
};
