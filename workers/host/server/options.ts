/** Ollama's `options`: known names with their types and defaults; unknown names are ignored with a log. */
import type { LoadOptions, SamplingOptions } from '#core/engine';
import { badRequest } from './body';

type Kind = 'integer' | 'float32' | 'boolean' | 'array of strings' | readonly string[];

/** Source: ollama, api/types.go (`Options`, `Runner`); `kv_cache_type` is its OLLAMA_KV_CACHE_TYPE. */
const KINDS: Record<string, Kind> = {
  num_ctx: 'integer',
  num_batch: 'integer',
  num_gpu: 'integer',
  main_gpu: 'integer',
  use_mmap: 'boolean',
  num_thread: 'integer',
  kv_cache_type: ['f16', 'q8_0'],
  num_keep: 'integer',
  seed: 'integer',
  num_predict: 'integer',
  top_k: 'integer',
  top_p: 'float32',
  min_p: 'float32',
  typical_p: 'float32',
  repeat_last_n: 'integer',
  temperature: 'float32',
  repeat_penalty: 'float32',
  presence_penalty: 'float32',
  frequency_penalty: 'float32',
  stop: 'array of strings',
};

/** Source: ollama, api/types.go, `DefaultOptions`. A `seed` of -1 means a new one each time. */
const DEFAULTS = {
  num_predict: -1,
  temperature: 0.8,
  top_k: 40,
  top_p: 0.9,
  min_p: 0,
  typical_p: 1,
  repeat_last_n: 64,
  repeat_penalty: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  seed: -1,
} satisfies SamplingOptions;

export interface Options {
  load: LoadOptions;
  sampling: SamplingOptions;
}

/** The defaults, the model's `params` layer and the request's options, later ones over earlier. */
export function resolveOptions(params: unknown, asked: unknown): Options {
  const merged = { ...DEFAULTS, ...checked(params), ...checked(asked) } as Record<string, unknown>;
  const { num_ctx, num_batch, num_gpu, num_thread, kv_cache_type, ...rest } = merged;
  const load: LoadOptions = {
    num_ctx: atLeast((num_ctx as number | undefined) ?? 0, 4),
    num_batch: num_batch as number | undefined,
    num_gpu: (num_gpu as number | undefined) ?? -1,
    num_thread: (num_thread as number | undefined) ?? 0,
    kv_cache_type: kv_cache_type as LoadOptions['kv_cache_type'],
  };
  for (const loadTime of ['main_gpu', 'use_mmap']) delete rest[loadTime];
  return { load, sampling: rest };
}

/** 0 stays: it means automatic. */
function atLeast(value: number, least: number): number {
  return value === 0 ? 0 : Math.max(value, least);
}

function checked(options: unknown): Record<string, unknown> {
  if (options === undefined || options === null) return {};
  if (typeof options !== 'object' || Array.isArray(options)) {
    throw badRequest('"options" must be an object');
  }
  const known: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (value === null) continue;
    const kind = KINDS[name];
    if (!kind) console.warn(`invalid option provided: ${name}`);
    else if (!isKind(value, kind)) throw badRequest(`option "${name}" must be ${wanted(kind)}`);
    else known[name] = value;
  }
  return known;
}

/** `of type integer`, `"f16" or "q8_0"`. */
function wanted(kind: Kind): string {
  if (typeof kind === 'string') return `of type ${kind}`;
  return kind.map((value) => JSON.stringify(value)).join(' or ');
}

function isKind(value: unknown, kind: Kind): boolean {
  if (typeof kind !== 'string') return typeof value === 'string' && kind.includes(value);
  if (kind === 'integer') return Number.isInteger(value);
  if (kind === 'float32') return typeof value === 'number';
  if (kind === 'boolean') return typeof value === 'boolean';
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
