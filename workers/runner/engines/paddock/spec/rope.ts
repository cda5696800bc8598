/** How the columns of queries and keys turn with their position. */
import { notSupported } from './faults';
import type { Keys } from './keys';
import type { ModelSpec, RopeSpec } from './model-spec';

/** Absent means linear; others, such as yarn, turn each pair in a way of its own. */
const SCALINGS = ['', 'none', 'linear', 'llama3'];

/**
 * @param factored whether the file has `rope_freqs.weight`, whose values are read later
 * @throws PaddockError `not_supported` or `model_unreadable`, naming the key
 */
export function readRope(
  keys: Keys,
  architecture: ModelSpec['architecture'],
  headSize: number,
  factored: boolean,
): RopeSpec {
  const scaling = keys.text('rope.scaling.type');
  const factor = readFactor(keys);
  // Llama 3's own scaling is in the file as factors; its key then says nothing more.
  const known = SCALINGS.includes(scaling) && (scaling !== 'llama3' || factored || factor === 1);
  if (!known) throw notSupported(`"${keys.full('rope.scaling.type')}" is "${scaling}"`);
  const dimensions = keys.count('rope.dimension_count', headSize);
  if (dimensions !== headSize) {
    throw notSupported(`rope turns ${dimensions} of ${headSize} columns`);
  }
  const base = keys.number('rope.freq_base', 10_000);
  if (base <= 0) throw keys.wrong('rope.freq_base', base);
  return {
    base,
    linear: scaling === 'linear' || scaling === '' ? factor : 1,
    dimensions,
    halves: architecture !== 'llama',
    factors: undefined,
  };
}

/** 0 stands for none in files, as in llama.cpp. */
function readFactor(keys: Keys): number {
  const key =
    keys.optional('rope.scaling.factor') === undefined
      ? 'rope.scale_linear'
      : 'rope.scaling.factor';
  const factor = keys.number(key, 1) || 1;
  if (factor < 0) throw keys.wrong(key, factor);
  return factor;
}
