/** An engine without a model, for tests: the last message's first word names a scenario. */
import type { ChatParams, CompleteParams, EngineChunk, EngineInfo } from '#core/engine';
import type { Engine, LoadContext, LoadedModel } from '../../engine';
import { playLoad } from './loads';
import { scenarioFor } from './scenarios';

/** `scripts/check-release.ts` looks for this name in the release build, where it must not be. */
const NAME = 'paddock-fake-engine';

/** Whitespace-separated words: the fake's tokens. */
function count(text: string): number {
  return text.split(/\s+/).filter(Boolean).length;
}

class FakeModel implements LoadedModel {
  readonly info: EngineInfo;
  readonly #context: LoadContext;

  constructor(info: EngineInfo, context: LoadContext) {
    this.info = info;
    this.#context = context;
  }

  chat({ messages }: ChatParams, signal: AbortSignal): AsyncIterable<EngineChunk> {
    const user = messages.findLast((message) => message.role === 'user')?.content ?? '';
    const last = messages.at(-1);
    const written = last?.role === 'assistant' ? last.content : '';
    const prompt = messages.map((message) => message.content).join('\n');
    return this.#run(user, written, count(prompt), signal);
  }

  complete({ prompt }: CompleteParams, signal: AbortSignal): AsyncIterable<EngineChunk> {
    const text = typeof prompt === 'string' ? prompt : prompt.join(' ');
    return this.#run(text, '', count(text), signal);
  }

  async *#run(text: string, written: string, promptTokens: number, signal: AbortSignal) {
    const started = performance.now();
    let evalTokens = 0;
    const { onDeath } = this.#context;
    const steps = scenarioFor(text)({ text, written, signal, info: this.info, onDeath });
    for await (const content of steps) {
      signal.throwIfAborted();
      if (typeof content !== 'string') {
        yield content;
        continue;
      }
      evalTokens++;
      yield { type: 'delta', content } satisfies EngineChunk;
    }
    const evalMs = Math.max(performance.now() - started, 0.001);
    yield {
      type: 'final',
      reason: 'stop',
      promptTokens,
      cachedTokens: 0,
      promptMs: 1,
      evalTokens,
      evalMs,
    } satisfies EngineChunk;
  }

  async close() {}
}

export const fakeEngine: Engine = {
  name: NAME,
  async load(model, weights, options, context) {
    context.onProgress({ phase: 'weights' });
    const { adapter } = await playLoad(weights, options, context);
    const info: EngineInfo = {
      engine: NAME,
      ...(adapter
        ? { backend: 'webgpu', adapter }
        : { backend: 'wasm', noWebGpu: options.num_gpu === 0 ? 'asked_cpu' : 'engine_cpu_only' }),
      threads: options.num_thread || 1,
      contextLength: options.num_ctx || 4096,
      contextTrained: 8192,
      capabilities: ['completion', 'chat'],
      bytes: { weights: model.size, cache: 1024 },
    };
    return new FakeModel(info, context);
  },
};
