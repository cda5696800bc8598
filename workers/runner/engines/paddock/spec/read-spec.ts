/** Reads what the graph needs from a GGUF header, and refuses what it would compute wrongly. */
import type { GgufHeader } from '#core/gguf';
import { PADDOCK_ARCHITECTURES, PADDOCK_NEUTRAL } from '#core/paddock-limits';
import { embeds } from '#core/weights-facts';
import { GROUP } from '../kernels/layout';
import { QUERY_ROWS } from '../kernels/program-layout';
import { notSupported, unreadableModel } from './faults';
import { Keys } from './keys';
import type { ModelSpec } from './model-spec';
import { readRope } from './rope';

/**
 * The values of `rope_freqs.weight` are not in the header: `rope.factors` is undefined.
 * @throws PaddockError `not_supported` or `model_unreadable`, naming the key
 */
export function readSpec(header: GgufHeader): ModelSpec {
  if (embeds(header)) throw notSupported('it makes embeddings');
  const architecture = PADDOCK_ARCHITECTURES.find((known) => known === header.architecture);
  if (!architecture) throw notSupported(`its architecture is "${header.architecture}"`);
  const keys = new Keys(header);
  for (const [key, neutral] of PADDOCK_NEUTRAL) {
    const value = keys.optional(key);
    if (value !== undefined && value !== neutral) {
      throw notSupported(`"${keys.full(key)}" is ${value}`);
    }
  }
  if (keys.flag('attention.causal') === false) {
    throw notSupported(`"${keys.full('attention.causal')}" is false`);
  }
  const hidden = keys.count('embedding_length');
  if (hidden % 32 !== 0) throw notSupported(`"${keys.full('embedding_length')}" is ${hidden}`);
  const feedForward = keys.count('feed_forward_length');
  // The kernels hand a gated row on in whole groups.
  if (feedForward % GROUP !== 0) {
    throw notSupported(`"${keys.full('feed_forward_length')}" is ${feedForward}`);
  }
  const heads = readHeads(keys, hidden);
  const names = new Set(header.tensors.map(({ name }) => name));
  const embedding = header.tensors.find(({ name }) => name === 'token_embd.weight');
  if (!embedding) throw unreadableModel('the tensor "token_embd.weight" is missing');
  return {
    architecture,
    layers: keys.count('block_count'),
    hidden,
    feedForward,
    ...heads,
    vocabulary: embedding.dims[1] ?? 0,
    contextTrained: keys.count('context_length'),
    normEpsilon: keys.number('attention.layer_norm_rms_epsilon'),
    rope: readRope(keys, architecture, heads.headSize, names.has('rope_freqs.weight')),
    attentionBias: names.has('blk.0.attn_q.bias'),
    headNorm: architecture === 'qwen3',
    tiedOutput: !names.has('output.weight'),
  };
}

function readHeads(
  keys: Keys,
  hidden: number,
): Pick<ModelSpec, 'heads' | 'keyValueHeads' | 'headSize'> {
  const heads = keys.count('attention.head_count');
  const keyValueHeads = keys.count('attention.head_count_kv', heads);
  const headSize = keys.count('attention.key_length', hidden / heads);
  const valueSize = keys.count('attention.value_length', headSize);
  if (valueSize !== headSize) {
    throw notSupported(`its values are ${valueSize} wide, its keys ${headSize}`);
  }
  if (heads % keyValueHeads !== 0) {
    throw unreadableModel(`${heads} heads cannot share ${keyValueHeads} key-value heads`);
  }
  const sharing = heads / keyValueHeads;
  if (sharing > QUERY_ROWS) throw notSupported(`${sharing} of its heads share keys and values`);
  if (headSize % GROUP !== 0 || headSize > 256) {
    throw notSupported(`its heads are ${headSize} wide`);
  }
  return { heads, keyValueHeads, headSize };
}
