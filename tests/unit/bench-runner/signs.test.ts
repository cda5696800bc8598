/** What a runner tells while it measures: tokens as they come, and before them that the prompt is being read. */
import { expect, it } from 'vitest';
import type { EngineInfo } from '#core/engine';
import { measure } from '../../../workers/runner/measure';

it('tells of each part of a prompt, without a token', async () => {
  const counts = { promptTokens: 3, cachedTokens: 0, promptMs: 1, evalTokens: 1, evalMs: 1 };
  const model = {
    info: {} as EngineInfo,
    async *complete() {
      yield { type: 'prompt' as const, evaluated: 1, total: 3 };
      yield { type: 'prompt' as const, evaluated: 2, total: 3 };
      await Promise.resolve();
      yield { type: 'delta' as const, content: 'a', tokens: 1 };
      yield { type: 'final' as const, reason: 'length' as const, ...counts };
    },
    chat: () => {
      throw new Error('nobody chats');
    },
    close: () => Promise.resolve(),
  };
  const told: number[] = [];
  const params = { prompt: [1, 2, 3], generate: 1 };
  const { sample } = await measure(model, params, new AbortController().signal, ({ tokens }) =>
    told.push(tokens),
  );
  expect(told).toEqual([0, 0, 1]);
  expect(sample).toMatchObject({ tokens: 1, laterTokens: 0 });
});
