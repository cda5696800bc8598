/** An engine without a model, for tests: the last message's first word names a scenario. */
import type { ChatParams, CompleteParams, EngineChunk, EngineInfo } from '#core/engine';
import type { Engine, LoadContext, LoadedModel } from '../../engine';
import { playLoad } from './loads';
import { scenarioFor } from './scenarios';
import { faultOf, TokenModel, tokensOf } from './token-model';
import { realWorld, type FakeWorld } from './world';

/** `scripts/check-release.ts` looks for this name in the release build, where it must not be. */
const NAME = 'paddock-fake-engine';

const WRONG = { engine: NAME, reason: 'It computes wrong.', report: 'Adapter: Fake adapter' };

/** Whitespace-separated words: the fake's tokens. */
function count(text: string): number {
  return text.split(/\s+/).filter(Boolean).length;
}

class FakeModel implements LoadedModel {
  readonly info: EngineInfo;
  readonly #context: LoadContext;
  readonly #tokens: TokenModel;

  constructor(info: EngineInfo, context: LoadContext, tokens: TokenModel) {
    this.info = info;
    this.#context = context;
    this.#tokens = tokens;
  }

  async tokenize(text: string): Promise<number[]> {
    return tokensOf(text);
  }

  chat({ messages }: ChatParams, signal: AbortSignal): AsyncIterable<EngineChunk> {
    const user = messages.findLast((message) => message.role === 'user')?.content ?? '';
    const last = messages.at(-1);
    const written = last?.role === 'assistant' ? last.content : '';
    const prompt = messages.map((message) => message.content).join('\n');
    return this.#run(user, written, count(prompt), signal);
  }

  complete(params: CompleteParams, signal: AbortSignal): AsyncIterable<EngineChunk> {
    const { prompt } = params;
    if (typeof prompt !== 'string') return this.#tokens.complete(prompt, params, signal);
    return this.#run(prompt, '', count(prompt), signal);
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

export const fakeEngine = createFakeEngine(realWorld);

/** `options.engine` of `faithful` has none of the faults that the weights name. */
export function createFakeEngine(world: FakeWorld): Engine {
  const load: Engine['load'] = async (model, weights, options, context) => {
    context.onProgress({ phase: 'weights' });
    const { adapter, fault, wrong } = await playLoad(weights, options, context);
    const info: EngineInfo = {
      engine: NAME,
      ...(adapter
        ? { backend: 'webgpu', adapter }
        : { backend: 'wasm', noWebGpu: options.num_gpu === 0 ? 'asked_cpu' : 'no_adapter' }),
      ...(wrong && { noWebGpu: 'gpu_refused', refused: WRONG }),
      threads: options.num_thread || 1,
      contextLength: options.num_ctx || 4096,
      contextTrained: 8192,
      capabilities: ['completion', 'chat'],
      bytes: { weights: model.size, cache: 1024 },
    };
    const own = options.engine === 'faithful' ? undefined : faultOf(fault);
    return new FakeModel(info, context, new TokenModel(info, world, own));
  };
  return { name: NAME, load };
}
