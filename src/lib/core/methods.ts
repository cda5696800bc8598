/** Who offers what over a port: the method tables of host, puller and runner. */
import type { Digest } from '#core/digest';
import type { Bandwidth, Sample } from '#core/bench/run';
import type {
  ChatMessage,
  ChatParams,
  CompleteParams,
  EmbedParams,
  Embeddings,
  EngineChunk,
  EngineInfo,
  EngineNote,
  LoadOptions,
  LoadProgress,
  PromptCount,
  RunnerModel,
} from '#core/engine';
import type { WireError } from '#core/errors';
import type { DeviceLimits, DeviceReport } from '#core/paddock-api';

/** First the head, then the body's bytes. */
export type FetchChunk =
  | { type: 'head'; status: number; headers: [string, string][] }
  | { type: 'body'; bytes: Uint8Array<ArrayBuffer> };

export interface FetchParams {
  method: string;
  /** Absolute. */
  url: string;
  /** The caller's site, which ends in `/`: its paths count from there, and it may be another folder's than the host's. */
  site: string;
  headers: [string, string][];
  /** A Blob is handed on as it is: a file's bytes are in nobody's memory on the way. */
  body: ArrayBuffer | Blob | null;
}

/** What every port to the host offers: tabs' and the service worker's. */
export interface HostPortMethods {
  /**
   * Who asks: a lock that it holds for life, so that its calls end with it; null: it cannot tell. Who answers: its
   * lock, to wait for its end, and the protocol of its build (`PROTOCOL`).
   */
  hello: {
    params: { lock: string } | null;
    chunk: never;
    result: { lock: string; protocol: number };
  };
  /** HTTP. */
  fetch: { params: FetchParams; chunk: FetchChunk; result: void };
  /** A file of an installed model, as it is stored: no byte is copied before it is read. */
  blob: { params: { model: string; digest: string }; chunk: never; result: Blob };
}

/** What the page asks the host for, wherever it is. */
export type HostRequests = Pick<HostPortMethods, 'fetch' | 'blob'>;

export interface HostStart {
  /** Ends in `/`. */
  siteUrl: string;
  /** Held by the host for life. */
  lock: string;
  /** True: nothing but the site's own origin may be asked for anything. */
  networkOff: boolean;
}

/**
 * What the leader's page alone may ask of its worker: `start` once; `attach` for each port that others bring; `online`
 * when the browser has the network again, which Chromium (156) tells pages and not their workers; `visible` at the
 * start and at each change, since what a hidden page's workers do is slowed down.
 */
export interface HostMethods extends HostPortMethods {
  start: { params: HostStart; chunk: never; result: void };
  attach: { params: { port: MessagePort }; chunk: never; result: void };
  online: { params: null; chunk: never; result: void };
  visible: { params: boolean; chunk: never; result: void };
}

/** One part of a blob: a file of its own, or a whole blob. */
export interface TransferPart {
  url: string;
  digest: Digest;
  /** Bytes. */
  size: number;
}

/** Where a blob's bytes are. */
export type BlobOrigin =
  /**
   * One file, of which ranges may be asked for. `headers` go to this address's host alone, and into no log. `strict`:
   * answers that do not say which version they are of are not joined, since nobody knows the digest.
   */
  | { kind: 'file'; url: string; headers?: Record<string, string>; strict?: true }
  /** A file of its own each, in their order, all at one host. `headers` as above. */
  | { kind: 'parts'; parts: TransferPart[]; headers?: Record<string, string> }
  /** From this device's disk. */
  | { kind: 'bytes'; blob: Blob };

/** What an earlier session left of a blob. */
export interface KeptParts {
  /** Each part's digest, published or observed; null where the part is missing. */
  parts: (Digest | null)[];
  /** How many parts, from the first, are in `hashState`. */
  hashed: number;
  /** The state of the blob's SHA-256 after those parts (hash-wasm's `save()`). */
  hashState: Uint8Array<ArrayBuffer> | null;
  /** What the host called this version of the file (`ETag`, or `Last-Modified`); null where it said nothing. */
  validator: string | null;
}

export interface TransferParams {
  /** Under which the unfinished blob is kept: its digest, or what stands for it while nobody knows it. */
  key: Digest;
  /** Null: it is what arrives. */
  digest: Digest | null;
  /** Bytes. */
  size: number;
  origin: BlobOrigin;
  /** Bytes, a multiple of 1 MiB: how a file is cut. Published parts have sizes of their own. */
  partSize: number;
  kept: KeptParts | null;
  /** True: this host has no ranges, so the file comes whole, from its first byte. */
  whole: boolean;
  /** False: the digest is known, and two answers of one file bore different validators before. */
  validate: boolean;
  /** A damaged blob and the digests that its parts should have: what still agrees is taken from it. */
  repair: { blob: Blob; parts: Digest[] } | null;
  /** Blobs that are there and known to be wrong: what comes with such a digest takes their place. */
  damaged?: Digest[];
}

export type TransferChunk =
  /** Comes first: what of the ledger is true, which may be less than it says. */
  | {
      type: 'resumed';
      parts: (Digest | null)[];
      hashed: number;
      hashState: Uint8Array<ArrayBuffer> | null;
    }
  /** Bytes of the blob that have arrived; at most every 60 ms. */
  | { type: 'progress'; completed: number }
  /** This part is flushed, and verified where its digest was known; the ledger may say so. */
  | {
      type: 'part';
      index: number;
      digest: Digest;
      hashed: number;
      hashState: Uint8Array<ArrayBuffer> | null;
      validator: string | null;
    }
  /** Nothing comes before the next try; null: it begins. */
  | { type: 'waiting'; wait: TransferWait | null }
  /** All parts are there; the whole digest is compared next. */
  | { type: 'verifying' }
  /** What a blob was found to be whose digest nobody told; it is committed next, whoever still listens. */
  | { type: 'found'; digest: Digest };

/** A host that could not be asked, or wants a pause, is asked again. */
export interface TransferWait {
  error: WireError;
  /** Milliseconds until then. */
  again: number;
  /** The number of the try that comes, of `tries` in all; one that brings a part begins the count anew. */
  next: number;
  tries: number;
}

/** The committed blob, and its parts' digests. */
export interface Transferred {
  digest: Digest;
  parts: Digest[];
}

export interface PullerMethods {
  /** What may be asked, from now on; said before each transfer, and again when it is switched. */
  network: { params: { off: boolean }; chunk: never; result: void };
  transfer: { params: TransferParams; chunk: TransferChunk; result: Transferred };
}

/** The puller's own helper, so that hashing, fetching and storing overlap. One blob each. */
export interface HasherMethods {
  /** False for a state of another build of hash-wasm, which refuses it. */
  load: { params: Uint8Array; chunk: never; result: boolean };
  /** The buffer comes back as the chunk. */
  update: {
    params: Uint8Array<ArrayBuffer>;
    chunk: Uint8Array<ArrayBuffer>;
    result: void;
  };
  save: { params: null; chunk: never; result: Uint8Array<ArrayBuffer> };
  digest: { params: null; chunk: never; result: Digest };
}

/** The limits' worker: it lives for one call, since what it reserved is free only when it ends. */
export interface MeasureMethods {
  /** `slow`: what an earlier contest of adapter and CPU found; null lets one be held where there is need. */
  measure: { params: { slow: boolean | null }; chunk: never; result: MeasuredLimits };
  inspect: { params: null; chunk: never; result: InspectedDevice };
  /** What a benchmark compares with: takes some three seconds, and all cores. */
  bandwidth: { params: null; chunk: never; result: Bandwidth };
}

export interface MeasuredLimits {
  limits: Omit<DeviceLimits, 'free_storage'>;
  failed: DeviceReport['failed'];
}

/** What a worker sees of the device beside its limits. */
export type InspectedDevice = Pick<
  DeviceReport,
  'browser' | 'languages' | 'webgpu' | 'wasm' | 'cores' | 'not_isolated' | 'failed'
> & { persisted: boolean | null };

/** What a stored blob is found to be; `missing`: there is none. */
export type BlobState = 'ok' | 'damaged' | 'missing';

/** What a puller's worker offers besides; the store is only read. */
export interface CheckMethods {
  /** Hashes a stored blob again. Chunks: bytes so far, at most every 60 ms. */
  check: { params: { digest: Digest; size: number }; chunk: number; result: BlobState };
}

export interface RunnerMethods {
  /** Ends when the runner holds `lock`, which it keeps for life. */
  start: { params: { lock: string }; chunk: never; result: void };
  /** `notes`: what an engine noted of these weights at earlier loads. Chunks: progress, and what it notes at this one. */
  load: {
    params: { model: RunnerModel; options: LoadOptions; notes?: EngineNote[] };
    chunk: LoadProgress | EngineNote;
    result: EngineInfo;
  };
  chat: { params: ChatParams; chunk: EngineChunk; result: void };
  complete: { params: CompleteParams; chunk: EngineChunk; result: void };
  /** @throws PaddockError `not_supported` by a model that makes none */
  embed: { params: EmbedParams; chunk: never; result: Embeddings };
  /** What a benchmark needs: a text's tokens, as `complete` would read them. */
  count: { params: ChatParams; chunk: never; result: PromptCount };
  tokenize: { params: { text: string }; chunk: never; result: number[] };
  /** One repetition, by this worker's clock. Chunks: tokens, as they come. */
  measure: { params: MeasureParams; chunk: MeasureChunk; result: Measured };
}

export interface MeasureParams {
  /** A prompt as it is, or a chat. */
  prompt: readonly number[] | { messages: ChatMessage[] };
  /** Tokens to generate, greedily, behind whatever ends a text too; in a chat at most, and the end ends it. */
  generate: number;
  /** Tokens of the prompt that may stay from the call before (a depth); nothing else is taken from a cache. */
  keep?: number;
  /** Tell which tokens came. */
  ids?: boolean;
}

export interface MeasureChunk {
  /** 0: another part of the prompt was read. */
  tokens: number;
}

export interface Measured {
  sample: Omit<Sample, 'startedMs'>;
  /** With `ids`. */
  ids?: number[];
  /** Milliseconds: the smallest step that this worker's clock was seen to make. */
  clockMs: number;
}
