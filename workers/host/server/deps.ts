/** What the server needs from the house; a test gives it other ones. */
import type { Digest } from '#core/digest';
import type { GgufHeader } from '#core/gguf';
import type { Layer } from '#core/manifest';
import type { ModelName } from '#core/names';
import type { MlcWishes, PullTarget } from '#core/pull-target';
import type { NetworkGate } from '#core/network-gate';
import type { NoWebGpu } from '#core/webgpu-probe';
import type { WeightsFacts } from '#core/weights-facts';
import type { DeviceLimits, DeviceReport, RequestTokens, ResolvedPull } from '#core/paddock-api';
import type { BuiltModel, ModelDraft } from '../registry/build-model';
import type { InstalledModel } from '../registry/installed';
import type { Access } from '../registry/access';
import type { MlcShown } from '../registry/mlc/read-model';
import type { PullStatus, PullWatch } from '../registry/pull';
import type { PullQueue } from '../registry/queue';
import type { Bench } from '../bench/bench';
import type { Disturbances } from '../disturbances';
import type { Storekeeper } from '../registry/storekeeper';
import type { Scheduler } from '../scheduler/scheduler';

export interface ModelRegistry {
  list(): Promise<InstalledModel[]>;
  get(name: ModelName): Promise<InstalledModel | null>;
  pull(
    target: PullTarget,
    signal: AbortSignal,
    watch?: PullWatch,
  ): AsyncGenerator<PullStatus, void, void>;
  /** What `pull` would fetch. */
  preview(target: PullTarget, signal: AbortSignal): Promise<ResolvedPull>;
  /** False when there is no such model. */
  delete(name: ModelName): Promise<boolean>;
  /** The text of a small layer. */
  readText(digest: Digest): Promise<string>;
  /** The header of the weights, with its lists when asked; null where the model is no GGUF. */
  readHeader(model: InstalledModel, lists: boolean): Promise<GgufHeader | null>;
  /** What `show` says of an MLC model by its texts; null where the model is none. */
  readMlc(model: InstalledModel): Promise<MlcShown | null>;
  /** The files of the weights, in the order of their parts. */
  weights(model: InstalledModel): Promise<Layer[]>;
  /** Gives a model another name too. */
  copy(source: InstalledModel, name: ModelName): Promise<void>;
  /** What lists say of a model's weights, without opening them twice. */
  facts(model: InstalledModel): Promise<WeightsFacts>;
  /** Notes that the model is used now; no failure of it is the caller's. */
  noteUse(name: ModelName): Promise<void>;
  /** Milliseconds since the epoch, by `nameKey`. */
  usage(): Promise<Map<string, number>>;
  /** Stores a file under its digest; yields bytes. */
  storeBytes(
    blob: Blob,
    digest: Digest | null,
    signal: AbortSignal,
  ): AsyncGenerator<{ completed: number; total: number }, Digest, void>;
  /** An MLC model's library from its address, under its digest; yields bytes. */
  fetchLibrary(
    url: string,
    accepted: Digest | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<{ completed: number; total: number }, Digest, void>;
  /** Bytes of a stored blob; null when there is none. */
  blobSize(digest: Digest): Promise<number | null>;
  /** The header of a stored file. */
  fileHeader(digest: Digest): Promise<GgufHeader>;
  /** Gives stored files a name; `wishes` are for MLC models. */
  install(name: ModelName, draft: ModelDraft, wishes?: MlcWishes): Promise<BuiltModel>;
  /** The same with a manifest's own text. */
  installManifest(name: ModelName, text: string, wishes?: MlcWishes): Promise<void>;
  readonly storage: Pick<Storekeeper, 'report' | 'check' | 'repair' | 'collect'>;
}

export interface Deps {
  registry: ModelRegistry;
  scheduler: Scheduler;
  access: Access;
  pulls: PullQueue;
  /** What runs beside a benchmark is told to it. */
  disturbances: Pick<Disturbances, 'during'>;
  bench: Pick<Bench, 'run' | 'requireFree' | 'pause' | 'resume' | 'discard'>;
  network: Pick<NetworkGate, 'off' | 'refused' | 'switch'>;
  /** What the browser gives a model. @throws PaddockError `internal` */
  limits(): Promise<DeviceLimits>;
  /** All that there is to know of the device; `again` measures anew. @throws PaddockError `internal` */
  device(again: boolean): Promise<DeviceReport>;
  /** What keeps each engine for GGUF from this device's graphics adapter. */
  noWebGpu(): Promise<NoWebGpu>;
  version: string;
  /** Milliseconds, monotonic. */
  now(): number;
  /** RFC 3339, UTC. */
  timestamp(): string;
  /** Hears how many tokens the request under way took; absent: nobody asks. */
  noteTokens?(tokens: RequestTokens): void;
}
