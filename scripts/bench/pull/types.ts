/** What the page and its workers are asked to do; all times are milliseconds. */
import type { Split } from './split';

/** One step of a pull alone. */
export type Stage =
  | { stage: 'fetch'; url: string }
  | { stage: 'hash'; size: number }
  | { stage: 'store'; size: number };

export type HouseTask =
  | { task: 'pull'; url: string; size: number; digest: string }
  | { task: 'list'; count: number; rounds: number };

export interface Pulled {
  ms: number;
  split: Split;
}

export interface PullApi {
  pull(url: string, size: number, digest: string): Promise<Pulled>;
  stage(stage: Stage): Promise<number>;
  /** Installs so many models and lists them so often. */
  list(count: number, rounds: number): Promise<number[]>;
}
