/** A model of which llama.cpp was given numbers for a vocabulary (`numbered.ts`): tokens in, tokens out. */
import type { Wllama } from '@wllama/wllama/esm/index.js';
import type { ChatParams, CompleteParams, EngineChunk, EngineInfo } from '#core/engine';
import { chat, complete } from '../../chat/gguf-chat';
import type { Asked, GgufModel, Prompt } from '../../chat/gguf-model';
import type { LoadedModel } from '../../engine';
import { deltaOf } from '../each';
import { readingBy } from '../by-tokenizer';
import { ReplyText } from '../paddock/generate/reply-text';
import { answer, finalOf, toServerOptions, type Answer } from './answer';
import type { NativeLog } from './native-log';
import { lettersOf, tokensOf } from './numbered';
import type { Words } from './words';

interface TokenModelParts {
  wllama: Wllama;
  info: EngineInfo;
  log: NativeLog;
  words: Words;
}

export class TokenModel implements LoadedModel {
  readonly info: EngineInfo;
  readonly #parts: TokenModelParts;
  readonly #model: GgufModel;

  constructor(parts: TokenModelParts) {
    this.#parts = parts;
    this.info = parts.info;
    const reading = async () => readingBy((await parts.words.read()).tokenizer);
    this.#model = {
      contextLength: parts.info.contextLength,
      tellsTokens: true,
      file: async () => (await parts.words.read()).file,
      read: async (text) => (await reading()).read(text),
      encode: async (text) => (await reading()).encode(text),
      reply: (prompt, asked, signal) => this.#reply(prompt, asked, signal),
    };
  }

  chat(params: ChatParams, signal: AbortSignal): AsyncIterable<EngineChunk> {
    return chat(this.#model, params, signal);
  }

  complete(params: CompleteParams, signal: AbortSignal): AsyncIterable<EngineChunk> {
    return complete(this.#model, params, signal);
  }

  /** @throws PaddockError `not_supported` for a tokenizer that Paddock does not know */
  async tokenize(text: string): Promise<number[]> {
    const { tokenizer } = await this.#parts.words.read();
    return tokenizer.encode(text, { addSpecial: true, parseSpecial: true });
  }

  async close(): Promise<void> {
    await this.#parts.wllama.exit();
  }

  async *#reply(
    { tokens = [] }: Prompt,
    { options, each }: Asked,
    signal: AbortSignal,
  ): AsyncGenerator<EngineChunk, void, void> {
    const { wllama, log, words } = this.#parts;
    const tokenizer = await words.tokenizer();
    // The numbered model knows no end, and no words to stop at: both are looked for here.
    const { stop, ignore_eos, ...own } = options;
    const ending = new AbortController();
    const told: Answer = { reason: 'stop' };
    const text = new ReplyText(stop);
    const letters = answer(
      (onData) =>
        wllama.createCompletion({
          prompt: lettersOf(tokens),
          stream: true,
          onData,
          abortSignal: AbortSignal.any([signal, ending.signal]),
          ...{ timings_per_token: true, ...toServerOptions(own) },
        }),
      log,
      told,
    );
    for await (const { text: piece = '' } of letters) {
      let ended = false;
      for (const token of tokensOf(piece)) {
        ended = !ignore_eos && (tokenizer?.ends.has(token) ?? false);
        const bytes = ended ? undefined : tokenizer?.bytes(token);
        const delta = deltaOf(bytes && text.push(bytes), each, token);
        if (delta) yield delta;
        ended ||= text.stopped;
      }
      if (!ended) continue;
      ending.abort();
      break;
    }
    const rest = deltaOf(text.flush(), each);
    if (rest) yield rest;
    yield finalOf(told);
  }
}
