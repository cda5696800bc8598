/** Whether a model fits this machine, by arithmetic from measured limits; before a download nothing of it is read. */
import type { GgufEngine } from '#core/engine';
import type { DeviceLimits } from '#core/paddock-api';
import type { Shape } from '#core/catalogue/catalogue';

/** What the sum needs to know of a model. */
export interface FitModel {
  /** Bytes of all files. */
  size: number;
  parameters: number;
  /** Tokens that it was trained for. */
  context: number;
  shape?: Shape;
  /** As Ollama names them; absent: nobody knows. */
  capabilities?: readonly string[];
}

/** Bytes; what would be claimed for a context of so many tokens. */
export interface FitSum {
  /** Tokens. */
  context: number;
  weights: number;
  cache: number;
  /** One token's share of the cache. */
  cachePerToken: number;
  /** Room for the values between the layers. */
  compute: number;
  total: number;
  /** The cache by the model's shape, not from its parameters. */
  byShape: boolean;
}

export interface Fit {
  verdict: 'fits' | 'smaller' | 'no' | 'unknown';
  /** At the context that is offered; where none fits, at the smallest one. */
  sum: FitSum;
  /** Bytes of memory for it: the most that is known to be there; 0 where nothing is. */
  memory: number;
  /** It is a graphics adapter's, which browsers do not tell: half of the device's is counted; who runs it there. */
  graphics?: 'webllm' | 'paddock';
  /** Bytes of storage; null where the browser does not say. */
  storage: number | null;
  /** Bytes that are missing, with `no`. */
  missing?: { memory?: number; storage?: number };
}

const GIB = 1024 ** 3;
/** Tokens: the automatic context (`runner/engines/auto-context.ts`), the least a chat needs, and the step between. */
export const WANTED = 4096;
export const SMALLEST = 512;
const STEP = 256;
/** Of one memory of ours, and of all of a model's (`paddock/load/fit.ts`). */
const OWN_MEMORY = 3.5 * GIB;
const OWN_TOTAL = 14 * GIB;
/** `navigator.deviceMemory` says no more than this, so at this it says "at least". */
export const DEVICE_CAP = 8 * GIB;
/** A thread's staging and scratch in our engine. */
const PER_THREAD = 1.2e6;
/** Tokens that a run of a prompt takes at once. */
export const CHUNK: Record<GgufEngine, number> = { paddock: 64, wllama: 512 };

/** What `model` would claim on `engine` with a context of `context` tokens. */
export function fitSum(
  model: FitModel,
  engine: GgufEngine,
  context: number,
  threads: number,
): FitSum {
  const cachePerToken = perToken(model, engine);
  const sum = { weights: model.size, cache: cachePerToken * context, ...compute() };
  return {
    ...sum,
    context,
    cachePerToken,
    total: sum.weights + sum.cache + sum.compute,
    byShape: model.shape !== undefined,
  };

  function compute(): { compute: number } {
    const vocabulary = vocabularyOf(model);
    const rows = rowBytes(model, CHUNK[engine]);
    // llama.cpp keeps room for the probabilities of a whole run, ours for one token's.
    return engine === 'paddock'
      ? { compute: rows + 4 * vocabulary + PER_THREAD * threads }
      : { compute: rows + 4 * vocabulary * CHUNK.wllama };
  }
}

/** Tokens that it chooses from, or may; what makes embeddings alone chooses none, and has no room for their logits. */
export function vocabularyOf({ shape, capabilities = [] }: FitModel): number {
  if (capabilities.includes('embedding') && !capabilities.includes('completion')) return 0;
  return shape?.vocabulary ?? 128_000;
}

/** Bytes of what a layer makes of `tokens`; it grows with the root of the parameters: 1.2 MB of 64 for 135 million, 6.9 MB for 4 billion. */
export function rowBytes({ parameters }: FitModel, tokens: number): number {
  return (100 * Math.sqrt(parameters) * tokens) / 64;
}

/** Keys and values of one token, in bytes. */
export function perToken({ shape, parameters }: FitModel, engine: GgufEngine): number {
  // The middle of what small models have: 12 kB for half a billion parameters, 110 kB for four.
  if (!shape) return 30_000 * (parameters / 1e9) ** 0.7;
  // Ours keeps the step of each row beside its 16-bit integers; llama.cpp has 16-bit floats.
  const row = engine === 'paddock' ? 2 * shape.headSize + 4 : 2 * shape.headSize;
  return 2 * shape.layers * shape.keyValueHeads * row;
}

/**
 * The verdict on `model`, run by `engine`.
 * @param stored true: its files are here, so no storage is needed
 */
export function fit(
  model: FitModel,
  engine: GgufEngine,
  limits: DeviceLimits,
  stored = false,
): Fit {
  const { certain, possible } = memoryFor(engine, limits);
  const wanted = Math.min(WANTED, model.context);
  const sumOf = (context: number) => fitSum(model, engine, context, limits.threads);
  const whole = sumOf(wanted);
  const smaller = largestContext(sumOf, wanted, certain);
  const answer = (verdict: Fit['verdict'], sum: FitSum, missingMemory = 0): Fit =>
    withStorage({ verdict, sum, memory: certain }, missingMemory, model.size, limits, stored);
  if (whole.total <= certain) return answer('fits', whole);
  // More than is sure is there, and nobody says that it is not.
  if (whole.total <= possible) return answer('unknown', whole);
  if (smaller) return answer('smaller', smaller);
  const least = sumOf(Math.min(SMALLEST, wanted));
  if (least.total <= possible) return answer('unknown', least);
  return answer('no', least, least.total - certain);
}

/**
 * A verdict on memory, with the one on storage: of `size` bytes, where they are not here yet.
 * @param missingMemory bytes, with `no`
 */
export function withStorage(
  fit: Omit<Fit, 'storage' | 'missing'>,
  missingMemory: number,
  size: number,
  { free_storage: storage }: Pick<DeviceLimits, 'free_storage'>,
  stored: boolean,
): Fit {
  const noSpace = !stored && storage !== null && storage < size ? size - storage : 0;
  if (noSpace === 0 && fit.verdict !== 'no') return { ...fit, storage };
  const missing = {
    ...(missingMemory > 0 && { memory: missingMemory }),
    ...(noSpace > 0 && { storage: noSpace }),
  };
  return { ...fit, verdict: 'no', storage, missing };
}

/** The sum of the largest context below `wanted` that takes at most `bytes`; undefined: not even the smallest. */
export function largestContext(
  sumOf: (context: number) => FitSum,
  wanted: number,
  bytes: number,
): FitSum | undefined {
  const { total, cache, cachePerToken } = sumOf(wanted);
  const tokens = cachePerToken > 0 ? (bytes - (total - cache)) / cachePerToken : 0;
  const context = Math.floor(tokens / STEP) * STEP;
  return context >= SMALLEST ? sumOf(Math.min(context, wanted)) : undefined;
}

/** Bytes that are there as measured, and that may be there. */
function memoryFor(
  engine: GgufEngine,
  limits: DeviceLimits,
): { certain: number; possible: number } {
  const { memory32, device_memory: device } = limits;
  const known = device !== null && device < DEVICE_CAP;
  const most = known ? device : OWN_TOTAL;
  const one = Math.min(memory32, most);
  // Our engine takes several memories where one is not enough; llama.cpp one, which may be larger than 32 bits reach.
  if (engine === 'wllama') return { certain: one, possible: memory32 < OWN_MEMORY ? one : most };
  if (memory32 < OWN_MEMORY) return { certain: one, possible: one };
  const sure = device === null ? one : Math.min(device, DEVICE_CAP, OWN_TOTAL);
  return { certain: Math.max(one, sure), possible: Math.max(one, most) };
}
