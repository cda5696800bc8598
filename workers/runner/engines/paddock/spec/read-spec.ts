/** Reads what the graph needs from a GGUF header, and refuses what it would compute wrongly. */
import type { GgufHeader } from '#core/gguf';
import { PaddockError } from '#core/errors';
import type { ModelSpec, RopeSpec } from './model-spec';

const ARCHITECTURES = ['llama', 'qwen2', 'qwen3'] as const;

/** Keys that change the forward pass in ways this graph does not have, with the value that changes nothing. */
const NEUTRAL: [key: string, neutral: number][] = [
  ['expert_count', 0],
  ['logit_scale', 1],
  ['residual_scale', 1],
  ['embedding_scale', 1],
  ['attention.scale', 0],
  ['attention.clamp_kqv', 0],
  ['attention.max_alibi_bias', 0],
  ['rope.scaling.attn_factor', 1],
];

export function notSupported(what: string): PaddockError {
  return new PaddockError('not_supported', `Paddock's own engine cannot run this model: ${what}.`);
}

export function unreadableModel(why: string): PaddockError {
  return new PaddockError('model_unreadable', `This model file is damaged: ${why}.`);
}

/**
 * @param factors of `rope_freqs.weight`, where the file has it
 * @throws PaddockError `not_supported` or `model_unreadable`, naming the key
 */
export function readSpec(header: GgufHeader, factors?: Float32Array): ModelSpec {
  const architecture = ARCHITECTURES.find((known) => known === header.architecture);
  if (!architecture) throw notSupported(`its architecture is "${header.architecture}"`);
  const keys = new Keys(header);
  for (const [key, neutral] of NEUTRAL) {
    const value = keys.optional(key);
    if (value !== undefined && value !== neutral) {
      throw notSupported(`"${architecture}.${key}" is ${value}`);
    }
  }
  const hidden = keys.count('embedding_length');
  const heads = keys.count('attention.head_count');
  const keyValueHeads = keys.count('attention.head_count_kv', heads);
  const headSize = keys.count('attention.key_length', hidden / heads);
  const valueSize = keys.count('attention.value_length', headSize);
  if (valueSize !== headSize)
    throw notSupported(`its values are ${valueSize} wide, its keys ${headSize}`);
  if (heads % keyValueHeads !== 0) {
    throw unreadableModel(`${heads} heads cannot share ${keyValueHeads} key-value heads`);
  }
  if (hidden % 32 !== 0) throw notSupported(`"${architecture}.embedding_length" is ${hidden}`);
  if (headSize % 8 !== 0 || headSize > 256) throw notSupported(`its heads are ${headSize} wide`);
  const names = new Set(header.tensors.map(({ name }) => name));
  const embedding = header.tensors.find(({ name }) => name === 'token_embd.weight');
  if (!embedding) throw unreadableModel('the tensor "token_embd.weight" is missing');
  return {
    architecture,
    layers: keys.count('block_count'),
    hidden,
    feedForward: keys.count('feed_forward_length'),
    heads,
    keyValueHeads,
    headSize,
    vocabulary: embedding.dims[1] ?? 0,
    contextTrained: keys.count('context_length'),
    normEpsilon: keys.number('attention.layer_norm_rms_epsilon'),
    rope: readRope(keys, architecture, headSize, factors),
    attentionBias: names.has('blk.0.attn_q.bias'),
    headNorm: architecture === 'qwen3',
    tiedOutput: !names.has('output.weight'),
  };
}

function readRope(
  keys: Keys,
  architecture: ModelSpec['architecture'],
  headSize: number,
  factors: Float32Array | undefined,
): RopeSpec {
  const scaling = keys.text('rope.scaling.type');
  const factor = keys.optional('rope.scaling.factor') ?? keys.optional('rope.scale_linear') ?? 1;
  const scaled = scaling !== '' && scaling !== 'none' && factor !== 1;
  // Llama 3's own scaling is in the file as factors; its key then says nothing more.
  if (scaled && scaling !== 'linear' && !factors) {
    throw notSupported(`"${architecture}.rope.scaling.type" is "${scaling}"`);
  }
  const dimensions = keys.count('rope.dimension_count', headSize);
  if (dimensions > headSize || dimensions % 2 !== 0) {
    throw unreadableModel(`"${architecture}.rope.dimension_count" is ${dimensions}`);
  }
  const halves = architecture !== 'llama';
  if (halves && dimensions !== headSize)
    throw notSupported(`rope turns ${dimensions} of ${headSize} columns`);
  return {
    base: keys.optional('rope.freq_base') ?? 10_000,
    linear: scaling === 'linear' || (scaling === '' && factor !== 1) ? factor : 1,
    dimensions,
    halves,
    factors,
  };
}

/** The keys of one architecture. */
class Keys {
  readonly #header: GgufHeader;

  constructor(header: GgufHeader) {
    this.#header = header;
  }

  text(key: string): string {
    return this.#header.text(this.#full(key));
  }

  optional(key: string): number | undefined {
    const value = this.#header.metadata.get(this.#full(key));
    if (value === undefined) return undefined;
    if (typeof value === 'number') return value;
    throw typeof value === 'object'
      ? notSupported(`"${this.#full(key)}" differs from layer to layer`)
      : unreadableModel(`"${this.#full(key)}" is not a number`);
  }

  number(key: string, otherwise?: number): number {
    const value = this.optional(key) ?? otherwise;
    if (value === undefined) throw unreadableModel(`"${this.#full(key)}" is missing`);
    if (!Number.isFinite(value)) throw unreadableModel(`"${this.#full(key)}" is ${value}`);
    return value;
  }

  /** A whole number above zero. */
  count(key: string, otherwise?: number): number {
    const value = this.number(key, otherwise);
    if (Number.isInteger(value) && value > 0) return value;
    throw unreadableModel(`"${this.#full(key)}" is ${value}`);
  }

  #full(key: string): string {
    return `${this.#header.architecture}.${key}`;
  }
}
