/** The answers of `/api/paddock/…`: what Ollama's API has no word for. Sizes are bytes, times RFC 3339 in UTC. */
import type { ErrorCode, WireError } from '#core/errors';
import type { StoreKind } from '#core/store-kind';

/** `GET /api/paddock/models`: `{ models: ModelFacts[] }`, newest first. */
export interface ModelFacts {
  name: string;
  /** 64 hex digits, of the manifest. */
  digest: string;
  /** All blobs. */
  size: number;
  /** Of them, what no other model shares: what a deletion frees. */
  own_size: number;
  modified_at: string;
  last_used: string | null;
  format: string;
  family: string;
  parameter_size: string;
  quantization_level: string;
  /** That the model was trained for; null where its file does not say. */
  context_length: number | null;
  capabilities: string[];
  /** What would pull it again, where its name does not. */
  from: string | null;
  engine: EngineChoice;
  /** A check found a file of it damaged: it is not loaded until it is repaired. */
  damaged: boolean;
}

/** The engine that would run a model. */
export interface UsableEngine {
  engine: 'paddock' | 'wllama' | 'webllm' | 'fake';
  backend: 'webgpu' | 'wasm';
  /** What it leaves out, or why it is not another. */
  reason?: string;
}

/** The engine that would run a model, or why none can. */
export type EngineChoice = UsableEngine | { engine: null; reason: string };

/** One pull of the queue. */
export interface PullJob {
  /** As it is called here: `smollm2:135m`, `hf.co/user/repo:Q4_K_M`. */
  model: string;
  state: 'queued' | 'running' | 'paused' | 'failed' | 'done';
  /** Ollama's status of a running one, such as `pulling manifest`. */
  status: string;
  completed: number;
  /** 0 while unknown. */
  total: number;
  /** Bytes a second and seconds left of a running one, once there is enough to say. */
  rate: number | null;
  seconds_left: number | null;
  added_at: string;
  error?: WireError;
  /** Of a running one, while nothing comes: its next try is not due yet. */
  waiting?: PullWait;
  /** Somebody's `POST /api/pull`: it ends with that request, and only there can it be stopped. */
  api?: true;
}

/** Why a pull waits, and for how long in all: it tells no more until the wait is over. */
export interface PullWait {
  error: WireError;
  seconds: number;
  /** The number of the try that comes, from 2, and of the last. */
  next_try: number;
  tries: number;
}

/** What a pull of an MLC model may say beside its name. */
export interface LibraryWords {
  /** An address, or the digest of a file that is here. */
  library?: string;
  /** The digest of one that has changed at its address, and is agreed to. */
  accept_library?: string;
}

/** Pulls at once: more share the same line, and each holds memory. */
export const MAX_PARALLEL_PULLS = 8;

/**
 * `GET /api/paddock/pulls`; with `?stream=true` one a line, now and at each change, at most every 60 ms.
 * `POST` of `{ model, insecure?, library?, accept_library?, force? }` adds one (or resumes the one that is there) and
 * answers it as `{ pull }`; the last three are for MLC models: `library` an address or the digest of a stored file,
 * `accept_library` the digest of one that changed, `force` for what this device cannot run.
 * `POST /api/paddock/pulls/pause`, `…/resume`, `…/cancel` of `{ model }`; `…/limit` of `{ parallel }`. A cancelled pull
 * leaves no bytes, a paused one keeps them; one that is done stays until `cancel`, or until the host ends. These answer
 * the queue.
 */
export interface PullQueue {
  /** In their order. */
  pulls: PullJob[];
  /** Pulls that run at once. */
  parallel: number;
}

/** `POST /api/paddock/resolve` of what a pull takes: what it would fetch; nothing is stored. */
export interface ResolvedPull {
  /** What it will be called here. */
  model: string;
  /** All files. */
  size: number;
  /** What is not here yet. */
  needed: number;
  /** Null where the browser does not say. */
  free: number | null;
  files: { name: string; size: number }[];
  /** Other files of the same repository that a tag chooses, such as `Q4_K_M`. */
  choices: { tag: string; size: number }[];
  /** Of an MLC model: where its library comes from (an address or a digest); null: a pull has to be told. */
  library?: { from: string | null };
  /** Why a pull of it is refused on this device. */
  refused?: WireError;
}

/** `GET /api/paddock/storage`. */
export interface StorageReport {
  kind: StoreKind;
  /** Why it is not OPFS. */
  reason?: string;
  /** Null where the browser does not say. */
  quota: number | null;
  usage: number | null;
  /** Newest first, also those that are not whole. */
  models: StoredModel[];
  /** Finished blobs that no model names. */
  orphans: { count: number; size: number };
  /** Of downloads that have not ended. */
  unfinished: { count: number; size: number };
  /** Manifests that cannot be read. While there is one, nothing is removed by itself: it may need anything. */
  corrupt: number;
  /** Their names, by which they can be deleted, as far as those can be read. */
  corrupt_names: string[];
}

/** What a model takes. */
export interface StoredModel {
  name: string;
  size: number;
  /** Of it, what no other model shares: what a deletion frees. */
  own_size: number;
  last_used: string | null;
  /** As last checked; absent: whole, as far as is known. */
  state?: 'damaged' | 'missing';
}

/**
 * A line of `POST /api/paddock/storage/check` of `{ model? }`, all models without one: each blob is hashed again. The
 * last has `status: "success"` and `damaged`. `…/repair` of `{ model, accept_library? }` fetches what is damaged again
 * and answers as a pull. `…/collect` removes orphans and unfinished blobs that no queued pull needs: `{ removed, size }`.
 */
export interface CheckLine {
  status: string;
  /** Bytes hashed so far, of `total`. */
  completed?: number;
  total?: number;
  /** Models with a blob that is damaged or missing. */
  damaged?: { model: string; blobs: { digest: string; state: 'damaged' | 'missing' }[] }[];
}

/** `POST /api/paddock/inspect?file=NAME`, whose body is the file: what a GGUF says of itself. Nothing is stored. */
export interface FileFacts {
  kind: 'model' | 'projector' | 'adapter';
  /** What it may be called, such as `smollm2-135m-instruct:q4_1`. */
  name: string;
  architecture: string;
  parameter_size: string;
  quantization_level: string;
  /** Of a model in several files, from 1. */
  part: { number: number; of: number } | null;
}

/**
 * A line of `POST /api/paddock/blobs`, whose body is the file: stored under the digest that is found. The last has
 * `status: "success"`. With `?digest=sha256:…` it has to be that one, and is not read again where it is here; without,
 * it has to be a GGUF or a WebAssembly module (an MLC model's library), which is looked at before a byte is stored.
 * `?kind=` of an MLC model's file (`MlcFileKind`) says what it is: a `library` has to be WebAssembly, others are not
 * looked at before they have a name. `POST /api/paddock/libraries` of `{ library, accept_library? }` answers the same:
 * it fetches a library from its address, by which its digest is known from then on.
 */
export interface StoreLine {
  status: string;
  completed?: number;
  total?: number;
  /** `sha256:…`, in the last. */
  digest?: string;
}

/** Of an MLC model: its shards, its texts, and its library. */
export type MlcFileKind = 'tensor' | 'json' | 'library';

/**
 * `POST /api/paddock/manifests` installs blobs that are here: `{ name, manifest }` a manifest as text, byte for byte,
 * `{ name, files }` GGUF files, or all that an MLC model has, of which a manifest is made. An MLC model passes what a
 * pull of it does, with `accept_library` and `force` of a pull, and `library` where its library was fetched from an
 * address. Answers `{ status: "success" }`.
 */
export interface InstallFile {
  /** `sha256:…` */
  digest: string;
  kind: FileFacts['kind'] | MlcFileKind;
  /** The file's own. */
  name: string;
}

/** `POST /api/paddock/files` of `{ model }`: `{ files: ModelFile[] }`, which a model goes back to disk as. */
export interface ModelFile {
  /** Such as `smollm2-135m.gguf`; an MLC model's files have names of their own. */
  name: string;
  kind: FileFacts['kind'] | MlcFileKind;
  /** `sha256:…` */
  digest: string;
  size: number;
}

/** Of a graphics adapter, what decides whether a model runs on it; WebGPU's limits under their meanings. */
export interface AdapterLimits {
  name: string;
  /** `shader-f16` */
  f16: boolean;
  software: boolean;
  /** True: software, and not found faster than this device's CPU. Nothing is run on it unasked. */
  slow: boolean;
  /** `maxBufferSize`, bytes. */
  max_buffer: number;
  /** `maxStorageBufferBindingSize`, bytes. */
  max_binding: number;
  /** `maxComputeWorkgroupStorageSize`, bytes. */
  workgroup_storage: number;
  /** `maxStorageBuffersPerShaderStage` */
  storage_buffers: number;
}

/** `GET /api/paddock/limits`: what this browser gives, measured. */
export interface DeviceLimits {
  /** Threads that a runner may use; 1 without isolation. */
  threads: number;
  isolated: boolean;
  /** The largest 32-bit memory that could be reserved. */
  memory32: number;
  /** `navigator.deviceMemory` in bytes; null where the browser does not say. It is capped. */
  device_memory: number | null;
  /** Null: no adapter. */
  adapter: AdapterLimits | null;
  /** Null where the browser does not say. */
  free_storage: number | null;
}

/** What a browser calls itself and its system, as far as it says. */
export interface BrowserFacts {
  /** `Chrome`, `Edge`, `Firefox`, `Safari`, …; `unknown`. */
  name: string;
  /** Empty where it is not known. */
  version: string;
  mobile: boolean;
  /** `Windows`, `macOS`, `Linux`, `ChromeOS`, `Android`, `iOS`, `iPadOS`; `unknown`. */
  system: string;
  system_version: string | null;
  /** `x86`, `arm`. */
  architecture: string | null;
}

/** Why no adapter is given; `refused`: the browser was asked and reported an error. */
export type NoAdapterReason = 'insecure' | 'no_webgpu' | 'no_adapter' | 'refused';

/** What WebGPU says of the adapter; empty texts where the browser does not tell. */
export interface AdapterFacts {
  vendor: string;
  architecture: string;
  device: string;
  description: string;
  /** Sorted. */
  features: string[];
  /** All of them, by WebGPU's names. */
  limits: Record<string, number>;
  /** The largest buffer that was really made, in bytes; null: see `failed`. */
  largest_buffer: number | null;
}

/** Parts of WebAssembly that engines use, each true where this browser has it. */
export interface WasmFeatures {
  simd: boolean;
  relaxed_simd: boolean;
  /** Shared memory and atomics; to use them takes isolation too. */
  threads: boolean;
  exceptions: boolean;
  memory64: boolean;
  /** JavaScript's promises, awaited by WebAssembly. */
  jspi: boolean;
}

/** What a device report measures on its own, each of which may fail alone. */
export type Measurement = 'adapter' | 'contest' | 'buffer' | 'storage';

/**
 * `GET /api/paddock/device`: the limits, and what else the browser says of this device. Measured once; `POST` measures
 * again, but for the contest of adapter and CPU. What failed is null, and `failed` says why.
 */
export interface DeviceReport extends DeviceLimits {
  /** RFC 3339, UTC. */
  measured_at: string;
  browser: BrowserFacts;
  languages: string[];
  webgpu: { missing: NoAdapterReason | null; adapter: AdapterFacts | null };
  wasm: WasmFeatures;
  /** Logical ones. */
  cores: number;
  /** Why threads may not share memory; null: they may. */
  not_isolated: 'insecure' | 'headers' | null;
  storage: {
    kind: StoreKind;
    /** Why it is not OPFS. */
    reason?: string;
    /** Bytes; null where the browser does not say. */
    quota: number | null;
    usage: number | null;
    /** False: the browser may evict the data when space runs short. */
    persisted: boolean | null;
  };
  versions: { paddock: string; protocol: number; webllm: string; wllama: string };
  failed: Partial<Record<Measurement, string>>;
}

/** `GET /api/paddock/tokens`: the hosts alone. `POST` of `{ host, token }`; a token of `null` forgets it. */
export interface TokenHosts {
  hosts: string[];
}

/** `GET /api/paddock/hub`, and `POST` of the same; null: the hub itself. An address without a slash at its end. */
export interface HubSetting {
  mirror: string | null;
}

/**
 * `GET /api/paddock/requests`: the log of requests. It is off until `POST` of `{ on: true }`; switching it off forgets
 * it, as `DELETE` does. All three answer the same. It lies in the host's memory and nowhere else.
 */
export interface RequestLog {
  on: boolean;
  /** The last 200 that began while it was on, newest first; neither its own nor `GET /api/paddock/…`. */
  requests: LoggedRequest[];
}

/** Null where there was no model, or where it told none: a reply that was stopped. */
export interface RequestTokens {
  prompt_tokens: number | null;
  eval_tokens: number | null;
}

/** What is kept of a request: nothing of what it, or its answer, said. */
export interface LoggedRequest extends RequestTokens {
  /** Counts up while the host lives. */
  id: number;
  /** When it came. */
  at: string;
  method: string;
  /** From the site's folder, without its query. */
  path: string;
  /** As the request spelled it. */
  model: string | null;
  /** Null while it is answered; 499 for one that was stopped, the error's own for a stream that ended in one. */
  status: number | null;
  /** Of an error. */
  code: ErrorCode | null;
  /** Milliseconds from its coming to the end of its answer; null while it is answered. */
  ms: number | null;
}

/**
 * `POST /api/paddock/count`, whose body is one for `/api/chat`. Nothing is read or loaded; it waits for a reply of the
 * model that is under way. Not loaded: or loaded with other options, such as another `num_ctx`.
 */
export type CountAnswer = { loaded: false } | CountedPrompt;

export interface CountedPrompt {
  loaded: true;
  model: string;
  /** Tokens, without the messages that go, and before a middle is cut. */
  prompt_eval_count: number;
  context_length: number;
  /** The oldest messages that would not be read. */
  dropped: number;
  /** What is left is longer than the context: its middle would go, or with `shift: false` it is refused. */
  cut: boolean;
}
