/** A worker with our engine on the adapter, for tests. */
import { Caller } from '#core/caller';
import type {
  CompleteParams,
  EngineInfo,
  EngineNote,
  FinalChunk,
  LoadOptions,
  LoadProgress,
  SamplingOptions,
} from '#core/engine';
import type { GpuEngineSettings } from '../../workers/runner/engines/paddock/gpu-engine';
import { randomModel } from '../fixtures/random-model';
import type { ModelOptions } from '../fixtures/random-model/options';
import type { PaddockGpuMethods, Shortcut } from './paddock-worker';

export interface GpuEngine {
  caller: Caller<PaddockGpuMethods>;
  end(): void;
}

export function startEngine(shortcut?: Shortcut): GpuEngine {
  const worker = new Worker(new URL('./paddock-worker.ts', import.meta.url), { type: 'module' });
  const caller = new Caller<PaddockGpuMethods>(worker);
  // Calls are taken in their order.
  if (shortcut) void caller.call('take', shortcut);
  return { caller, end: () => worker.terminate() };
}

export interface Loading {
  options?: Partial<LoadOptions>;
  settings?: GpuEngineSettings;
  notes?: EngineNote[];
  /** How often the adapter finds in the middle of it that it has no memory. */
  overflows?: number;
  signal?: AbortSignal;
  seen?(progress: LoadProgress): void;
}

export async function load(
  { caller }: GpuEngine,
  weights: Blob,
  { signal, seen, ...params }: Loading = {},
): Promise<EngineInfo> {
  const call = caller.call('load', { weights, ...params }, { signal });
  for await (const progress of call) seen?.(progress);
  return call.result;
}

/** Half of the smallest size that every type has blocks for. */
const SIZE = { layers: 2, hidden: 64, feedForward: 128, heads: 4, keyValueHeads: 2, headSize: 32 };

/** A random model whose shaders are few and small; K types need `hidden` and `feedForward` of 256. */
export function tinyModel(options: ModelOptions = {}): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(randomModel({ ...options, size: { ...SIZE, ...options.size } }));
}

/** Logits after the last of each run of `tokens`; what stands before `start` is in the cache. */
export async function forward(
  { caller }: GpuEngine,
  tokens: number[],
  runs: number[],
  start = 0,
): Promise<Float32Array[]> {
  const all: Float32Array[] = [];
  for await (const logits of caller.call('forward', { tokens, runs, start })) all.push(logits);
  return all;
}

export interface Heard {
  text: string;
  ids: number[];
  final: FinalChunk;
}

/** A whole reply. */
export async function complete(
  { caller }: GpuEngine,
  prompt: CompleteParams['prompt'],
  options: SamplingOptions = {},
  signal?: AbortSignal,
): Promise<Heard> {
  let text = '';
  const ids: number[] = [];
  const params = { prompt, options, each: 'ids' } as const;
  for await (const chunk of caller.call('complete', params, { signal })) {
    if (chunk.type === 'final') return { text, ids, final: chunk };
    if (chunk.type !== 'delta') continue;
    text += chunk.content;
    ids.push(...(chunk.ids ?? []));
  }
  throw new Error('the reply has no end');
}
