/** The same logits, to the bit, whatever computes them: so the same seed gives the same text everywhere. */
import { expect, it } from 'vitest';
import { randomModel } from '../fixtures/random-model';
import type { WeightType } from '../fixtures/random-model/blocks';
import { logitsOf, type Settings } from './paddock-logits';

const TOKENS = Array.from({ length: 70 }, (_, at) => 3 + ((at * 37) % 340));

const WAYS: Settings[] = [
  { threads: 2 },
  { threads: 3, chunk: 16 },
  { kernels: 'plain' },
  { kernels: 'plain', threads: 2, chunk: 64 },
  { chunk: 64 },
  { chunk: 7 },
];

/** One of each kind: halves, blocks with one scale, blocks in blocks. The others are of these kinds. */
const TYPES: WeightType[] = ['F16', 'Q8_0', 'Q4_K'];
const OTHERS: WeightType[] = ['Q4_1', 'Q5_0', 'Q5_K', 'Q6_K'];

it.for<WeightType>(import.meta.env.PADDOCK_LONG ? [...TYPES, ...OTHERS] : TYPES)(
  'is the same on any threads, module and chunk: %s',
  { timeout: 60_000 },
  async (type) => {
    const weights = new Blob([
      randomModel({ architecture: 'qwen3', type, seed: 21 }) as Uint8Array<ArrayBuffer>,
    ]);
    const one = await logitsOf(weights, TOKENS, { kernels: 'relaxed' });
    expect(one).toHaveLength(TOKENS.length);
    for (const way of WAYS) {
      const other = await logitsOf(weights, TOKENS, way);
      const different = other.filter((logits, at) =>
        logits.some((value, id) => value !== one[at]![id]),
      );
      expect(different.length, JSON.stringify(way)).toBe(0);
    }
  },
);
