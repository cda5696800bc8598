/**
 * What this machine's memory allows: a token's pass reads every weight once, and the keys and values so far, so tokens
 * a second cannot be more than bytes a second by bytes a token. Holds where the weights are larger than the caches.
 */
import type { Bandwidth, BenchTest, CandidateResult } from '#core/bench/run';
import type { EngineInfo } from '#core/engine';

export interface Ceiling {
  /** Tokens a second. */
  rate: number;
  /** Bytes a second, as they were measured in this run. */
  bandwidth: number;
  /** Bytes that one token's pass reads, keys and values too. */
  bytes: number;
  /** Of which memory. */
  memory: 'wasm' | 'gpu';
  /** With which the bandwidth was measured, of `wasm`. */
  threads?: number;
  /** By what an adapter's memory was measured, of `gpu`: a sum that only reads, or a copy. */
  by?: 'read' | 'copy';
}

/** Tokens a second of `bandwidth` bytes a second, at `bytes` a token; both above 0. */
export function ceilingRate(bandwidth: number, bytes: number): number {
  return bandwidth / bytes;
}

/** `rate` as a share of the ceiling. */
export function shareOfCeiling(rate: number, { rate: most }: Pick<Ceiling, 'rate'>): number {
  return rate / most;
}

/** Bytes of keys and values of so many tokens, by what the engine claimed for the whole context. */
export function cacheBytes(
  { bytes, contextLength }: Pick<EngineInfo, 'bytes' | 'contextLength'>,
  tokens: number,
): number {
  return contextLength > 0 ? (bytes.cache * Math.min(tokens, contextLength)) / contextLength : 0;
}

/** The ceiling of a test that writes; null for others, and where bandwidth or bytes are not known. */
export function ceilingOf(
  { info, bytesPerToken }: Pick<CandidateResult, 'info' | 'bytesPerToken'>,
  test: BenchTest,
  bandwidth: Bandwidth | null,
): Ceiling | null {
  if (test.kind !== 'tg' || !info || !bandwidth || !bytesPerToken) return null;
  const memory = memoryOf(info, bandwidth);
  if (!memory || memory.bandwidth <= 0) return null;
  // On the average half of what is written lies in front of a token.
  const bytes = bytesPerToken + cacheBytes(info, test.depth + test.tokens / 2);
  return { rate: ceilingRate(memory.bandwidth, bytes), bytes, ...memory };
}

/**
 * An adapter's is the greater of two: both are what its memory gave, and what bounds the lower one is something else. On
 * a software adapter a sum is bound by its arithmetic, 2.2 GB/s where a copy makes 30.
 */
function memoryOfAdapter({
  read,
  copy,
}: NonNullable<Bandwidth['gpu']>): Pick<Ceiling, 'memory' | 'bandwidth' | 'by'> {
  return copy > read
    ? { memory: 'gpu', bandwidth: copy, by: 'copy' }
    : { memory: 'gpu', bandwidth: read, by: 'read' };
}

/**
 * With as many threads as the engine has, or the next more that were measured: fewer would be no bound. Else the most.
 * On a busy machine two threads may read less than one did, and then what one read is the bound.
 */
function memoryOf(
  { backend, threads }: Pick<EngineInfo, 'backend' | 'threads'>,
  { wasm, gpu }: Bandwidth,
): Pick<Ceiling, 'memory' | 'bandwidth' | 'threads' | 'by'> | null {
  if (backend === 'webgpu') return gpu && memoryOfAdapter(gpu);
  const sorted = [...wasm].sort((a, b) => a.threads - b.threads);
  const reach = sorted.findIndex((entry) => entry.threads >= threads);
  const within = reach < 0 ? sorted : sorted.slice(0, reach + 1);
  const best = within.reduce<(typeof sorted)[number] | null>(
    (most, entry) => (most && most.read > entry.read ? most : entry),
    null,
  );
  return best && { memory: 'wasm', bandwidth: best.read, threads: best.threads };
}
