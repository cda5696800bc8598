/** Ollama's `options`: known names with their types and defaults; unknown names are ignored with a log. */
import type { LoadOptions, SamplingOptions } from '#core/engine';
import { leftOutBy } from '#core/engine-options';
import { isOfKind, kindText, parameterKind, type ParameterKind } from '#core/parameters';
import { badRequest, brief } from './body';

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
  /** Those that the model or the request sets: all others are Ollama's defaults. */
  named: string[];
}

/** The defaults, the model's `params` layer and the request's options, later ones over earlier. */
export function resolveOptions(params: unknown, asked: unknown): Options {
  const given = { ...checked(params), ...checked(asked) };
  const merged: Record<string, unknown> = { ...DEFAULTS, ...given };
  const { num_ctx, num_batch, num_gpu, num_thread, kv_cache_type, ...rest } = merged;
  const load: LoadOptions = {
    num_ctx: atLeast((num_ctx as number | undefined) ?? 0, 4),
    num_batch: num_batch as number | undefined,
    num_gpu: (num_gpu as number | undefined) ?? -1,
    num_thread: (num_thread as number | undefined) ?? 0,
    kv_cache_type: kv_cache_type as LoadOptions['kv_cache_type'],
  };
  for (const loadTime of ['main_gpu', 'use_mmap', 'draft_num_predict']) delete rest[loadTime];
  return { load, sampling: rest, named: Object.keys(given) };
}

/** Tells the log, once a request, what of its options has no effect with the engine that answers it. */
export function noteLeftOut({ named }: Options, engine: string): void {
  const left = leftOutBy(engine).filter((name) => named.includes(name));
  if (left.length > 0) console.warn(`The engine ${engine} leaves out: ${left.join(', ')}.`);
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
    const kind = parameterKind(name);
    if (!kind) console.warn(`invalid option provided: ${brief(name)}`);
    else known[name] = typed(name, value, kind);
  }
  return known;
}

/** Ollama drops what stands behind the point of an integer. @throws PaddockError `bad_request`, in its words */
function typed(name: string, value: unknown, kind: ParameterKind): unknown {
  if (kind === 'integer' && Number.isFinite(value)) return Math.trunc(value as number);
  if (isOfKind(value, kind)) return value;
  const list = kind === 'array of strings';
  if (list && Array.isArray(value)) throw badRequest(`option "${name}" must be of an ${kind}`);
  throw badRequest(`option "${name}" must be ${list ? 'of type array' : kindText(kind)}`);
}
