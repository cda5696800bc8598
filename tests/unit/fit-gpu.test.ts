/** The arithmetic of a GGUF file on the graphics adapter, and its verdicts. */
import { describe, expect, it } from 'vitest';
import { catalogue } from '#core/catalogue/catalogue';
import { fitGpu, gpuSum, lackOfGpu } from '#core/fit-gpu';
import { sumLines, verdictText } from '#core/fit-words';
import { readGgufHeader } from '#core/gguf';
import type { DeviceLimits } from '#core/paddock-api';
import { STARTER } from '#core/starter';
import { readSpec } from '../../workers/runner/engines/paddock/spec/read-spec';
import { findTensors } from '../../workers/runner/engines/paddock/spec/tensors';
import { planGpu } from '../../workers/runner/engines/paddock/webgpu/plan';
import { starterBytes } from '../../scripts/fixtures/starter-bytes';
import { ADAPTER } from '../fixtures/device-report';
import { LIMITS } from '../fixtures/house';

const GIB = 1024 ** 3;
const MODEL = {
  size: 2e9,
  parameters: 4e9,
  context: 40_960,
  shape: { layers: 36, keyValueHeads: 8, headSize: 128, vocabulary: 100_000 },
};
const device = (bytes: number | null, change: Partial<DeviceLimits> = {}): DeviceLimits => ({
  ...LIMITS,
  device_memory: bytes,
  adapter: ADAPTER.limits,
  ...change,
});
const starter = catalogue().find(({ names }) => names.includes(STARTER.name))!;
const needed = (context: number) => gpuSum(MODEL, context).total;

describe('the sum', () => {
  it('is the file’s weights, 16-bit keys and values, and room to compute', () => {
    const sum = gpuSum(MODEL, 4096);
    expect(sum.weights).toBe(2e9);
    expect(sum.cache).toBe(2 * 36 * 8 * 128 * 2 * 4096);
    expect(sum.total).toBe(sum.weights + sum.cache + sum.compute);
    expect(sum.compute).toBeLessThan(0.05 * sum.total);
  });

  it('is shown as what it is, beside half of the device’s memory', () => {
    const shown = sumLines(fitGpu(starter, device(8 * GIB)), starter.size, true);
    expect(Object.fromEntries(shown.map(({ what, bytes }) => [what, bytes]))).toEqual({
      Weights: '98 MB',
      'Cache: 4,096 tokens × 23 kB': '94 MB',
      'Room to compute': '2.8 MB',
      'Memory needed': '196 MB',
      'Memory counted: half of this device’s': '4.3 GB',
    });
  });
});

describe('the starter', () => {
  it('claims what is said, within a twentieth', async () => {
    const bytes = await starterBytes();
    const read = (offset: number, length: number) =>
      Promise.resolve(bytes.slice(offset, offset + length));
    const header = await readGgufHeader(read, bytes.length);
    const spec = readSpec(header);
    const tensors = findTensors(header, spec);
    const [buffer, binding] = [256 * 1024 ** 2, 128 * 1024 ** 2]; // what every adapter gives
    const limits = { buffer, binding, workgroupStorage: 16_384, invocations: 256 };
    for (const context of [512, 4096, 8192]) {
      const plan = planGpu(spec, tensors, { context, cache: 'f16', chunk: 64, limits });
      const sum = gpuSum(starter, context);
      expect(sum.cache).toBe(plan.cacheBytes);
      expect(sum.weights / plan.weightBytes).toBeCloseTo(1, 1);
      expect(Math.abs(sum.total / plan.bytes - 1)).toBeLessThan(0.05);
    }
  });
});

describe('the verdict', () => {
  it('fits within half of the device’s memory', () => {
    const found = fitGpu(MODEL, device(2 * needed(4096)));
    expect(found).toMatchObject({ verdict: 'fits', graphics: 'paddock', sum: { context: 4096 } });
    expect(fitGpu(MODEL, device(2 * needed(4096) - 1))).toMatchObject({ verdict: 'smaller' });
  });

  it('fits with the largest context that half of the memory holds', () => {
    const found = fitGpu(MODEL, device(2 * needed(1024)));
    expect(found.verdict).toBe('smaller');
    expect(found.sum.total).toBeLessThanOrEqual(needed(1024));
    expect(found.sum.context).toBeGreaterThanOrEqual(768);
  });

  it('is not known beyond that, and no where the device says that it has less', () => {
    expect(fitGpu(MODEL, device(2 * needed(512) - 2))).toMatchObject({
      verdict: 'unknown',
      sum: { context: 4096 },
    });
    const least = device(needed(512));
    expect(fitGpu(MODEL, least)).toMatchObject({ verdict: 'unknown', sum: { context: 512 } });
    expect(fitGpu(MODEL, device(needed(512) - 1000))).toMatchObject({
      verdict: 'no',
      missing: { memory: 1000 },
    });
    const large = fitGpu({ ...MODEL, size: 20e9 }, device(8 * GIB), true);
    expect(large.verdict).toBe('unknown'); // the browser names no more
    expect(verdictText(large)).toMatch(/^Not known: it needs 21 GB of graphics memory/);
  });

  it('counts half of what could be reserved where the browser does not tell', () => {
    expect(fitGpu(MODEL, device(null, { memory32: 2 * needed(4096) })).verdict).toBe('fits');
    expect(fitGpu(MODEL, device(null, { memory32: GIB })).verdict).toBe('unknown');
  });

  it('offers no more context than it was trained for', () => {
    const short = { ...MODEL, context: 2048 };
    expect(fitGpu(short, device(8 * GIB)).sum.context).toBe(2048);
  });
});

it('lacks nothing but an adapter, or the room for one layer’s keys', () => {
  const keys = 8 * 128 * 2 * 512;
  const given = (max_binding: number) => ({ ...ADAPTER.limits, max_binding });
  expect(lackOfGpu(MODEL, null)).toEqual({ missing: 'adapter' });
  expect(lackOfGpu(MODEL, given(keys))).toBeNull();
  expect(lackOfGpu(MODEL, given(keys - 1))).toEqual({
    ...{ missing: 'maxStorageBufferBindingSize', needed: keys, given: keys - 1 },
  });
});
