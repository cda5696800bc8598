/** A model loaded in wllama: turns its OpenAI-shaped chunks into the seam's. */
import type { Wllama } from '@wllama/wllama/esm/index.js';
import type {
  ChatParams,
  CompleteParams,
  EngineChunk,
  EngineInfo,
  FinalChunk,
  SamplingOptions,
} from '#core/engine';
import { PaddockError, isAbort } from '#core/errors';
import type { LoadedModel } from '../../engine';
import type { Ends } from './ends';
import type { NativeLog } from './native-log';
import { pieces } from './pieces';
import { withoutPrefix } from './without-prefix';

/** What a chat chunk and a completion chunk have in common. */
interface AnyChunk {
  choices: { delta?: { content?: string | null }; text?: string; finish_reason: string | null }[];
  timings?: {
    cache_n: number;
    prompt_n: number;
    prompt_ms: number;
    predicted_n: number;
    predicted_ms: number;
  };
}

export class WllamaModel implements LoadedModel {
  readonly info: EngineInfo;
  readonly #wllama: Wllama;
  readonly #log: NativeLog;
  readonly #readEnds: () => Promise<Ends>;
  #ends: Ends | undefined;

  /** @param readEnds called until it succeeds once, when a chat brings a template */
  constructor(wllama: Wllama, info: EngineInfo, log: NativeLog, readEnds: () => Promise<Ends>) {
    this.#wllama = wllama;
    this.info = info;
    this.#log = log;
    this.#readEnds = readEnds;
  }

  chat(params: ChatParams, signal: AbortSignal): AsyncIterable<EngineChunk> {
    const { messages, options, template } = params;
    if (template !== undefined) return this.#chatBy(template, params, signal);
    const last = messages.at(-1);
    const written = last?.role === 'assistant' ? last.content : '';
    const chunks = this.#run((onData) =>
      this.#wllama.createChatCompletion({
        messages: messages as Parameters<Wllama['createChatCompletion']>[0]['messages'],
        stream: true,
        onData,
        abortSignal: signal,
        ...toServerOptions(options),
      }),
    );
    return written ? withoutPrefix(chunks, written) : chunks;
  }

  complete({ prompt, options }: CompleteParams, signal: AbortSignal): AsyncIterable<EngineChunk> {
    return this.#run((onData) =>
      this.#wllama.createCompletion({
        // llama.cpp's server takes the tokens of a text in its place; wllama's types do not say so.
        prompt: prompt as string,
        stream: true,
        onData,
        abortSignal: signal,
        ...toServerOptions(options),
      }),
    );
  }

  /** llama.cpp takes a template when it loads a model, and models share what is loaded: it is given the text. */
  async *#chatBy(
    template: string,
    { messages, options }: ChatParams,
    signal: AbortSignal,
  ): AsyncGenerator<EngineChunk, void, void> {
    const { renderChat } = await import('../paddock/template/render-chat');
    const { bos, eos } = (this.#ends ??= await this.#readEnds());
    const ends = { bos, eos, now: new Date() };
    const text = renderChat({ ...ends, template, messages, addGenerationPrompt: true });
    // Many templates write BOS, by its name or as it is; llama.cpp puts its own in front.
    const twice = bos !== '' && this.#wllama.mustAddBosToken() && text.startsWith(bos);
    const prompt = twice ? text.slice(bos.length) : text;
    yield* this.complete({ prompt, options }, signal);
  }

  async close(): Promise<void> {
    await this.#wllama.exit();
  }

  async *#run(
    start: (onData: (chunk: AnyChunk) => void) => Promise<void>,
  ): AsyncGenerator<EngineChunk, void, void> {
    let reason: FinalChunk['reason'] = 'stop';
    let timings: AnyChunk['timings'];
    try {
      for await (const chunk of pieces(start)) {
        const choice = chunk.choices[0];
        const content = choice?.delta?.content ?? choice?.text;
        if (content) yield { type: 'delta', content };
        if (choice?.finish_reason === 'length') reason = 'length';
        timings = chunk.timings ?? timings;
      }
    } catch (error) {
      throw this.#explain(error);
    }
    if (!timings) throw new PaddockError('engine_failed', 'The reply ended without its counts.');
    yield {
      type: 'final',
      reason,
      promptTokens: timings.cache_n + timings.prompt_n,
      cachedTokens: timings.cache_n,
      promptMs: timings.prompt_ms,
      evalTokens: timings.predicted_n,
      evalMs: timings.predicted_ms,
    };
  }

  #explain(error: unknown): PaddockError {
    if (isAbort(error)) return new PaddockError('aborted', 'The reply was stopped.');
    const message = error instanceof Error ? error.message : String(error);
    const exceeded = this.#log.takeExceeded();
    if (!exceeded) return new PaddockError('engine_failed', message);
    return new PaddockError('context_exceeded', message, {
      promptTokens: exceeded.n_prompt_tokens,
      contextLength: exceeded.n_ctx,
    });
  }
}

/** Ollama's option names are llama.cpp's server's too, but for two. Absent options are left out. */
function toServerOptions({
  num_predict,
  num_keep,
  ...options
}: SamplingOptions): Record<string, unknown> {
  const named = { ...options, n_predict: num_predict, n_keep: num_keep, cache_prompt: true };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}
