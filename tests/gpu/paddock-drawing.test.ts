/** Tokens drawn on the adapter are those that the sampler draws. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SamplingOptions } from '#core/engine';
import { Xoshiro128 } from '#core/random';
import { candidatesBytes } from '../../workers/runner/engines/paddock/kernels/webgpu/choosing/candidates';
import { NONE } from '../../workers/runner/engines/paddock/kernels/webgpu/choosing/rank';
import { writeRecent } from '../../workers/runner/engines/paddock/kernels/webgpu/choosing/recent';
import { writeSampling } from '../../workers/runner/engines/paddock/kernels/webgpu/choosing/sampling';
import {
  choosingSteps,
  choosingWay,
  type ChoosingStep,
} from '../../workers/runner/engines/paddock/kernels/webgpu/choosing/way';
import { Sampler } from '../../workers/runner/engines/paddock/sampler/sampler';
import { samplerSettings } from '../../workers/runner/engines/paddock/sampler/settings';
import { randomLogits } from '../fixtures/random-logits';
import { KernelBench } from '../fixtures/webgpu-kernel';

let bench: KernelBench;
beforeAll(async () => {
  bench = await KernelBench.open();
});
afterAll(() => bench.close());

/** Where the reply's first token is put. */
const BEGIN = 5;
const DRAWS = 16;

/** Their pipelines serve all draws of a vocabulary. */
const stepsOf = new Map<string, ChoosingStep[]>();

interface Reply {
  vocabulary?: number;
  options: SamplingOptions;
  /** Before the reply. */
  text?: number[];
  contextLength?: number;
  tokens?: number;
  /** The logits that the token at `step` is drawn from. */
  logits?: (step: number) => Float32Array<ArrayBuffer>;
}

/** Draws a reply on the adapter and by the sampler: both must say the same, which is given. */
async function draw({ vocabulary = 300, text = [], tokens = 60, ...reply }: Reply) {
  const { contextLength = 1000 } = reply;
  const settings = samplerSettings({ seed: 11, ...reply.options });
  const way = choosingWay(settings, contextLength);
  if (!way || way === 'greedy') throw new Error('Nothing is drawn');
  const key = `${way} ${vocabulary}`;
  const steps = stepsOf.get(key) ?? choosingSteps(way, { vocabulary, bestEntries: 0 });
  stepsOf.set(key, steps);
  const some = Array.from({ length: 7 }, (_, seed) => randomLogits(vocabulary, { seed }));
  const logitsAt = reply.logits ?? ((step) => some[step % 7]!.slice());

  bench.write('sampling', writeSampling(settings, contextLength));
  bench.write('recent', writeRecent(text));
  bench.write('candidates', new Uint8Array(candidatesBytes(vocabulary)).fill(255));
  bench.write('state', Uint32Array.of(0, BEGIN, 3, 0));
  bench.write('history', new Uint32Array(BEGIN + tokens).fill(NONE - 1));
  const random = Xoshiro128.of(11);
  const sampler = new Sampler(settings, vocabulary, contextLength);
  text.forEach((token) => sampler.accept(token));
  const expected: number[] = [];
  for (let step = 0; step < tokens; step++) {
    const logits = logitsAt(step);
    bench.write('logits', logits);
    if (step % DRAWS === 0) {
      bench.write(
        'draws',
        Float32Array.from({ length: DRAWS }, () => random.uniform()),
      );
    }
    await bench.run(steps);
    const token = chosen(sampler, logits);
    sampler.accept(token);
    expected.push(token);
  }
  const history = [...new Uint32Array(await bench.read('history'))];
  expect(history.slice(0, BEGIN)).toEqual(new Array(BEGIN).fill(NONE - 1));
  expect(history.slice(BEGIN)).toEqual(expected);
  const state = [...new Uint32Array(await bench.read('state'))];
  expect(state).toEqual([BEGIN + tokens - 1, 1, 0, tokens]);
  return expected;
}

function chosen(sampler: Sampler, logits: Float32Array): number {
  try {
    return sampler.choose(logits).token;
  } catch (error) {
    expect(error).toMatchObject({ code: 'engine_failed' });
    return NONE;
  }
}

describe('a draw', () => {
  it.each([
    [300, 60],
    [4096, 30],
    [5000, 30],
    [49_152, 20],
    [262_144, 6],
  ])('of %i tokens is the sampler’s', async (vocabulary, tokens) => {
    const drawn = await draw({ vocabulary, tokens, options: {} });
    expect(new Set(drawn).size).toBeGreaterThan(tokens / 3);
  });

  it.each<SamplingOptions>([
    { top_k: 1 },
    { top_k: 2, top_p: 0.5 },
    { top_k: 64, top_p: 1, temperature: 2 },
    { top_k: 64, top_p: 0.95, min_p: 0.05, temperature: 1.5 },
    { top_k: 50, top_p: 1, min_p: 0.3 },
    { top_k: 50, top_p: 1, min_p: 1 },
    { top_p: 0 },
    { top_p: 0.999_999, temperature: 30 },
    { temperature: 1e-9 },
    { temperature: 1e-38 },
  ])('with %j is the sampler’s', async (options) => {
    await draw({ options });
  });

  it('prefers the lower of equal tokens', async () => {
    const options = { top_k: 64, top_p: 1, temperature: 1 };
    for (const vocabulary of [300, 5000]) {
      const flat = () => new Float32Array(vocabulary);
      expect(Math.max(...(await draw({ vocabulary, options, logits: flat })))).toBeLessThan(64);
      const some = (step: number) =>
        randomLogits(vocabulary, { seed: step }).map((logit) => Math.round(logit));
      await draw({ vocabulary, options: { ...options, min_p: 0.1 }, logits: some, tokens: 20 });
    }
  });

  it('finds the largest wherever they lie', async () => {
    const options = { top_k: 64, top_p: 1, temperature: 50 };
    const vocabulary = 5000;
    const places = [
      (at: number) => at,
      (at: number) => at * 16,
      (at: number) => (at % 16) * 256 + (at >> 4),
      (at: number) => vocabulary - 1 - at,
    ];
    const logits = (step: number) => {
      const given = randomLogits(vocabulary, { seed: step });
      for (let at = 0; at < 70; at++) given[places[step % 4]!(at)]! += 100;
      return given;
    };
    await draw({ vocabulary, options, logits, tokens: 24 });
  });

  it('leaves out what is masked, and what is not a number', async () => {
    const options = { top_k: 40, top_p: 1, temperature: 5 };
    await draw({ options, logits: (seed) => randomLogits(300, { seed, mask: 3 }), tokens: 20 });
    const few = (step: number) => {
      const logits = new Float32Array(300).fill(step % 2 ? NaN : -Infinity);
      logits.set([-1, 0, 2], 100 + step);
      return logits;
    };
    expect(new Set(await draw({ options, logits: few, tokens: 20 })).size).toBeGreaterThan(9);
    const none = () => new Float32Array(300).fill(NaN, 0, 150).fill(-Infinity, 150);
    expect(await draw({ options, logits: none, tokens: 2 })).toEqual([NONE, NONE]);
  });
});

describe('penalties', () => {
  const text = Array.from({ length: 1500 }, (_, at) => (at * at) % 290);

  it.each<[SamplingOptions, number]>([
    [{ repeat_penalty: 1.3 }, 1000],
    [{ repeat_penalty: 0.8, repeat_last_n: 3 }, 1000],
    [{ presence_penalty: 1.5, frequency_penalty: -0.25, repeat_last_n: 20 }, 1000],
    [{ frequency_penalty: 0.5, repeat_last_n: 1024 }, 4096],
    [{ frequency_penalty: 0.3, presence_penalty: 1, repeat_last_n: -1 }, 100],
    [{ repeat_penalty: 1.5, temperature: 0 }, 1000],
    [{ frequency_penalty: 1, repeat_last_n: 40, temperature: 0 }, 1000],
  ])('of %j in a context of %i are the sampler’s', async (options, contextLength) => {
    const logits = (step: number) => randomLogits(300, { seed: step % 3, spread: 1 });
    for (const before of [[], text.slice(0, 30), text]) {
      await draw({ options, text: before, contextLength, logits, tokens: 25 });
    }
  });

  it('make a negative logit smaller', async () => {
    const logits = (step: number) =>
      randomLogits(300, { seed: step % 3, spread: 1 }).map((logit) => logit - 2.5);
    for (const repeat_penalty of [1.3, 0.7]) {
      await draw({ options: { repeat_penalty }, text: text.slice(0, 30), logits, tokens: 25 });
    }
  });

  it('look back over the end of the ring', async () => {
    const options = { frequency_penalty: 1, temperature: 0, repeat_last_n: 1024 };
    const logits = () => randomLogits(300, { seed: 1, spread: 1 });
    await draw({ options, text: text.slice(0, 1010), contextLength: 4096, logits, tokens: 40 });
  });

  it('pass over tokens that the model does not have', async () => {
    await draw({ options: { repeat_penalty: 2 }, text: [300, 70_000, 5], tokens: 5 });
  });
});
