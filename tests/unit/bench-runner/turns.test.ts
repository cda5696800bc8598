/** A runner measures one repetition at a time. */
import { expect, it } from 'vitest';
import type { CallContext } from '#core/callee';
import type { EngineInfo, LoadProgress } from '#core/engine';
import type { MeasureChunk } from '#core/methods';
import type { LoadedModel } from '../../../workers/runner/engine';
import { runnerHandlers } from '../../../workers/runner/service';

function contextOf<C>(signal = new AbortController().signal): CallContext<C> {
  return { signal, send: () => Promise.resolve() };
}

it('the next begins when one that was stopped has let go of the engine', async () => {
  const log: string[] = [];
  let letGo = () => {};
  let called = () => {};
  const first = new Promise<void>((resolve) => (called = resolve));
  const model: Pick<LoadedModel, 'info' | 'complete'> = {
    info: {} as EngineInfo,
    async *complete(_params, signal) {
      const name = log.length === 0 ? 'first' : 'second';
      log.push(`${name} begins`);
      if (name === 'first') {
        // It looks for a stop between two pieces of its prompt.
        await new Promise<void>((resolve) => {
          letGo = resolve;
          called();
        });
      }
      log.push(`${name} ends`);
      signal.throwIfAborted();
      yield { type: 'delta', content: '', tokens: 1 };
      yield {
        ...({ type: 'final', reason: 'length', promptTokens: 1, cachedTokens: 0 } as const),
        ...{ promptMs: 1, evalTokens: 1, evalMs: 1 },
      };
    },
  };
  const runner = runnerHandlers({
    store: Promise.resolve({ open: () => Promise.reject(new Error('no files')) }),
    engineFor: () =>
      Promise.resolve({ name: 'slow', load: () => Promise.resolve(model as LoadedModel) }),
    onDeath: () => {},
    holdLock: () => Promise.resolve(),
  });
  const options = { num_ctx: 0, num_gpu: 0, num_thread: 1 };
  await runner.load(
    { model: { format: 'fake', files: [], size: 0 }, options },
    contextOf<LoadProgress>(),
  );
  const order = { prompt: [1], generate: 1 };
  const stop = new AbortController();
  const stopped = runner.measure(order, contextOf<MeasureChunk>(stop.signal));
  await first;
  stop.abort();
  const next = runner.measure(order, contextOf<MeasureChunk>());
  await new Promise(setImmediate);
  letGo();
  await expect(stopped).rejects.toThrow();
  expect((await next).sample.tokens).toBe(1);
  expect(log).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
});
