/** How much memory several models may take, and what each is counted with. */
import { describe, expect, it } from 'vitest';
import type { EngineInfo } from '#core/engine';
import {
  estimate,
  memoryBudget,
  NO_BUDGET,
  short,
  taken,
} from '../../workers/host/scheduler/memory-budget';
import { digest, LIMITS } from '../fixtures/house';

const GIB = 1024 ** 3;
const adapter = {
  ...{ name: 'Some adapter', f16: true, software: false, slow: false },
  ...{ max_buffer: GIB, max_binding: GIB, workgroup_storage: 16_384, storage_buffers: 8 },
};

describe('the budget', () => {
  it.each([
    ['half of a phone’s memory, for both', 4 * GIB, [2, 2, 2]],
    ['half of 8 GiB, of which no browser says whether it is all', 8 * GIB, [4, 4, 4]],
    ['one for each where there is more', 32 * GIB, [4, 16, 20]],
    ['half of what could be reserved, where nothing is told', null, [2, 2, 2]],
  ])('%s', (_, device_memory, [graphics, processor, both]) => {
    expect(memoryBudget({ memory32: 4 * GIB, device_memory })).toEqual({
      graphics: graphics! * GIB,
      processor: processor! * GIB,
      both: both! * GIB,
    });
  });
});

describe('what a model takes', () => {
  const info = { backend: 'webgpu', bytes: { weights: 5, cache: 2, compute: 1 } } as EngineInfo;

  it('is what its engine says', () => {
    expect(taken(info)).toEqual({ graphics: 8, processor: 0 });
    const silent = { ...info, backend: 'wasm', bytes: { weights: 5, cache: 2 } } as EngineInfo;
    expect(taken(silent)).toEqual({ graphics: 0, processor: 7 });
  });

  const gguf = { format: 'gguf', files: [{ digest: digest('a') }], size: GIB };
  const options = { num_ctx: 0, num_gpu: -1, num_thread: 0 };
  const places: [string, string, number, typeof LIMITS, 'graphics' | 'processor'][] = [
    ['on the CPU without an adapter', 'gguf', -1, LIMITS, 'processor'],
    ['on the adapter', 'gguf', -1, { ...LIMITS, adapter }, 'graphics'],
    ['on the CPU where that is asked for', 'gguf', 0, { ...LIMITS, adapter }, 'processor'],
    [
      'on the CPU where software plays the adapter',
      'gguf',
      -1,
      { ...LIMITS, adapter: { ...adapter, software: true } },
      'processor',
    ],
    [
      'on such an adapter where that is asked for',
      'gguf',
      1,
      { ...LIMITS, adapter: { ...adapter, software: true } },
      'graphics',
    ],
    ['on the adapter, for MLC', 'mlc', -1, LIMITS, 'graphics'],
  ];

  it.each(places)('is expected %s', (_, format, num_gpu, limits, place) => {
    const expected = estimate({ ...gguf, format }, { ...options, num_gpu }, limits);
    expect(expected[place]).toBeGreaterThan(GIB);
    expect(expected[place]).toBeLessThan(1.5 * GIB);
    expect(expected.graphics + expected.processor).toBe(expected[place]);
  });

  it('is more with a larger context', () => {
    const small = estimate(gguf, options, LIMITS);
    const large = estimate(gguf, { ...options, num_ctx: 32_768 }, LIMITS);
    expect(large.processor).toBeGreaterThan(small.processor + GIB / 2);
  });
});

describe('what would help where memory is short', () => {
  const onGpu = { graphics: 3, processor: 0 };
  const onCpu = { graphics: 0, processor: 3 };
  const apart = { graphics: 5, processor: 5, both: 10 };
  const shared = { graphics: 5, processor: 5, both: 5 };
  const helps = (...asked: Parameters<typeof short>) => {
    const found = short(...asked);
    return found && [found(onGpu), found(onCpu)];
  };

  it.each([
    ['nothing, where there is room', apart, [onGpu], onCpu, undefined],
    ['only what is on the adapter', apart, [onGpu, onCpu], onGpu, [true, false]],
    ['only what is on the CPU', apart, [onGpu, onCpu], onCpu, [false, true]],
    ['anything, where both share it', shared, [onGpu], onCpu, [true, true]],
    ['anything, where nothing is known', NO_BUDGET, [onGpu], onCpu, [true, true]],
    ['nothing on the adapter for what needs none of it', apart, [onGpu, onGpu], onCpu, undefined],
  ])('%s', (_, budget, all, next, expected) => {
    expect(helps(budget, all, next)).toEqual(expected);
  });
});
