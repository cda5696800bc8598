/** Which choices the adapter makes by itself, and what it is told for them. */
import { describe, expect, it } from 'vitest';
import type { SamplingOptions } from '#core/engine';
import {
  MOST_RECENT,
  writeRecent,
} from '../../workers/runner/engines/paddock/kernels/webgpu/choosing/recent';
import {
  choosingSteps,
  choosingWay,
} from '../../workers/runner/engines/paddock/kernels/webgpu/choosing/way';
import { STORAGE_BINDINGS } from '../../workers/runner/engines/paddock/kernels/webgpu/kernel';
import { samplerSettings } from '../../workers/runner/engines/paddock/sampler/settings';

function wayOf(options: SamplingOptions, contextLength = 4096) {
  return choosingWay(samplerSettings(options), contextLength);
}

describe('the adapter chooses', () => {
  it.each<[SamplingOptions, string | undefined]>([
    [{}, 'drawn'],
    [{ temperature: 0 }, 'greedy'],
    [{ temperature: 0, top_k: 0, typical_p: 0.5 }, 'greedy'],
    [{ temperature: 0, repeat_penalty: 1.1, top_k: 0 }, 'penalized'],
    [{ temperature: 0, repeat_penalty: 1.1, repeat_last_n: 0 }, 'greedy'],
    [{ top_k: 64, top_p: 1, min_p: 0.1 }, 'drawn'],
    [{ presence_penalty: 1 }, 'penalized'],
    [{ frequency_penalty: -1, repeat_last_n: 1024 }, 'penalized'],
    [{ frequency_penalty: 1, repeat_last_n: 1025 }, undefined],
    [{ repeat_last_n: 1025 }, 'drawn'],
    [{ frequency_penalty: 1, repeat_last_n: -1 }, undefined],
    [{ repeat_penalty: 0 }, undefined],
    [{ top_k: 0 }, undefined],
    [{ top_k: 65 }, undefined],
    [{ typical_p: 0.9 }, undefined],
    [{ temperature: 0, logit_bias: { 3: 1 } }, undefined],
    [{ temperature: 0, logprobs: true }, undefined],
  ])('with %j: %s', (options, way) => {
    expect(wayOf(options)).toBe(way);
  });

  it('with a window of the whole context where that is small', () => {
    expect(wayOf({ presence_penalty: 1, repeat_last_n: -1 }, 1024)).toBe('penalized');
  });

  it('with bindings that every device has', () => {
    for (const way of ['greedy', 'drawn', 'penalized'] as const) {
      for (const { kernel } of choosingSteps(way, { vocabulary: 262_144, bestEntries: 16_384 })) {
        const storage = kernel.bindings.filter(({ access }) => access !== 'uniform');
        expect(storage.length).toBeLessThanOrEqual(STORAGE_BINDINGS);
      }
    }
  });
});

describe('the text’s end', () => {
  it('is where the kernels go on from', () => {
    expect([...writeRecent([5, 6, 7]).slice(0, 5)]).toEqual([3, 5, 6, 7, 0]);
  });

  it('is cut to what penalties can look back on', () => {
    const recent = writeRecent(Array.from({ length: MOST_RECENT + 2 }, (_, at) => at));
    expect([recent.length, recent[0], recent[1], recent.at(-1)]).toEqual([
      MOST_RECENT + 1,
      MOST_RECENT,
      2,
      MOST_RECENT + 1,
    ]);
  });
});
