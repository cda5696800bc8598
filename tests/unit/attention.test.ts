import { beforeAll, describe, expect, it } from 'vitest';
import { attentionKernels, compileAttention } from '../fixtures/attention-kernels.ts';
import { attentionOf, farthest, gaussian, seeded } from '../fixtures/attention-reference.ts';

const SPAN = 256;
const KINDS = [
  // Off by at most this part of the largest value, against the numbers before they went into the cache.
  { kind: 0, name: '16-bit cache', bound: 1e-3 },
  { kind: 1, name: '8-bit cache', bound: 5e-2 },
];

let wasm: Awaited<ReturnType<typeof attentionKernels>>;
beforeAll(async () => {
  wasm = await attentionKernels(256);
}, 60_000);

interface Setup {
  kind: number;
  size: number;
  heads: number;
  keys: Float32Array[];
  values: Float32Array[];
}

/** Puts keys and values into a cache; what lies behind them is 0xff. */
function place(s: Setup) {
  const { kernels } = wasm;
  wasm.reset();
  const row = kernels.rowBytes(s.kind, s.size);
  const source = wasm.take(s.size * 4);
  const put = (rows: Float32Array[]) => {
    const at = wasm.take(row * rows.length);
    rows.forEach((values, i) => {
      wasm.write(source, values);
      kernels.storeRow(s.kind, source, at + i * row, s.size);
    });
    return at;
  };
  const keys = put(s.keys);
  const values = put(s.values);
  return { keys, values, scratch: wasm.take(kernels.attendScratch(s.size)) };
}

/** As a decode step does it: span by span, then merged. */
function decode(s: Setup, at: ReturnType<typeof place>, query: Float32Array, positions: number) {
  const { kernels } = wasm;
  const spans = Math.ceil(positions / SPAN);
  const record = s.heads * kernels.recordBytes(s.size);
  const q = wasm.take(query.length * 4);
  const out = wasm.take(query.length * 4);
  const partials = wasm.take(spans * record);
  wasm.write(q, query);
  kernels.placeQueries(q, s.heads, s.size, 0, at.scratch);
  for (let i = 0; i < spans; i++) {
    const from = i * SPAN;
    const to = Math.min(from + SPAN, positions);
    const target = partials + i * record;
    kernels.attendSpan(
      ...[s.kind, s.heads, at.keys, at.values, from, to, s.size, at.scratch, target],
    );
  }
  kernels.mergeSpans(partials, spans, s.heads, s.size, out);
  return wasm.read(out, query.length);
}

function random(kind: number, size: number, heads: number, positions: number, seed = 7) {
  const next = seeded(seed + positions + size * heads);
  const rows = () => Array.from({ length: positions }, () => gaussian(next, size));
  const s: Setup = { kind, size, heads, keys: rows(), values: rows() };
  return { s, query: gaussian(next, heads * size, 2 / Math.sqrt(size)) };
}

function reference(s: Setup, query: Float32Array, positions: number) {
  return Array.from({ length: s.heads }, (_, h) =>
    attentionOf(
      query.subarray(h * s.size, (h + 1) * s.size),
      s.keys.slice(0, positions),
      s.values.slice(0, positions),
    ),
  ).flat();
}

describe.each(KINDS)('attention of one token, $name', ({ kind, bound }) => {
  it.each([8, 32, 64, 80, 96, 128, 256])('heads of %i values', (size) => {
    const { s, query } = random(kind, size, 3, 300);
    const got = decode(s, place(s), query, 300);
    expect(farthest(got, reference(s, query, 300))).toBeLessThan(bound);
  });

  it.each([1, 2, 3, 4, 7, 8, 16])('%i heads on the same keys', (heads) => {
    const { s, query } = random(kind, 64, heads, 70);
    expect(farthest(decode(s, place(s), query, 70), reference(s, query, 70))).toBeLessThan(bound);
  });

  it.each([1, 2, 3, 5, 8, 9, 255, 256, 257, 512, 1000])('%i positions', (positions) => {
    const { s, query } = random(kind, 64, 3, positions);
    const got = decode(s, place(s), query, positions);
    expect(farthest(got, reference(s, query, positions))).toBeLessThan(bound);
  });

  it.each([
    [0, 520],
    [250, 20],
    [300, 1],
    [511, 17],
  ])('a prompt from position %i, %i tokens: the bits of token after token', (position, tokens) => {
    const { kernels } = wasm;
    const end = position + tokens;
    for (const heads of [1, 3, 7]) {
      const { s, query: one } = random(kind, 64, heads, end);
      const at = place(s);
      const stride = heads * 64 + 32; // as one group's heads among others
      const q = wasm.take(tokens * stride * 4);
      const out = wasm.take(tokens * stride * 4);
      const next = seeded(99);
      const queries = Array.from({ length: tokens }, () => gaussian(next, one.length, 0.3));
      queries.forEach((query, t) => wasm.write(q + t * stride * 4, query));
      kernels.attendBlock(
        ...[kind, q, stride, heads, tokens, position, at.keys, at.values, 64],
        ...[at.scratch, out, stride],
      );
      const some = tokens > 100 ? [0, 1, 7, 8, 254, 255, 256, 257, tokens - 1] : queries.keys();
      for (const t of some) {
        const got = wasm.read(out + t * stride * 4, one.length);
        expect(got).toEqual(decode(s, at, queries[t]!, position + t + 1));
      }
    }
  });

  it('weights below 2^-14 of the greatest still count: a strong first key with a small value', () => {
    const { s, query } = random(kind, 64, 1, 1000);
    s.keys[0] = query.map((x) => x * 8); // a score 10 or so above the others
    s.values[0]!.fill(1e-3);
    s.values.forEach((v, i) => i && v.fill(1));
    const got = decode(s, place(s), query, 1000);
    const want = reference(s, query, 1000);
    expect(want[0]!).toBeLessThan(0.9);
    expect(farthest(got, want) / want[0]!).toBeLessThan(10 * bound);
  });

  it('very large scores: the greatest wins, nothing overflows', () => {
    const { s, query } = random(kind, 64, 2, 600);
    s.keys.forEach((k) => k.forEach((x, d) => (k[d] = x * 1e5)));
    query.forEach((x, d) => (query[d] = x * 1e5));
    expect(farthest(decode(s, place(s), query, 600), reference(s, query, 600))).toBeLessThan(bound);
  });

  it.each([64, 96, 128])(
    'the largest integers everywhere fill no sum: heads of %i values',
    (size) => {
      for (const most of [1, 1.5, 1.999]) {
        const { s, query } = random(kind, size, 2, 300);
        // Every other score is the greatest sum of products that there is; the rest are as far below zero.
        s.keys.forEach((k, j) => k.fill(j % 2 ? -most : most));
        s.values.forEach((v, j) => v.fill(j % 2 ? -most : most));
        const got = decode(s, place(s), query.fill(most), 300);
        expect(farthest(got, reference(s, query, 300))).toBeLessThan(1e-3);
        // Equal scores: equal weights, whose sums with equal values are the greatest.
        s.keys.forEach((k) => k.fill(1));
        s.values.forEach((v) => v.fill(-most));
        expect(farthest(decode(s, place(s), query, 300), reference(s, query, 300))).toBeLessThan(
          1e-3,
        );
      }
    },
  );

  it('reads nothing behind the last row: one that ends with the memory', () => {
    const { kernels } = wasm;
    wasm.reset();
    const row = gaussian(seeded(5), 64);
    const [source, scratch] = [wasm.take(256), wasm.take(kernels.attendScratch(64))];
    const last = wasm.bytes.length - kernels.rowBytes(kind, 64);
    const [partial, out] = [wasm.take(kernels.recordBytes(64)), wasm.take(256)];
    wasm.write(source, row);
    kernels.storeRow(kind, source, last, 64);
    kernels.placeQueries(source, 1, 64, 0, scratch);
    kernels.attendSpan(kind, 1, last, last, 0, 1, 64, scratch, partial);
    kernels.mergeSpans(partial, 1, 1, 64, out);
    expect(farthest(wasm.read(out, 64), [...row])).toBeLessThan(bound);
  });

  it('keys and queries of zeros: the mean of the values', () => {
    const { s, query } = random(kind, 64, 2, 300);
    s.keys.forEach((k) => k.fill(-0));
    expect(farthest(decode(s, place(s), query, 300), reference(s, query, 300))).toBeLessThan(bound);
    s.values.forEach((v) => v.fill(-0));
    expect(decode(s, place(s), query.fill(0), 300).every((x) => Math.abs(x) === 0)).toBe(true);
  });

  it.each(['keys', 'values'] as const)('no number in the %s: none comes out', (where) => {
    for (const bad of [NaN, Infinity]) {
      for (const place_ of [0, 137, 299]) {
        const { s, query } = random(kind, 64, 1, 300);
        s[where][place_]![5] = bad;
        expect(decode(s, place(s), query, 300).every(Number.isNaN)).toBe(true);
      }
    }
  });
});

describe('rows of the cache', () => {
  it.each(KINDS)('$name: as near as half a step', ({ kind }) => {
    const { kernels } = wasm;
    const levels = kind === 0 ? 16383 : 127;
    for (const scale of [1, 1e-20, 1e20]) {
      wasm.reset();
      const row = gaussian(seeded(3), 96, scale);
      const [from, to, back] = [wasm.take(384), wasm.take(384), wasm.take(384)];
      wasm.write(from, row);
      kernels.storeRow(kind, from, to, 96);
      kernels.loadRow(kind, to, back, 96);
      const step = row.reduce((m, x) => Math.max(m, Math.abs(x)), 0) / levels;
      expect(farthest(wasm.read(back, 96), [...row])).toBeLessThanOrEqual(step * 0.502);
      expect(wasm.bytes[to + kernels.rowBytes(kind, 96)]).toBe(0xff);
    }
  });

  it.each(KINDS)('$name: a row that is turned is the turned row', ({ kind, bound }) => {
    const { kernels } = wasm;
    wasm.reset();
    const row = gaussian(seeded(4), 64);
    const angles = Array.from({ length: 24 }, (_, i) => 5 * Math.pow(10_000, -i / 24));
    const [x, kept, cos, sin] = [wasm.take(256), wasm.take(256), wasm.take(96), wasm.take(96)];
    wasm.write(x, row);
    wasm.write(cos, angles.map(Math.cos));
    wasm.write(sin, angles.map(Math.sin));
    kernels.storeRow(kind, x, kept, 64);
    kernels.turnRow(kind, kept, cos, sin, 24, 64);
    kernels.rope(x, cos, sin, 24);
    const want = [...row];
    angles.forEach((a, i) => {
      const [p, q] = [row[2 * i]!, row[2 * i + 1]!];
      want[2 * i] = p * Math.cos(a) - q * Math.sin(a);
      want[2 * i + 1] = q * Math.cos(a) + p * Math.sin(a);
    });
    expect(farthest(wasm.read(x, 64), want)).toBeLessThan(1e-6);
    kernels.loadRow(kind, kept, x, 64);
    expect(farthest(wasm.read(x, 64), want)).toBeLessThan(bound);
  });
});

describe('a range of rows', () => {
  it.each(KINDS)('$name: each is turned as it is alone, and no other is', ({ kind }) => {
    const { kernels } = wasm;
    wasm.reset();
    const bytes = kernels.rowBytes(kind, 64);
    const [x, cos, sin] = [wasm.take(256), wasm.take(96), wasm.take(96)];
    const angles = Array.from({ length: 24 }, (_, i) => 5 * Math.pow(10_000, -i / 24));
    wasm.write(cos, angles.map(Math.cos));
    wasm.write(sin, angles.map(Math.sin));
    const [rows, alone] = [wasm.take(5 * bytes), wasm.take(5 * bytes)];
    for (let at = 0; at < 5; at++) {
      wasm.write(x, gaussian(seeded(at), 64));
      for (const block of [rows, alone]) kernels.storeRow(kind, x, block + at * bytes, 64);
    }
    const untouched = wasm.bytes.slice(rows, rows + 5 * bytes);
    kernels.turnRows(kind, rows + bytes, 3, cos, sin, 24, 64);
    for (const at of [1, 2, 3]) kernels.turnRow(kind, alone + at * bytes, cos, sin, 24, 64);
    const turned = wasm.bytes.slice(rows, rows + 5 * bytes);
    expect(turned).toEqual(wasm.bytes.slice(alone, alone + 5 * bytes));
    expect(turned).not.toEqual(untouched);
  });
});

describe('element by element', () => {
  it('vexp: 2e-7 from -87 to 88, zero below, NaN stays', () => {
    wasm.reset();
    const x = Float32Array.from({ length: 70_000 }, (_, i) => -87 + i * 0.0025);
    const at = wasm.take(x.byteLength);
    wasm.write(at, x);
    wasm.kernels.expAll(at, x.length);
    const off = wasm.read(at, x.length).map((y, i) => Math.abs(y / Math.exp(x[i]!) - 1));
    expect(off.reduce((a, b) => Math.max(a, b))).toBeLessThan(2e-7);
    wasm.write(at, [-88, -Infinity, NaN, 0]);
    wasm.kernels.expAll(at, 4);
    expect(wasm.read(at, 4)).toEqual([0, 0, NaN, 1]);
  });

  it.each([1, 7, 64, 577])('norm, silu, sum and scale of %i', (n) => {
    const { kernels } = wasm;
    wasm.reset();
    const next = seeded(n);
    const [a, b] = [gaussian(next, n, 20), gaussian(next, n)];
    const [x, y, out] = [wasm.take(n * 4 + 4), wasm.take(n * 4), wasm.take(n * 4 + 4)];
    const run = (f: () => void, want: (v: number, i: number) => number, tolerance: number) => {
      wasm.write(x, a);
      wasm.write(y, b);
      f();
      const expected = Array.from(a, want);
      const most = expected.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
      return (at: number) => {
        expect(farthest(wasm.read(at, n), expected)).toBeLessThanOrEqual(most * tolerance);
        expect(wasm.bytes[at + n * 4]).toBe(0xff);
      };
    };
    const mean = a.reduce((sum, v) => sum + v * v, 0) / n;
    run(
      () => kernels.rmsNorm(x, y, out, n, 1e-5),
      (v, i) => (v / Math.sqrt(mean + 1e-5)) * b[i]!,
      1e-6,
    )(out);
    run(
      () => kernels.siluMul(x, y, out, n),
      (v, i) => (v / (1 + Math.exp(-v))) * b[i]!,
      1e-6,
    )(out);
    run(
      () => kernels.addTo(x, y, n),
      (v, i) => v + b[i]!,
      1e-7,
    )(x);
    run(
      () => kernels.scale(x, 0.125, n),
      (v) => v / 8,
      0,
    )(x);
  });
});

it('is the same in both modules: nothing here depends on relaxed SIMD', async () => {
  const [plain, relaxed] = [
    await compileAttention('simd'),
    await compileAttention('simd,relaxed-simd'),
  ];
  expect(WebAssembly.Module.exports(new WebAssembly.Module(plain)).length).toBeGreaterThan(10);
  const code = (bytes: Uint8Array<ArrayBuffer>) => bytes.join();
  expect(code(relaxed)).toBe(code(plain));
}, 60_000);
