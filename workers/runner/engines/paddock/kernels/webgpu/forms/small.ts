/**
 * Q8_0 and the types of 4 and 5 bits, 32 columns a block: the codes in one plane, 16 bytes or 32, and what is left in
 * the other: the scale, the minimum, the fifth bits. Blocks as in ggml-common.h.
 */
import type { GpuForm } from '../form';
import * as layout from '../../layout';
import { spreadBits, viewOf } from './bits';
import { fifthBits, lanes, nibbles, type Integers } from './reading';

/** The codes are the block's last `codeBytes`; the rest stays as it is, but for the fifth bits at `fifths`. */
function small(type: number, codeBytes: number, scaleBytes: number, fifths?: number): GpuForm {
  const bytes = codeBytes + scaleBytes;
  return {
    ...{ type, block: 32, codeBytes, scaleBytes },
    split(source, codes, scales) {
      const blocks = source.length / bytes;
      const view = viewOf(scales);
      for (let block = 0; block < blocks; block++) {
        const at = block * bytes;
        const to = block * scaleBytes;
        for (let i = 0; i < scaleBytes; i++) scales[to + i] = source[at + i]!;
        for (let i = 0; i < codeBytes; i++) {
          codes[block * codeBytes + i] = source[at + scaleBytes + i]!;
        }
        if (fifths === undefined) continue;
        view.setUint32(to + fifths, spreadBits(view.getUint32(to + fifths, true)), true);
      }
    },
  };
}

const PLAIN = { kind: 'integers', signed: false, offset: true, halves: false } as const;

/** `d`, an f16 a block, two in a word. */
const HALF = (suffix: string) =>
  `let d = unpack2x16float(scales${suffix}[unit / 2u] >> ((unit & 1u) * 16u)).x;`;

const Q8_0: Integers = {
  ...{ ...PLAIN, signed: true, offset: false },
  scale: (suffix) => `${HALF(suffix)}
  return vec4f(d, 0.0, d, 0.0);`,
  words(suffix, every) {
    const { load, result } = lanes(suffix, every);
    return `return ${result}(${load('unit * 2u')}, ${load('unit * 2u + 1u')});`;
  },
};

const Q4_0: Integers = {
  ...PLAIN,
  scale: (suffix) => `${HALF(suffix)}
  return vec4f(d, -8.0 * d, d, -8.0 * d);`,
  words: (suffix, every) => nibbles(suffix, every, 'unit', undefined),
};

const Q4_1: Integers = {
  ...PLAIN,
  scale: (suffix) => `return unpack2x16float(scales${suffix}[unit]).xyxy;`,
  words: (suffix, every) => nibbles(suffix, every, 'unit', undefined),
};

/** 6 bytes a block: in the words of two, the even block's scale and fifth bits, the odd one's scale, its fifth bits. */
const Q5_0: Integers = {
  ...PLAIN,
  scale: (
    suffix,
  ) => `let d = unpack2x16float(scales${suffix}[unit * 3u / 2u] >> ((unit & 1u) * 16u)).x;
  return vec4f(d, -16.0 * d, d, -16.0 * d);`,
  words: (suffix, every) => `let first = scales${suffix}[unit * 3u / 2u];
  let second = scales${suffix}[unit * 3u / 2u + 1u];
  let fifths = select((first >> 16u) | (second << 16u), second, (unit & 1u) == 1u);
  ${nibbles(suffix, every, 'unit', fifthBits(suffix, every))}`,
};

const Q5_1: Integers = {
  ...PLAIN,
  scale: (suffix) => `return unpack2x16float(scales${suffix}[unit * 2u]).xyxy;`,
  words: (suffix, every) => `let fifths = scales${suffix}[unit * 2u + 1u];
  ${nibbles(suffix, every, 'unit', fifthBits(suffix, every))}`,
};

export const SMALL = [
  { form: small(layout.Q8_0, 32, 2), reading: Q8_0 },
  { form: small(layout.Q4_0, 16, 2), reading: Q4_0 },
  { form: small(layout.Q4_1, 16, 4), reading: Q4_1 },
  { form: small(layout.Q5_0, 16, 6, 2), reading: Q5_0 },
  { form: small(layout.Q5_1, 16, 8, 4), reading: Q5_1 },
];
