/** A model loaded in wllama: turns its OpenAI-shaped chunks into the seam's. */
import type { Wllama } from '@wllama/wllama/esm/index.js';
import type { ChatParams, CompleteParams, EngineChunk, EngineInfo } from '#core/engine';
import { PaddockError } from '#core/errors';
import type { LoadedModel } from '../../engine';
import type { Ends } from './ends';
import type { NativeLog } from './native-log';
import { grammarOption } from './grammar-option';
import { answer, finalOf, toServerOptions, type Answer, type AnyChunk } from './answer';
import { withoutPrefix } from './without-prefix';

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
    const held = grammarOption(params);
    const chunks = this.#run((onData) =>
      this.#wllama.createChatCompletion({
        messages: messages as Parameters<Wllama['createChatCompletion']>[0]['messages'],
        stream: true,
        onData,
        abortSignal: signal,
        ...toServerOptions(options),
        ...held,
      }),
    );
    return written ? withoutPrefix(chunks, written) : chunks;
  }

  async *complete(
    { prompt, options, each, format, thought }: CompleteParams,
    signal: AbortSignal,
  ): AsyncGenerator<EngineChunk, void, void> {
    if (typeof prompt !== 'string' || each) throw needsName();
    const held = grammarOption({ format, thought });
    yield* this.#run((onData) =>
      this.#wllama.createCompletion({
        prompt,
        stream: true,
        onData,
        abortSignal: signal,
        ...toServerOptions(options),
        ...held,
      }),
    );
  }

  /** llama.cpp takes a template when it loads a model, and models share what is loaded: it is given the text. */
  async *#chatBy(
    template: string,
    { messages, options, format }: ChatParams,
    signal: AbortSignal,
  ): AsyncGenerator<EngineChunk, void, void> {
    const { renderChat } = await import('../paddock/template/render-chat');
    const { bos, eos } = (this.#ends ??= await this.#readEnds());
    const ends = { bos, eos, now: new Date() };
    const text = renderChat({ ...ends, template, messages, addGenerationPrompt: true });
    // Many templates write BOS, by its name or as it is; llama.cpp puts its own in front.
    const twice = bos !== '' && this.#wllama.mustAddBosToken() && text.startsWith(bos);
    const prompt = twice ? text.slice(bos.length) : text;
    yield* this.complete({ prompt, options, format }, signal);
  }

  async close(): Promise<void> {
    await this.#wllama.exit();
  }

  async *#run(
    start: (onData: (chunk: AnyChunk) => void) => Promise<void>,
  ): AsyncGenerator<EngineChunk, void, void> {
    const told: Answer = { reason: 'stop' };
    for await (const content of answer(start, this.#log, told)) yield { type: 'delta', content };
    yield finalOf(told);
  }
}

/** Tokens need `TokenModel`. */
function needsName(): PaddockError {
  const message = 'llama.cpp takes and tells tokens only where it was asked for by its name.';
  return new PaddockError('not_supported', message);
}
