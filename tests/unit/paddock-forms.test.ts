/** Planes of blocks, and what every shader of products keeps to, whatever the device. */
import { describe, expect, it } from 'vitest';
import { formOf, readingOf } from '../../workers/runner/engines/paddock/kernels/webgpu/forms';
import { spreadBits } from '../../workers/runner/engines/paddock/kernels/webgpu/forms/bits';
import {
  STORAGE_BINDINGS,
  type KernelFeatures,
} from '../../workers/runner/engines/paddock/kernels/webgpu/kernel';
import {
  matmul,
  matmulVariants,
  matvec,
  matvecVariants,
  type Product,
} from '../../workers/runner/engines/paddock/kernels/webgpu/products';
import { randomRows, seeded } from '../fixtures/quants/blocks';
import { TYPES } from '../fixtures/quants/types';

describe.each(TYPES)('$name', (quant) => {
  const { type, columns, bytes } = quant;
  const { block, codeBytes, scaleBytes, split } = formOf(type);

  it('takes what it takes in the file, aligned', () => {
    expect(codeBytes + scaleBytes).toBe((block / columns) * bytes);
    expect([codeBytes % 16, scaleBytes % 2]).toEqual([0, 0]);
    expect(block % 32).toBe(0);
  });

  it('is cut alike in one slice and in several, at any place of a buffer', () => {
    const source = randomRows(quant, 256, 5, 'usual', seeded(type + 1));
    const blocks = (256 * 5) / block;
    const planes = () => [new Uint8Array(blocks * codeBytes), new Uint8Array(blocks * scaleBytes)];
    const [codes, scales] = planes() as [Uint8Array, Uint8Array];
    split(source, codes, scales);
    const odd = new Uint8Array(source.length + 3);
    odd.set(source, 3);
    const [codes2, scales2] = planes() as [Uint8Array, Uint8Array];
    const size = codeBytes + scaleBytes;
    for (const [from, to] of [
      [0, 2],
      [2, blocks],
    ] as const) {
      split(
        odd.subarray(3 + from * size, 3 + to * size),
        codes2.subarray(from * codeBytes, to * codeBytes),
        scales2.subarray(from * scaleBytes, to * scaleBytes),
      );
    }
    expect(codes2).toEqual(codes);
    expect(scales2).toEqual(scales);
  });
});

it('bits of columns go to the bytes of their fours', () => {
  for (let column = 0; column < 32; column++) {
    const wanted = 1 << (8 * (column % 4) + Math.floor(column / 4));
    expect(spreadBits(1 << column) >>> 0).toBe(wanted >>> 0);
  }
});

it('a type that no shader knows is refused', () => {
  expect(() => formOf(1000)).toThrow('1000');
});

const DEVICES: KernelFeatures[] = [0, 4, 8, 32, 64].flatMap((subgroup) =>
  [true, false].map((more) => ({ f16: more, subgroup, dot8: more })),
);

/** What models have, the smallest and the largest of it. */
const PRODUCTS: Product[] = TYPES.flatMap(({ type }) =>
  [256, 2048, 14_336].flatMap((columns): Product[] => {
    const segments = [{ type, rows: 259 }];
    const two = [...segments, { type: TYPES.at(-1)!.type, rows: 259 }];
    return [
      { columns, segments: two, epilogue: 'store', norm: 1e-5, bias: true },
      { columns, segments, epilogue: 'add' },
      { columns, segments: two, epilogue: 'gated', norm: 1e-5 },
      { columns, segments: [{ type, rows: 262_147 }], epilogue: 'logits', norm: 1e-5 },
    ];
  }),
);

/** Bytes of the declarations in workgroup memory. */
function workgroupBytes(code: string): number {
  const sizes: Record<string, number> = { f32: 4, vec2u: 8, vec4h: 8, vec4f: 16, Words: 32 };
  const declared = code.matchAll(/var<workgroup> \w+: array<(\w+), (\d+)>/g);
  return [...declared].reduce((all, [, type, count]) => all + sizes[type!]! * Number(count), 0);
}

describe.each(DEVICES)('on a device with $subgroup lanes, dot8 and f16: $f16', (features) => {
  const made = PRODUCTS.map((product) => ({
    ...{ product, vectors: matvecVariants(product, features) },
    matrices: product.epilogue === 'logits' ? [] : matmulVariants(product, features),
  }));

  it('there are up to seven ways, all different', () => {
    for (const { vectors, matrices } of made) {
      expect(vectors.length).toBeGreaterThan(1);
      for (const variants of [vectors, matrices]) {
        expect(variants.length).toBeLessThanOrEqual(7);
        expect(new Set(variants.map((one) => JSON.stringify(one))).size).toBe(variants.length);
      }
    }
  });

  it('what is there on every device is enough', () => {
    for (const { product, vectors, matrices } of made) {
      const kernels = [
        ...vectors.map((one) => matvec(product, features, one)),
        ...matrices.map((one) => matmul(product, features, one)),
      ];
      for (const { label, code, bindings, workgroups } of kernels) {
        const storage = bindings.filter(({ access }) => access !== 'uniform');
        expect(storage.length, label).toBeLessThanOrEqual(STORAGE_BINDINGS);
        expect(workgroupBytes(code), label).toBeLessThanOrEqual(16_384);
        const [x, y] = typeof workgroups === 'function' ? workgroups(64) : workgroups;
        expect(Math.max(x, y), label).toBeLessThanOrEqual(65_535);
        if (features.subgroup === 0) expect(code, label).not.toMatch(/subgroup/);
        if (!features.dot8) expect(code, label).not.toMatch(/4x[IU]?8|dot4/);
        if (!features.f16) expect(code, label).not.toMatch(/f16;|vec4h/);
      }
    }
  });

  it('integers are for codes that a workgroup has room for', () => {
    for (const { product, vectors } of made) {
      const codes = product.segments.every(({ type }) => readingOf(type).kind === 'integers');
      const taken = vectors.some(({ int8 }) => int8);
      expect(taken).toBe(features.dot8 && codes && product.columns < 14_336);
    }
  });

  it('f16 is for codes of a prompt, and never the first way', () => {
    for (const { product, matrices } of made) {
      const codes = product.segments.every(({ type }) => readingOf(type).kind === 'integers');
      const at = matrices.findIndex(({ kind }) => kind === 'f16 tiles');
      expect(at > 0).toBe(features.f16 && codes && matrices.length > 0);
      expect(at).not.toBe(0);
    }
  });
});
