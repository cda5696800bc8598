/** The K types, 256 columns a block, so 8 units. Blocks as in ggml-common.h. */
import type { GpuForm } from '../form';
import * as layout from '../../layout';
import { pairNibbles, viewOf } from './bits';
import { fifthBits, lanes, nibbles, type Integers } from './reading';

/**
 * Q4_K and Q5_K. Codes: 16 bytes a unit. Scales: d and dmin; 8 bytes, a unit's scale with the low 2 bits of its
 * minimum above it; 8 nibbles, the minimums' high bits; Q5_K: 8 words, the units' fifth bits.
 */
function scaled(type: number, scaleBytes: number): GpuForm {
  const bytes = 128 + scaleBytes;
  return {
    ...{ type, block: 256, codeBytes: 128, scaleBytes },
    split(source, codes, scales) {
      const [from, words, rest] = [viewOf(source), viewOf(codes), viewOf(scales)];
      for (let block = 0; block < source.length / bytes; block++) {
        const [at, to] = [block * bytes, block * scaleBytes];
        rest.setUint32(to, from.getUint32(at, true), true);
        splitScales(from, at + 4, rest, to + 4);
        for (let pair = 0; pair < 128; pair += 32) {
          pairNibbles(from, at + scaleBytes + pair, words, block * 128 + pair);
        }
        if (type === layout.Q5_K) splitFifths(from, at + 16, rest, to + 16);
      }
    },
  };
}

/** All four bytes of a word at once: scales and minimums of 6 bits, those of the units 4 to 7 cut in 4 and 2 bits. */
function splitScales(from: DataView, at: number, rest: DataView, to: number): void {
  const [a, b, c] = [0, 4, 8].map((byte) => from.getUint32(at + byte, true)) as [
    number,
    number,
    number,
  ];
  const scales = [a & 0x3f3f3f3f, (c & 0x0f0f0f0f) | ((a >>> 2) & 0x30303030)];
  const minimums = [b & 0x3f3f3f3f, ((c >>> 4) & 0x0f0f0f0f) | ((b >>> 2) & 0x30303030)];
  let upper = 0;
  for (let unit = 0; unit < 8; unit++) {
    upper |= ((minimums[unit >> 2]! >>> (8 * (unit & 3) + 2)) & 15) << (4 * unit);
  }
  for (const half of [0, 1]) {
    rest.setUint32(to + half * 4, scales[half]! | ((minimums[half]! & 0x03030303) << 6), true);
  }
  rest.setUint32(to + 8, upper, true);
}

/** Bit u of 32 bytes is for unit u: to bit k of byte j for its column 4k + j. */
function splitFifths(from: DataView, at: number, rest: DataView, to: number): void {
  for (let unit = 0; unit < 8; unit++) {
    let fifths = 0;
    for (let k = 0; k < 8; k++) {
      fifths |= ((from.getUint32(at + k * 4, true) >>> unit) & 0x01010101) << k;
    }
    rest.setUint32(to + unit * 4, fifths, true);
  }
}

/**
 * Q6_K. Codes: 8 times 16 bytes of nibbles, then a unit's upper bits in 8 bytes: in a half's word, bits 2k and 2k + 1
 * of byte j for its column 4k + j. Scales: d, then two i8 a unit.
 */
const SIX: GpuForm = {
  ...{ type: layout.Q6_K, block: 256, codeBytes: 192, scaleBytes: 18 },
  split(source, codes, scales) {
    const [from, words] = [viewOf(source), viewOf(codes)];
    for (let block = 0; block < source.length / 210; block++) {
      const [at, to] = [block * 210, block * 192];
      for (let side = 0; side < 2; side++) {
        splitSide(from, at + side * 64, words, to + side * 64);
        splitUpper(from, at + 128 + side * 32, words, to + 128 + side * 32);
      }
      for (let i = 0; i < 2; i++) scales[block * 18 + i] = source[at + 208 + i]!;
      for (let i = 0; i < 16; i++) scales[block * 18 + 2 + i] = source[at + 192 + i]!;
    }
  },
};

/** 128 columns: bytes 0-31 hold the units 0 (below) and 2 (above), bytes 32-63 the units 1 and 3. */
function splitSide(from: DataView, at: number, words: DataView, to: number): void {
  for (let unit = 0; unit < 4; unit++) {
    const shift = unit < 2 ? 0 : 4;
    for (let byte = 0; byte < 16; byte += 4) {
      const source = at + (unit & 1) * 32 + byte;
      const low = (from.getUint32(source, true) >>> shift) & 0x0f0f0f0f;
      const high = (from.getUint32(source + 16, true) >>> shift) & 0x0f0f0f0f;
      words.setUint32(to + unit * 16 + byte, low | (high << 4), true);
    }
  }
}

/** 128 columns: bits 2u and 2u + 1 of 32 bytes are for unit u. */
function splitUpper(from: DataView, at: number, words: DataView, to: number): void {
  for (let unit = 0; unit < 4; unit++) {
    for (let half = 0; half < 2; half++) {
      let upper = 0;
      for (let k = 0; k < 4; k++) {
        const bits = from.getUint32(at + half * 16 + k * 4, true) >>> (2 * unit);
        upper |= (bits & 0x03030303) << (2 * k);
      }
      words.setUint32(to + unit * 8 + half * 4, upper, true);
    }
  }
}

const PLAIN = { kind: 'integers', signed: false, offset: true } as const;

/** `words` of scales a block, from which the four first are alike. */
function scaledReading(words: number): Integers {
  return {
    ...{ ...PLAIN, halves: false },
    scale: (suffix) => `let block = unit / 8u * ${words}u;
  let part = unit & 7u;
  let steps = unpack2x16float(scales${suffix}[block]);
  let byte = (scales${suffix}[block + 1u + part / 4u] >> ((part & 3u) * 8u)) & 255u;
  let minimum = (byte >> 6u) | (((scales${suffix}[block + 3u] >> (part * 4u)) & 15u) << 2u);
  return vec2f(steps.x * f32(byte & 63u), -steps.y * f32(minimum)).xyxy;`,
    words: (suffix, every) =>
      words === 4
        ? nibbles(suffix, every, 'unit', undefined)
        : `let fifths = scales${suffix}[unit / 8u * 12u + 4u + (unit & 7u)];
  ${nibbles(suffix, every, 'unit', fifthBits(suffix, every))}`,
  };
}

const Q6_K: Integers = {
  ...{ ...PLAIN, halves: true },
  scale: (suffix) => `let block = unit / 8u * 9u;
  let place = block + 1u + (unit & 7u);
  let d = unpack2x16float(scales${suffix}[block / 2u] >> ((block & 1u) * 16u)).x;
  let pair = scales${suffix}[place / 2u] >> ((place & 1u) * 16u);
  let low = d * f32(i32(pair << 24u) >> 24u);
  let high = d * f32(i32(pair << 16u) >> 24u);
  return vec4f(low, -32.0 * low, high, -32.0 * high);`,
  words(suffix, every) {
    const { fill, k } = lanes(suffix, every);
    const at = (word: string) =>
      `(${fill(word)} >> (${k} * ${fill('2u')})) & ${fill('0x03030303u')}`;
    return `let block = unit / 8u * 12u;
  let part = unit & 7u;
  let pairs = codes${suffix}[block + 8u + part / 2u];
  let upper = select(pairs.xy, pairs.zw, (part & 1u) == 1u);
  ${nibbles(suffix, every, 'block + part', { low: at('upper.x'), high: at('upper.y') })}`;
  },
};

export const LARGE = [
  { form: scaled(layout.Q4_K, 16), reading: scaledReading(4) },
  { form: scaled(layout.Q5_K, 48), reading: scaledReading(12) },
  { form: SIX, reading: Q6_K },
];
