/** 1.3 of the contract: the table of options that an engine leaves out, compared with what each hands on. */
import { describe, expect, it } from 'vitest';
import type { SamplingOptions } from '#core/engine';
import { leftOutBy } from '#core/engine-options';
import { parameterKind } from '#core/parameters';
import { dropped, mostTokens } from '../../../workers/runner/engines/paddock/generate/limits';
import { samplerSettings } from '../../../workers/runner/engines/paddock/sampler/settings';
import { toGeneration, toSeed } from '../../../workers/runner/engines/webllm/sampling';
import { toServerOptions } from '../../../workers/runner/engines/wllama/answer';

const CONTEXT = 64;

/** What an engine makes of options: what has no effect on it has none at all. */
const MADE: Record<string, (options: SamplingOptions) => unknown> = {
  paddock: (options) => [
    samplerSettings(options),
    mostTokens(options, CONTEXT),
    dropped(options, [1, 2, 3], 1, CONTEXT),
  ],
  wllama: toServerOptions,
  webllm: (options) => [
    toGeneration(options, mostTokens(options, CONTEXT)),
    toSeed({ ...options, seed: options.seed ?? 1 }),
  ],
};

/** None of them is a default. `stop` is each engine's own: paddock-stop and webllm-text-model tests. */
const CHANGED: SamplingOptions = {
  ...{
    num_predict: 9,
    temperature: 0.3,
    top_k: 7,
    top_p: 0.4,
    min_p: 0.2,
    typical_p: 0.6,
    seed: 5,
  },
  ...{ repeat_last_n: 11, repeat_penalty: 1.4, presence_penalty: 0.5, frequency_penalty: 0.6 },
};

describe.each(Object.entries<(options: SamplingOptions) => unknown>(MADE))('%s', (engine, make) => {
  const left = leftOutBy(engine);

  it.each(Object.keys(CHANGED) as (keyof SamplingOptions)[])('%s', (name) => {
    const value = CHANGED[name];
    const changes = JSON.stringify(make({ [name]: value })) !== JSON.stringify(make({}));
    expect({ name, changes }).toEqual({ name, changes: !left.includes(name) });
  });

  it('names options that there are, each once', () => {
    expect(left.filter((name) => parameterKind(name) === undefined)).toEqual([]);
    expect(new Set(left).size).toBe(left.length);
  });
});

it('nothing is known of another engine', () => {
  expect(leftOutBy('fake')).toEqual([]);
});
