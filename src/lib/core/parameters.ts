/** Ollama's parameters, of options and of Modelfiles: names and types. */

export type ParameterKind =
  | 'integer'
  | 'float32'
  | 'boolean'
  | 'array of strings'
  | readonly string[];

/** Source: ollama, api/types.go (`Options`, `Runner`); `kv_cache_type` is its OLLAMA_KV_CACHE_TYPE. */
const KINDS = new Map<string, ParameterKind>(
  Object.entries<ParameterKind>({
    num_ctx: 'integer',
    num_batch: 'integer',
    num_gpu: 'integer',
    main_gpu: 'integer',
    use_mmap: 'boolean',
    num_thread: 'integer',
    draft_num_predict: 'integer',
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
  }),
);

/** Modelfiles may have them; they do nothing any more. */
const DEPRECATED = new Set([
  'penalize_newline',
  'low_vram',
  'f16_kv',
  'logits_all',
  'vocab_only',
  'use_mlock',
  'mirostat',
  'mirostat_tau',
  'mirostat_eta',
]);

export const PARAMETER_NAMES: readonly string[] = [...KINDS.keys()];

/** Undefined for a name that is not known. */
export function parameterKind(name: string): ParameterKind | undefined {
  return KINDS.get(name);
}

export function isDeprecated(name: string): boolean {
  return DEPRECATED.has(name);
}

/** `of type integer`, `"f16" or "q8_0"`. */
export function kindText(kind: ParameterKind): string {
  if (typeof kind === 'string') return `of type ${kind}`;
  return kind.map((value) => JSON.stringify(value)).join(' or ');
}

export function isOfKind(value: unknown, kind: ParameterKind): boolean {
  if (typeof kind !== 'string') return typeof value === 'string' && kind.includes(value);
  if (kind === 'integer') return Number.isInteger(value);
  if (kind === 'float32') return Number.isFinite(value);
  if (kind === 'boolean') return typeof value === 'boolean';
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
