/** F32, F16 and BF16: one plane, as in the file. A block is a unit of 32 columns here. */
import type { GpuForm } from '../form';
import * as layout from '../../layout';
import type { Floats } from './reading';

function plain(type: number, codeBytes: number): GpuForm {
  const split = (source: Uint8Array, codes: Uint8Array) => codes.set(source);
  return { type, block: 32, codeBytes, scaleBytes: 0, split };
}

/** Two columns a word, two words `pair` a call. */
function halves(value: (pair: string) => string): Floats {
  return {
    kind: 'floats',
    four: (suffix) => `let words = codes${suffix}[unit * 4u + k / 2u];
  let pair = select(words.xy, words.zw, (k & 1u) == 1u);
  return ${value('pair')};`,
  };
}

const F32: Floats = {
  kind: 'floats',
  four: (suffix) => `return bitcast<vec4f>(codes${suffix}[unit * 8u + k]);`,
};
const F16 = halves((pair) => `vec4f(unpack2x16float(${pair}.x), unpack2x16float(${pair}.y))`);
const BF16 = halves(
  (pair) => `bitcast<vec4f>(
    vec4u(${pair}.x << 16u, ${pair}.x & 0xffff0000u, ${pair}.y << 16u, ${pair}.y & 0xffff0000u))`,
);

export const FLOATS = [
  { form: plain(layout.F32, 128), reading: F32 },
  { form: plain(layout.F16, 64), reading: F16 },
  { form: plain(layout.BF16, 64), reading: BF16 },
];
