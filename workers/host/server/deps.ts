/** What the server needs from the house; a test gives it other ones. */
import type { Digest } from '#core/digest';
import type { GgufHeader } from '#core/gguf';
import type { ModelName } from '#core/names';
import type { PullTarget } from '#core/pull-target';
import type { NetworkGate } from '#core/network-gate';
import type { DeviceLimits } from '#core/paddock-api';
import type { InstalledModel } from '../registry/installed';
import type { PullStatus } from '../registry/pull';
import type { PullQueue } from '../registry/queue';
import type { Scheduler } from '../scheduler/scheduler';

export interface ModelRegistry {
  list(): Promise<InstalledModel[]>;
  get(name: ModelName): Promise<InstalledModel | null>;
  pull(target: PullTarget, signal: AbortSignal): AsyncGenerator<PullStatus, void, void>;
  /** False when there is no such model. */
  delete(name: ModelName): Promise<boolean>;
  /** The text of a small layer. */
  readText(digest: Digest): Promise<string>;
  /** The header of the weights, with its lists when asked; null where the model is no GGUF. */
  readHeader(model: InstalledModel, lists: boolean): Promise<GgufHeader | null>;
}

export interface Deps {
  registry: ModelRegistry;
  scheduler: Scheduler;
  pulls: PullQueue;
  network: Pick<NetworkGate, 'off' | 'refused' | 'switch'>;
  /** What the browser gives a model. @throws PaddockError `internal` */
  limits(): Promise<DeviceLimits>;
  version: string;
  /** Milliseconds, monotonic. */
  now(): number;
  /** RFC 3339, UTC. */
  timestamp(): string;
}
