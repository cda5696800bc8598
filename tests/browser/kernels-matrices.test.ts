import { beforeAll, describe, expect, test } from 'vitest';
import * as layout from '../../workers/runner/engines/paddock/kernels/layout';
import plainUrl from '../../workers/runner/engines/paddock/kernels/build/plain.wasm?url';
import relaxedUrl from '../../workers/runner/engines/paddock/kernels/build/relaxed.wasm?url';
import { randomRows, seeded, type Size } from '../fixtures/quants/blocks';
import { dequantize } from '../fixtures/quants/dequantize';
import { Kernels, UNWRITTEN } from '../fixtures/quants/kernels';
import { TYPES, type QuantType } from '../fixtures/quants/types';

const ROWS = [1, 7, 8, 9, 64];
const TOKENS = [1, 3, 4, 5, 9];
const SIZES: Size[] = ['usual', 'subnormal', 'largest', 'zero'];
/** Of the sum of the products' sizes: f32 additions of some hundred terms. */
const TIGHT = 1e-5;

let sets: Kernels[];

beforeAll(async () => {
  sets = [await Kernels.load(relaxedUrl, true), await Kernels.load(plainUrl, false)];
});

function columnCounts({ columns }: QuantType): number[] {
  return columns === 1 ? [1, 2, 37, 256] : [columns, columns === 32 ? 160 : 768];
}

/** Values of tokens: random, with a few large ones; at their most where the weights are; one token all zero. */
function inputs(count: number, columns: number, size: Size, random: () => number): Float32Array {
  const x = new Float32Array(count * columns);
  for (let i = 0; i < x.length; i++) {
    x[i] = size === 'largest' ? 1000 : (random() * 2 - 1) * (random() < 0.02 ? 20 : 1);
  }
  if (count > 2) x.fill(0, columns, 2 * columns);
  return x;
}

describe.each(TYPES)('$name', (quant) => {
  test('both modules give the products, the same bits for any tokens and groups', () => {
    const random = seeded(quant.type + 1);
    for (const size of SIZES)
      for (const columns of columnCounts(quant))
        for (const rows of ROWS) {
          const data = randomRows(quant, columns, rows, size, random);
          const x = inputs(9, columns, size, random);
          const all = sets.map((kernels) => productOf(kernels, quant, data, columns, rows, x));
          expect(all[1], `${size} ${columns} x ${rows}`).toEqual(all[0]);
        }
  });

  test('rows come back', () => {
    const random = seeded(quant.type + 100);
    const columns = columnCounts(quant).at(-1)!;
    for (const size of SIZES)
      for (const kernels of sets)
        for (const rows of [1, 7, 8, 11]) {
          kernels.reset();
          const data = randomRows(quant, columns, rows, size, random);
          const weights = dequantize(quant, data);
          const { at, flags } = kernels.matrix(quant, data, columns, rows);
          expect(flags).toBe(0);
          for (let row = 0; row < rows; row++) {
            const got = kernels.row(at, row, columns);
            const want = weights.subarray(row * columns, (row + 1) * columns);
            const most = Math.max(...want.map(Math.abs));
            // f32 products and differences of the formula; no more.
            const wrong = got.findIndex((value, c) => Math.abs(value - want[c]!) > most * 2 ** -22);
            expect(wrong, `${size} row ${row} of ${rows}`).toBe(-1);
          }
        }
  });
});

/** Checks all the token counts of TOKENS; gives the results of nine. */
function productOf(
  kernels: Kernels,
  quant: QuantType,
  data: Uint8Array,
  columns: number,
  rows: number,
  x: Float32Array,
): Float32Array {
  kernels.reset();
  const weights = dequantize(quant, data);
  const { at, flags } = kernels.matrix(quant, data, columns, rows);
  expect(flags).toBe(0);
  const act = kernels.activations(quant.type, x, columns, 9);
  const groups = Math.ceil(rows / layout.GROUP);
  const stride = rows + 3;
  const results = kernels.product(at, act, 9, [0, groups], stride);
  compare(kernels, quant, weights, columns, rows, x, act, results, stride);
  for (const tokens of TOKENS) {
    const some = new Float32Array(tokens * stride);
    // A group at a time, as threads may take them.
    for (let g = 0; g < groups; g++) {
      const part = kernels.product(at, act, tokens, [g, g + 1], stride);
      part.forEach((value, i) => {
        if (value !== UNWRITTEN) some[i] = value;
      });
    }
    const same = some.every((value, i) => i % stride >= rows || value === results[i]);
    expect(same, `${tokens} tokens of ${columns} x ${rows}`).toBe(true);
  }
  return results;
}

function compare(
  kernels: Kernels,
  quant: QuantType,
  weights: Float64Array,
  columns: number,
  rows: number,
  x: Float32Array,
  act: number,
  results: Float32Array,
  stride: number,
): void {
  const { values, steps } = kernels.quantized(act, quant.type, columns, 9);
  const float = steps.every((step) => step === 1);
  let worst = 0;
  for (let t = 0; t < 9; t++) {
    for (let row = 0; row < stride; row++) {
      const got = results[t * stride + row]!;
      if (row >= rows) {
        expect(got).toBe(UNWRITTEN);
        continue;
      }
      let want = 0,
        exact = 0,
        size = 0,
        slack = 0;
      for (let c = 0; c < columns; c++) {
        const i = t * columns + c;
        const w = weights[row * columns + c]!;
        const step = float ? 1 : steps[i >> 5]!;
        want += w * values[i]! * step;
        size += Math.abs(w) * Math.abs(values[i]! * step);
        exact += w * x[i]!;
        slack += float ? 0 : (Math.abs(w) * step) / 2;
      }
      worst = Math.max(worst, Math.abs(got - want) / (size || 1));
      expect(Math.abs(got - exact)).toBeLessThanOrEqual(slack * 1.001 + size * TIGHT);
    }
  }
  expect(worst).toBeLessThan(TIGHT);
}

describe('pack', () => {
  const withScales = TYPES.filter(({ scales }) => scales.length > 0);
  const bad = [
    ['NaN', 0x7e00, 1],
    ['infinite', 0xfc00, 1],
    ['64', 0x5400, 2],
  ] as const;

  test.each(withScales)('$name: a scale that is not finite, or too large, is reported', (quant) => {
    const columns = quant.columns * 2;
    for (const kernels of sets)
      for (const [, bits, flags] of bad)
        for (const scale of quant.scales)
          for (const row of [0, 8]) {
            kernels.reset();
            const data = randomRows(quant, columns, 9, 'usual', seeded(5));
            const at = (row * 2 + 1) * quant.bytes + scale;
            new DataView(data.buffer).setUint16(at, bits, true);
            expect(kernels.matrix(quant, data, columns, 9).flags).toBe(flags);
          }
  });

  test.each([
    ['F32', 0x7fc00000, 4],
    ['F32', 0xff800000, 4],
    ['F16', 0x7c00, 2],
    ['BF16', 0xffc0, 2],
  ])('%s: a value that is not finite is reported', (name, bits, bytes) => {
    const quant = TYPES.find((type) => type.name === name)!;
    for (const kernels of sets) {
      kernels.reset();
      const data = randomRows(quant, 5, 9, 'usual', seeded(6));
      const view = new DataView(data.buffer);
      if (bytes === 4) view.setUint32(44 * 4, bits, true);
      else view.setUint16(44 * 2, bits, true);
      expect(kernels.matrix(quant, data, 5, 9).flags).toBe(1);
    }
  });
});

describe('quantize', () => {
  const q4 = TYPES.find(({ name }) => name === 'Q4_1')!;
  const q8 = TYPES.find(({ name }) => name === 'Q8_0')!;

  test.each([
    [q4, 127],
    [q8, 4095],
  ])('$name: values come within half a step, the largest to the last', ({ type }, last) => {
    for (const kernels of sets) {
      kernels.reset();
      const x = inputs(3, 64, 'usual', seeded(7));
      const act = kernels.activations(type, x, 64, 3);
      const { values, steps } = kernels.quantized(act, type, 64, 3);
      for (let block = 0; block < 6; block++) {
        const part = x.subarray(block * 32, block * 32 + 32);
        const largest = Math.max(...part.map(Math.abs));
        expect(steps[block]).toBeCloseTo(largest / last, 6);
        const got = values.subarray(block * 32, block * 32 + 32);
        if (largest > 0) expect(Math.max(...got.map(Math.abs))).toBe(last);
        for (const [i, value] of got.entries()) {
          expect(Math.abs(value * steps[block]! - part[i]!)).toBeLessThanOrEqual(
            steps[block]! * 0.501,
          );
        }
      }
    }
  });

  test.each([q4, q8])('$name: what is too small for a step counts as nothing', ({ type }) => {
    for (const kernels of sets) {
      kernels.reset();
      const x = new Float32Array(32).fill(1e-38);
      const act = kernels.activations(type, x, 32, 1);
      expect([...kernels.quantized(act, type, 32, 1).values]).toEqual(Array(32).fill(0));
    }
  });

  test.each([q4, q8])('$name: a value that is not a number makes its results so', (quant) => {
    for (const kernels of sets) {
      kernels.reset();
      const x = new Float32Array(32).fill(1);
      x[17] = NaN;
      const data = randomRows(quant, 32, 8, 'usual', seeded(8));
      const { at } = kernels.matrix(quant, data, 32, 8);
      const act = kernels.activations(quant.type, x, 32, 1);
      expect([...kernels.product(at, act, 1, [0, 1], 8)]).toEqual(Array(8).fill(NaN));
    }
  });
});
