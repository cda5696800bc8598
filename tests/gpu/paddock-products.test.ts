/** Products of quantized matrices on the adapter, against the same in float64. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  defaultMatmul,
  defaultMatvec,
  matmul,
  matvec,
} from '../../workers/runner/engines/paddock/kernels/webgpu/products';
import { KernelDevice } from '../fixtures/gpu-kernels/device';
import { matrixOf, randomFloats, reference } from '../fixtures/gpu-kernels/matrix';
import { FORMATS, type WeightType } from '../fixtures/random-model/blocks';

let device: KernelDevice;
beforeAll(async () => {
  device = await KernelDevice.open();
});
afterAll(() => device.close());

function worst(got: Float32Array, { sums, sizes }: ReturnType<typeof reference>): number {
  let most = 0;
  got.forEach((value, i) => {
    const error = Math.abs(value - sums[i]!) / sizes[i]!;
    most = error <= most ? most : error;
  });
  return most;
}

describe.each(Object.keys(FORMATS) as WeightType[])('%s', (name) => {
  const matrix = matrixOf(name, 37, 512, 1);
  const { type, rows, columns, codes, scales } = matrix;
  const product = { columns, segments: [{ type, rows }], epilogue: 'store' } as const;

  it('matvec', async () => {
    const x = randomFloats(columns, 2);
    const kernel = matvec(product, device.features, defaultMatvec(product, device.features));
    const buffers = { codes, scales, x, out: new Float32Array(rows) };
    const { out } = await device.run(kernel, buffers, kernel.workgroups);
    expect(worst(new Float32Array(out!), reference(matrix, x))).toBeLessThan(2e-5);
  });

  it('matmul', async () => {
    const x = randomFloats(columns * 31, 3);
    const kernel = matmul(product, device.features, defaultMatmul(product, device.features));
    const buffers = { codes, scales, x, out: new Float32Array(rows * 31) };
    const { out } = await device.run(kernel, buffers, kernel.workgroups(31), { tokens: 31 });
    expect(worst(new Float32Array(out!), reference(matrix, x))).toBeLessThan(2e-5);
  });
});
