/** Products of quantized matrices on the adapter, against the same in float64. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { embed } from '../../workers/runner/engines/paddock/kernels/webgpu/embed';
import { normRows } from '../../workers/runner/engines/paddock/kernels/webgpu/norm';
import {
  defaultMatvec,
  matmulVariants,
  matvecVariants,
  type MatmulVariant,
  type MatvecVariant,
  type Product,
} from '../../workers/runner/engines/paddock/kernels/webgpu/products';
import { BARE, KernelDevice } from '../fixtures/gpu-kernels/device';
import { matrixOf, partOf, randomFloats, type Matrix } from '../fixtures/gpu-kernels/matrix';
import {
  byMatmul,
  byMatvec,
  exact,
  gatedExact,
  normed,
  storing,
  worst,
  type Given,
} from '../fixtures/gpu-kernels/products';
import { FORMATS, type WeightType } from '../fixtures/random-model/blocks';

const PRECISE = 2e-5;
/** No bits of a value here, and no row. */
const UNTOUCHED = 0x7fabcdef;
const UNITS: MatvecVariant = { workgroup: 16, lanes: 4, rows: 4, columns: 32, int8: false };
const QUARTERS: MatvecVariant = { ...UNITS, rows: 2, lanes: 8, columns: 8 };
const BYTES: MatvecVariant = { ...UNITS, int8: true };
const REGISTERS: MatmulVariant = { kind: 'registers', workgroup: 8, rows: 2, tokens: 4 };
const TILES: MatmulVariant = { kind: 'tiles', workgroup: 16, rows: 2, tokens: 4 };
const F16_TILES: MatmulVariant = { ...TILES, kind: 'f16 tiles' };
/** Of products in f16, whose steps are 1/2048. */
const ROUNDED = 2e-3;
const { PADDOCK_LONG } = import.meta.env as Record<string, string>;
const NO_F16 = 'This adapter has no shader-f16.';

let device: KernelDevice;
beforeAll(async () => {
  device = await KernelDevice.open();
});
afterAll(() => device.close());

const floats = (count: number) => new Float32Array(count);

function given(matrices: Matrix[], tokens: number, more: Partial<Product> = {}): Given {
  const product = storing(matrices, more);
  const width = matrices.reduce((all, { rows }) => all + rows, 0);
  return {
    ...{ product, matrices, out: floats(width * tokens) },
    x: randomFloats(product.columns * tokens, 2),
  };
}

describe.each(Object.keys(FORMATS) as WeightType[])('%s', (name) => {
  const matrix = matrixOf(name, 37, 768, 1);
  const { type, columns, values } = matrix;

  it.each([
    ['units', UNITS],
    ['quarters', QUARTERS],
  ] as const)('times a token, by %s', async (_, variant) => {
    const task = given([matrix], 1);
    const { out } = await byMatvec(device, task, variant);
    expect(worst(out, exact(matrix, task.x))).toBeLessThan(PRECISE);
    const bare = await byMatvec(device, { ...task, features: BARE }, variant);
    expect(worst(bare.out, exact(matrix, task.x))).toBeLessThan(PRECISE);
  });

  it.each([REGISTERS, TILES])('times several tokens, by $kind', async (variant) => {
    const short = matrixOf(name, 21, 256, 2);
    const task = given([short], 5);
    const out = await byMatmul(device, task, variant, 5);
    expect(worst(out, exact(short, task.x))).toBeLessThan(PRECISE);
  });

  it.skipIf(name.endsWith('F16') || name === 'F32')('times a token in integers', async () => {
    const task = given([matrix], 1);
    const { out } = await byMatvec(device, task, BYTES);
    expect(worst(out, exact(matrix, task.x))).toBeGreaterThan(PRECISE);
    // Each activation is off by half a step at most, a step being 1/127 of the largest of its unit.
    exact(matrix, task.x).forEach(({ value, size }, row) => {
      let most = size * PRECISE;
      for (let c = 0; c < columns; c += 32) {
        const step = Math.max(...task.x.slice(c, c + 32).map(Math.abs)) / 127;
        const weights = values.slice(row * columns + c, row * columns + c + 32);
        most += (step / 2) * weights.reduce((all, one) => all + Math.abs(one), 0);
      }
      expect(Math.abs(out[row]! - value)).toBeLessThanOrEqual(most);
    });
  });

  it.skipIf(name.endsWith('F16') || name === 'F32')('times several tokens in f16', async (test) => {
    test.skip(!device.features.f16, NO_F16);
    const short = matrixOf(name, 21, 256, 2);
    const task = given([short], 6);
    // Of all sizes that f32 has: f16 ends at 65,504, and knows nothing below 6e-8.
    task.x = task.x.map((value, at) => value * [1, 1e6, 1e-9, 1e18, 0, 1][Math.floor(at / 256)]!);
    const out = await byMatmul(device, task, F16_TILES, 6);
    const wanted = exact(short, task.x);
    expect([...out.slice(4 * 21, 5 * 21)]).toEqual(Array.from({ length: 21 }, () => 0));
    const notZero = (_: unknown, at: number) => Math.floor(at / 21) !== 4;
    const error = worst(out.filter(notZero), wanted.filter(notZero));
    expect(error).toBeLessThan(ROUNDED);
    expect(error).toBeGreaterThan(PRECISE);
  });

  it('as a table of embeddings', async () => {
    const parts = [0, 20, 37].map((end, n, all) => ({ from: all[n - 1] ?? 0, to: end })).slice(1);
    const history = Uint32Array.of(99, 36, 0, 19, 20, 7);
    let out = floats(5 * columns).fill(-1);
    for (const { from, to } of parts) {
      const { codes, scales, rows } = partOf(matrix, from, to);
      const kernel = embed({ type, columns, firstRow: from, rows, from: 'run' }, device.features);
      const run = await device.run(kernel, { codes, scales, history, out }, [5, 1], {
        position: 1,
      });
      out = new Float32Array(run.out!);
    }
    const wanted = [...history.slice(1)].flatMap((id) =>
      [...values.slice(id * columns, (id + 1) * columns)].map((value) => ({ value, size: 0.1 })),
    );
    expect(worst(out, wanted)).toBeLessThan(1e-6);
  });
});

describe('a product', () => {
  const query = matrixOf('Q4_K', 45, 256, 1);
  const value = matrixOf('Q6_K', 30, 256, 2);
  const gate = matrixOf('Q4_1', 33, 288, 3);
  const up = matrixOf('Q8_0', 33, 288, 4);

  it('of two types adds a bias, and norms what it reads', async () => {
    const norm = randomFloats(256, 5);
    const bias = randomFloats(75, 6);
    const task = { ...given([query, value], 1, { norm: 0.01, bias: true }), more: { norm, bias } };
    const x = normed(task.x, norm, 0.01);
    const wanted = [...exact(query, x), ...exact(value, x)];
    wanted.forEach((one, row) => (one.value += bias[row]!));
    for (const [variant, features] of [
      [UNITS, device.features],
      [QUARTERS, BARE],
    ] as const) {
      const { out } = await byMatvec(device, { ...task, features }, variant);
      expect(worst(out, wanted)).toBeLessThan(PRECISE);
    }
    const { out } = await byMatvec(device, task, BYTES);
    expect(worst(out, wanted)).toBeLessThan(0.05);
    const many = { ...given([query, value], 3, { bias: true }), more: { bias } };
    const single = [exact(query, many.x), exact(value, many.x)];
    for (const variant of [REGISTERS, TILES]) {
      const all = await byMatmul(device, many, variant, 3);
      const rows = Array.from({ length: 3 * 75 }, (_, at) => {
        const [token, row] = [Math.floor(at / 75), at % 75];
        const one = row < 45 ? single[0]![token * 45 + row]! : single[1]![token * 30 + row - 45]!;
        return { ...one, value: one.value + bias[row]! };
      });
      expect(worst(all, rows)).toBeLessThan(PRECISE);
    }
  });

  it('adds to what is there', async () => {
    const task = given([up], 3, { epilogue: 'add' });
    const out = randomFloats(33 * 3, 7);
    const wanted = exact(up, task.x).map((one, i) => ({ ...one, value: one.value + out[i]! }));
    for (const variant of [REGISTERS, TILES]) {
      const sums = await byMatmul(device, { ...task, out }, variant, 3);
      expect(worst(sums, wanted)).toBeLessThan(PRECISE);
    }
    const one = { ...task, x: task.x.slice(0, 288), out: out.slice(0, 33) };
    const { out: sums } = await byMatvec(device, one, UNITS);
    expect(worst(sums, wanted.slice(0, 33))).toBeLessThan(PRECISE);
  });

  it('of a gate and what passes it', async () => {
    const task = { ...given([gate, up], 9, { epilogue: 'gated' }), out: floats(9 * 33) };
    const wanted = gatedExact(gate, up, task.x);
    for (const variant of [REGISTERS, TILES]) {
      expect(worst(await byMatmul(device, task, variant, 9), wanted)).toBeLessThan(PRECISE);
    }
    if (device.features.f16) {
      const rounded = await byMatmul(device, task, F16_TILES, 9);
      expect(worst(rounded, wanted)).toBeLessThan(ROUNDED);
    }
    const norm = randomFloats(288, 5);
    const one = { ...given([gate, up], 1, { epilogue: 'gated', norm: 1e-5 }), more: { norm } };
    const single = gatedExact(gate, up, normed(one.x, norm, 1e-5));
    for (const variant of [UNITS, QUARTERS, { ...BYTES, workgroup: 8, lanes: 2 }]) {
      const { out } = await byMatvec(device, one, variant);
      expect(worst(out.slice(0, 33), single)).toBeLessThan(variant.int8 ? 0.05 : PRECISE);
    }
  });

  it.each([REGISTERS, TILES])('of 1 to 64 tokens, by $kind', async (variant) => {
    const short = matrixOf('Q5_0', 33, 96, 3);
    const task = given([short], 64);
    const wanted = exact(short, task.x);
    for (const tokens of [1, 31, 32, 33, 64]) {
      const out = await byMatmul(
        device,
        { ...task, out: floats(33 * 64).fill(7) },
        variant,
        tokens,
      );
      expect(worst(out, wanted.slice(0, 33 * tokens))).toBeLessThan(PRECISE);
      expect(out.slice(33 * tokens).every((rest) => rest === 7)).toBe(true);
    }
  });

  it('of a token is the same in all ways that a device may choose from', async () => {
    const [left, right] = [matrixOf('Q8_0', 5, 512, 8), matrixOf('Q8_0', 5, 512, 9)];
    const norm = randomFloats(512, 5);
    const one = { ...given([left, right], 1, { epilogue: 'gated', norm: 1e-5 }), more: { norm } };
    const single = gatedExact(left, right, normed(one.x, norm, 1e-5));
    for (const variant of matvecVariants(one.product, BARE)) {
      const { out } = await byMatvec(device, { ...one, features: BARE }, variant);
      expect(worst(out.slice(0, 5), single), JSON.stringify(variant)).toBeLessThan(PRECISE);
    }
  });

  // Tiles for a gate take a software adapter as long again to compile.
  const epilogues = PADDOCK_LONG ? (['add', 'gated'] as const) : (['add'] as const);
  it.each(epilogues)('of tokens is the same in all ways, to %s', async (epilogue) => {
    const left = matrixOf('Q8_0', 9, 64, 8);
    const right = matrixOf('Q8_0', 9, 64, 9);
    const matrices = epilogue === 'gated' ? [left, right] : [left];
    const task = { ...given(matrices, 2, { epilogue }), out: floats(2 * 9) };
    const wanted = epilogue === 'gated' ? gatedExact(left, right, task.x) : exact(left, task.x);
    for (const variant of matmulVariants(task.product, BARE)) {
      const out = await byMatmul(device, task, variant, 2);
      expect(worst(out, wanted), JSON.stringify(variant)).toBeLessThan(PRECISE);
    }
  });

  it('in parts is the same', async () => {
    const norm = randomFloats(288, 5);
    const whole = { ...given([gate, up], 1, { epilogue: 'gated', norm: 1e-5 }), more: { norm } };
    const variant = defaultMatvec(whole.product, device.features);
    let out = floats(33).fill(7);
    for (const [from, to] of [
      [0, 16],
      [16, 33],
    ] as const) {
      const matrices = [partOf(gate, from, to), partOf(up, from, to)];
      const segments = matrices.map(({ type, rows }) => ({ type, rows, firstRow: from }));
      const product = { ...whole.product, segments, outWidth: 33 };
      ({ out } = await byMatvec(device, { ...whole, product, matrices, out }, variant));
    }
    expect(out).toEqual((await byMatvec(device, whole, variant)).out.slice(0, 33));
  });
});

describe('logits', () => {
  const columns = 32;
  const x = floats(3 * columns).fill(1, columns, 2 * columns);

  /** Rows whose products with ones are `values`. */
  function rowsOf(values: readonly number[]): Matrix {
    const weights = floats(values.length * columns);
    values.forEach((value, row) => (weights[row * columns + 5] = value));
    const codes = new Uint8Array(weights.buffer);
    const scales = new Uint8Array(0);
    return { type: 0, rows: values.length, columns, codes, scales, values: new Float64Array() };
  }

  /** The entries of `best`, as values and rows. */
  async function bestOf(matrix: Matrix, variant: MatvecVariant, more: Partial<Product> = {}) {
    const product = storing([matrix], { epilogue: 'logits', ...more });
    const best = new Uint32Array(200_000).fill(UNTOUCHED);
    const out = floats(matrix.rows);
    const run = { product, matrices: [matrix], x, out, more: { best } };
    const done = await byMatvec(device, run, variant, { row: 1 });
    const value = new Float32Array(done.best.buffer);
    const all = Array.from({ length: value.length / 2 }, (_, n) => ({
      value: value[n * 2]!,
      row: done.best[n * 2 + 1]!,
    }));
    const entries = all.filter(({ row }) => row !== UNTOUCHED);
    // They lie together.
    expect(all.findIndex(({ row }) => row !== UNTOUCHED)).toBe(more.firstBest ?? 0);
    expect(all.findLastIndex(({ row }) => row !== UNTOUCHED)).toBe(
      entries.length - 1 + (more.firstBest ?? 0),
    );
    return { out: done.out, entries };
  }

  const SMALL: MatvecVariant = { ...QUARTERS, workgroup: 4, lanes: 2, rows: 3 };

  it('have the best of each workgroup beside them', async () => {
    const values = [1, 5, -2, 5, 4, 5, -3, NaN, -2, -2, -9, -4, NaN, -Infinity, NaN, NaN, NaN, NaN];
    const { out, entries } = await bestOf(rowsOf([...values, 0.5]), SMALL);
    expect([...out]).toEqual([...values, 0.5]);
    expect(entries).toEqual([
      { value: 5, row: 1 },
      { value: -2, row: 8 },
      { value: -Infinity, row: 0xffffffff },
      { value: 0.5, row: 18 },
    ]);
  });

  it('know no order of zeros, and infinity is the largest', async () => {
    const { entries } = await bestOf(rowsOf([-1, -0, 0, -1, -1, -1, 3e38, Infinity]), SMALL);
    expect(entries).toEqual([
      { value: 0, row: 1 },
      { value: Infinity, row: 7 },
    ]);
  });

  it('in parts tell the rows of the whole', async () => {
    const segment = { type: 0, rows: 8, firstRow: 100 };
    const more = { segments: [segment], outWidth: 108, firstBest: 1 };
    const { entries } = await bestOf(rowsOf([1, 2, 1, 1, 1, 1, 4, 4]), SMALL, more);
    expect(entries).toEqual([
      { value: 2, row: 101 },
      { value: 4, row: 106 },
    ]);
  });

  it('are more than one dimension has workgroups', async () => {
    const values = Array.from({ length: 65_600 }, (_, row) => (row % 4_099) - (row % 13));
    const single = { ...SMALL, workgroup: 1, lanes: 1, rows: 1 };
    const { out, entries } = await bestOf(rowsOf(values), single);
    expect(values.findIndex((value, row) => out[row] !== value)).toBe(-1);
    const wrong = entries.findIndex((one, n) => one.value !== values[n] || one.row !== n);
    expect([wrong, entries.length]).toEqual([-1, values.length]);
  });
});

it('rows are normed', async () => {
  const [x, norm] = [randomFloats(3 * 100, 1), randomFloats(100, 2)];
  const { out } = await device.run(normRows(100, 0.01), { x, norm, out: floats(300) }, [3, 1]);
  const wanted = [...normed(x, norm, 0.01)].map((value) => ({ value, size: 1 }));
  expect(worst(new Float32Array(out!), wanted)).toBeLessThan(1e-5);
});
