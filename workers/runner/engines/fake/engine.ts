/** An engine without a model, for tests: the last message's first word names a scenario. */
import type {
  Capability,
  ChatParams,
  CompleteParams,
  EmbedParams,
  Embeddings,
  EngineChunk,
  EngineInfo,
  FinalChunk,
  PromptCount,
} from '#core/engine';
import type { Engine, LoadContext, LoadedModel } from '../../engine';
import { contextExceeded } from '../../chat/context-exceeded';
import { count, countAll, counted, cut, fitted } from './fit';
import { playLoad } from './loads';
import { deltaOf, inFormat, vectorOf } from './said';
import { scenarioFor, type ScenarioInput } from './scenarios';
import { faultOf, TokenModel, tokensOf } from './token-model';
import { realWorld, type FakeWorld } from './world';

/** `scripts/check-release.ts` looks for this name in the release build, where it must not be. */
const NAME = 'paddock-fake-engine';

const WRONG = { engine: NAME, reason: 'It computes wrong.', report: 'Adapter: Fake adapter' };

/** All that a request can ask for; whether the model can is in what its file says. */
const CAPABILITIES: Capability[] = [
  ...(['completion', 'chat', 'embedding', 'vision', 'tools'] as const),
  ...(['thinking', 'insert', 'format', 'logprobs'] as const),
];

type Reply = Pick<ScenarioInput, 'text' | 'written' | 'suffix' | 'thinks'> &
  Pick<ScenarioInput, 'tools' | 'rounds' | 'results'> &
  Pick<CompleteParams, 'format' | 'options'> & {
    promptTokens: number;
    /** Tokens that come before the reply, where they shall be told. */
    before?: number[];
  };

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

  count(params: ChatParams): Promise<PromptCount> {
    return counted(params, this.info.contextLength);
  }

  async *chat(params: ChatParams, signal: AbortSignal): AsyncGenerator<EngineChunk, void, void> {
    const messages = await fitted(params, this.info.contextLength);
    const user = messages.findLast((message) => message.role === 'user')?.content ?? '';
    const last = messages.at(-1);
    const since = messages.slice(messages.findLastIndex(({ role }) => role === 'user') + 1);
    const results = since.filter(({ role }) => role === 'tool');
    const { context = [], suffix = '', tools = [] } = params;
    const prompt = messages.map((message) => message.content).join('\n');
    const reply = {
      ...params,
      ...{ text: user, written: last?.role === 'assistant' ? last.content : '' },
      ...{ suffix, thinks: params.think !== false, tools: tools.map(({ name }) => name) },
      ...{ rounds: since.filter(({ toolCalls }) => toolCalls).length },
      results: results.map(({ content }) => content),
      promptTokens: context.length + countAll(messages),
      ...(params.tellContext && { before: [...context, ...tokensOf(prompt).slice(1)] }),
    };
    yield* this.#run(reply, signal);
  }

  complete(params: CompleteParams, signal: AbortSignal): AsyncIterable<EngineChunk> {
    const { prompt } = params;
    if (typeof prompt !== 'string') return this.#tokens.complete(prompt, params, signal);
    const text = cut(prompt, params, this.info.contextLength);
    const plain = {
      text,
      written: '',
      suffix: '',
      thinks: true,
      tools: [],
      rounds: 0,
      results: [],
    };
    return this.#run({ ...params, ...plain, promptTokens: count(text) }, signal);
  }

  async embed({ input, truncate }: EmbedParams): Promise<Embeddings> {
    const { contextLength } = this.info;
    const read = input.map((text) => {
      const tokens = tokensOf(text).slice(1);
      if (!truncate && tokens.length > contextLength)
        throw contextExceeded(tokens.length, contextLength);
      return tokens.slice(0, contextLength);
    });
    const promptTokens = read.reduce((sum, { length }) => sum + length, 0);
    return { vectors: read.map(vectorOf), promptTokens };
  }

  async *#run(
    { format, options, before, promptTokens, ...asked }: Reply,
    signal: AbortSignal,
  ): AsyncGenerator<EngineChunk, void, void> {
    const started = performance.now();
    const { num_predict: most = -1, seed = -1 } = options;
    const { onDeath } = this.#context;
    const played = scenarioFor(asked.text)({ ...asked, seed, signal, info: this.info, onDeath });
    const steps = format ? inFormat(format, played) : played;
    let evalTokens = 0;
    let text = '';
    let reason: FinalChunk['reason'] = 'stop';
    for await (const step of steps) {
      signal.throwIfAborted();
      if (typeof step !== 'string' && 'type' in step) {
        yield step;
        continue;
      }
      if (evalTokens === most) {
        reason = 'length';
        break;
      }
      evalTokens++;
      if (typeof step === 'string') text += step;
      yield deltaOf(step, options);
    }
    const evalMs = Math.max(performance.now() - started, 0.001);
    const counts = { promptTokens, cachedTokens: 0, promptMs: 1, evalTokens, evalMs };
    const context = before && { context: [...before, ...tokensOf(text).slice(1)] };
    yield { type: 'final', reason, ...counts, ...context };
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
      capabilities: CAPABILITIES,
      bytes: { weights: model.size, cache: 1024 },
    };
    const own = options.engine === 'faithful' ? undefined : faultOf(fault);
    return new FakeModel(info, context, new TokenModel(info, world, own));
  };
  return { name: NAME, load };
}
