/** What the scheduler is asked for, and what it gives. */
import type { Activity, EngineInfo, LoadOptions, RunnerModel } from '#core/engine';
import { PaddockError } from '#core/errors';
import type { LeasedRunner } from './leased-runner';

/** What a request may use until it calls `release`. */
export interface Lease {
  runner: LeasedRunner;
  /** Milliseconds spent on loading so far; 0 when the model was loaded already. */
  readonly loadMs: number;
  /** Tells how far the prompt is (tokens); null: it is read, and the reply begins. */
  reading(prompt: Pick<Activity, 'done' | 'total'> | null): void;
  release(): void;
}

/** What lists say of a model: it stays so while it is loaded, whatever becomes of its name. */
export interface ModelAbout {
  /** Of its manifest, in hex. */
  digest: string;
  details: object;
}

export interface LoadedEntry {
  /** The name that it was last asked for under. */
  name: string;
  /** All names that it was asked for under. */
  names: string[];
  about?: ModelAbout;
  model: RunnerModel;
  info: EngineInfo;
  /** Milliseconds since the epoch; Infinity: never. */
  expiresAt: number;
}

/** What a model is known by while it is loaded, and how long it stays unused. */
export type Session = Pick<LeaseRequest, 'name' | 'about' | 'keepAliveMs'>;

export interface LeaseRequest {
  name: string;
  about?: ModelAbout;
  model: RunnerModel;
  options: LoadOptions;
  /** Absent: as long as it would stay; what is not loaded yet stays for five minutes. */
  keepAliveMs?: number;
  /** Nothing is loaded for it: it is refused with `NOT_LOADED` instead. */
  onlyLoaded?: true;
}

/** What a request is refused with that is for what is loaded alone. */
export const NOT_LOADED = new PaddockError('internal', 'The model is not loaded.');
