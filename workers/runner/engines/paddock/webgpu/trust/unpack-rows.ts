/** Rows of matrices as plain numbers, by ggml's formulas (ggml-quants.c, `dequantize_row_*`): quick enough for whole layers. */
import { TENSOR_TYPES } from '#core/gguf/types';
import * as types from '../../kernels/layout';

/** Writes the columns of one block, which begins at `at` of `bytes`, from `to` of `out` on. */
type Unpack = (bytes: Uint8Array, at: number, out: Float32Array, to: number) => void;

/** `bytes`: whole blocks as the file has them. `out` takes a number a column. */
export function unpackRows(type: number, bytes: Uint8Array, out: Float32Array): void {
  const { block, bytes: size } = TENSOR_TYPES.get(type)!;
  const unpack = UNPACK[type]!;
  for (let at = 0, to = 0; at < bytes.length; at += size, to += block) unpack(bytes, at, out, to);
}

/** Every f16, by its bits. */
const HALVES = Float32Array.from({ length: 65_536 }, (_, bits) => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  if (exponent === 31) return mantissa ? NaN : sign * Infinity;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
});

const word = new DataView(new ArrayBuffer(4));

function half(bytes: Uint8Array, at: number): number {
  return HALVES[bytes[at]! | (bytes[at + 1]! << 8)]!;
}

/** The float whose upper or whole bits these are. */
function float(low: number, high: number): number {
  word.setUint16(0, high);
  word.setUint16(2, low);
  return word.getFloat32(0);
}

const pair = (bytes: Uint8Array, at: number) => bytes[at]! | (bytes[at + 1]! << 8);

/** 32 columns of nibbles, of which the first 16 are the low ones, with fifth bits where there are any. */
function small(quants: number, fifths: number | undefined, minimum: number | undefined): Unpack {
  const middle = minimum !== undefined ? 0 : fifths === undefined ? 8 : 16;
  return (bytes, at, out, to) => {
    const step = half(bytes, at);
    const least = minimum === undefined ? 0 : half(bytes, at + minimum);
    const bits =
      fifths === undefined ? 0 : pair(bytes, at + fifths) | (pair(bytes, at + fifths + 2) << 16);
    for (let column = 0; column < 16; column++) {
      const byte = bytes[at + quants + column]!;
      const low = (byte & 15) | (((bits >>> column) & 1) << 4);
      const high = (byte >> 4) | (((bits >>> (column + 16)) & 1) << 4);
      out[to + column] = step * (low - middle) + least;
      out[to + column + 16] = step * (high - middle) + least;
    }
  };
}

/** 256 columns: 8 scales and 8 minimums of 6 bits in 12 bytes; the nibbles of 64 columns share 32 bytes. */
function large(quants: number, fifths: number | undefined): Unpack {
  return (bytes, at, out, to) => {
    const step = half(bytes, at);
    const least = half(bytes, at + 2);
    const packed = at + 4;
    for (let part = 0; part < 8; part++) {
      const s = (index: number) => bytes[packed + index]!;
      const scale = part < 4 ? s(part) & 63 : (s(part + 4) & 15) | ((s(part - 4) >> 6) << 4);
      const minimum = part < 4 ? s(part + 4) & 63 : (s(part + 4) >> 4) | ((s(part) >> 6) << 4);
      const from = at + quants + (part >> 1) * 32;
      const shift = (part & 1) * 4;
      for (let column = 0; column < 32; column++) {
        const low = (bytes[from + column]! >> shift) & 15;
        const fifth = fifths === undefined ? 0 : ((bytes[at + fifths + column]! >> part) & 1) << 4;
        out[to + part * 32 + column] = step * scale * (low | fifth) - least * minimum;
      }
    }
  };
}

/** 256 columns: in each 128 of them 64 bytes of nibbles and 32 of pairs of bits; a scale for each 16. */
const unpackQ6K: Unpack = (bytes, at, out, to) => {
  const step = half(bytes, at + 208);
  for (let column = 0; column < 256; column++) {
    const side = column >> 7;
    const quarter = (column >> 5) & 3;
    const within = column & 31;
    const nibbles = bytes[at + side * 64 + (quarter & 1) * 32 + within]!;
    const pairs = bytes[at + 128 + side * 32 + within]!;
    const value = ((nibbles >> (quarter & 2 ? 4 : 0)) & 15) | (((pairs >> (quarter * 2)) & 3) << 4);
    const scale = (bytes[at + 192 + (column >> 4)]! << 24) >> 24;
    out[to + column] = step * scale * (value - 32);
  }
};

const UNPACK: Record<number, Unpack> = {
  [types.F32]: (bytes, at, out, to) => (out[to] = float(pair(bytes, at), pair(bytes, at + 2))),
  [types.F16]: (bytes, at, out, to) => (out[to] = half(bytes, at)),
  [types.BF16]: (bytes, at, out, to) => (out[to] = float(0, pair(bytes, at))),
  [types.Q8_0](bytes, at, out, to) {
    const step = half(bytes, at);
    for (let column = 0; column < 32; column++) {
      out[to + column] = step * ((bytes[at + 2 + column]! << 24) >> 24);
    }
  },
  [types.Q4_0]: small(2, undefined, undefined),
  [types.Q4_1]: small(4, undefined, 2),
  [types.Q5_0]: small(6, 2, undefined),
  [types.Q5_1]: small(8, 4, 2),
  [types.Q4_K]: large(16, undefined),
  [types.Q5_K]: large(48, 16),
  [types.Q6_K]: unpackQ6K,
};
