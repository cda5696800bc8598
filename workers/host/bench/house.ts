/** What a benchmark needs of the host; a test gives it another clock and other runners. */
import type { Bandwidth, BenchMachine } from '#core/bench/run';
import type { StartRunner } from '../scheduler/runner-process';
import type { Disturbances } from '../disturbances';
import type { KnownReferences } from './references';

export interface BenchHouse {
  startRunner: StartRunner;
  disturbances: Disturbances;
  references: KnownReferences;
  /** Waits for the reply under way and unloads what is loaded. */
  clear(signal: AbortSignal): Promise<void>;
  /** What is measured on. @throws PaddockError `internal` */
  machine(): Promise<Omit<BenchMachine, 'clockMs' | 'bandwidth'>>;
  /** Measures the memory; null: nobody can. @throws PaddockError `internal` */
  bandwidth(signal: AbortSignal): Promise<Bandwidth | null>;
  /** Milliseconds, monotonic. */
  now(): number;
  /** Milliseconds since the epoch, by the clock that people set. */
  wallClock(): number;
  /** RFC 3339, UTC. */
  timestamp(): string;
  /** Milliseconds that a machine that has become slower rests at most. */
  coolMs: number;
  /** A number for the draw of prompts. */
  seed(): number;
}
