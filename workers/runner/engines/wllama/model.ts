/** A model loaded in wllama: turns its OpenAI-shaped chunks into the seam's. */
import type { Wllama } from '@wllama/wllama/esm/index.js';
import type {
  ChatParams,
  CompleteParams,
  DeltaChunk,
  EngineChunk,
  EngineInfo,
  PromptCount,
} from '#core/engine';
import { PaddockError } from '#core/errors';
import type { ChatFile } from '../../chat/chat-file';
import { chat, complete, countChat } from '../../chat/gguf-chat';
import type { Asked, GgufModel, Prompt } from '../../chat/gguf-model';
import type { LoadedModel } from '../../engine';
import { readingBy } from '../by-tokenizer';
import { ReplyText } from '../paddock/generate/reply-text';
import type { Tokenizer } from '../paddock/tokenizer/tokenizer';
import { answer, finalOf, toServerOptions, type Answer, type CompletionChunk } from './answer';
import { completeSeeing } from './complete-seeing';
import { countTokens } from './count-tokens';
import { imageFiles } from './image-files';
import type { NativeLog } from './native-log';
import { grammarOption } from './grammar-option';
import { explained, toLogprob } from './logprobs';
import { textOf } from './text-of';

interface WllamaModelParts {
  wllama: Wllama;
  info: EngineInfo;
  log: NativeLog;
  /** What stands for an image in a prompt; absent: the model sees none. */
  imageMark?: string;
  /** Called until it succeeds once. */
  readFile(): Promise<ChatFile>;
  /** Undefined for one that Paddock does not know. */
  tokenizer(): Promise<Tokenizer | undefined>;
}

export class WllamaModel implements LoadedModel {
  readonly info: EngineInfo;
  readonly #parts: WllamaModelParts;
  readonly #model: GgufModel;
  #file: ChatFile | undefined;

  constructor(parts: WllamaModelParts) {
    this.#parts = parts;
    this.info = parts.info;
    this.#model = {
      contextLength: parts.info.contextLength,
      tellsTokens: false,
      ...(parts.imageMark !== undefined && { imageMark: parts.imageMark }),
      file: () => this.#readFile(),
      read: (text) => this.#read(text),
      encode: async (text) => {
        const tokenizer = await parts.tokenizer();
        return tokenizer && readingBy(tokenizer).encode(text);
      },
      reply: (prompt, asked, signal) => this.#reply(prompt, asked, signal),
    };
  }

  chat(params: ChatParams, signal: AbortSignal): AsyncIterable<EngineChunk> {
    return chat(this.#model, params, signal);
  }

  count(params: ChatParams, signal: AbortSignal): Promise<PromptCount> {
    return countChat(this.#model, params, signal);
  }

  complete(params: CompleteParams, signal: AbortSignal): AsyncIterable<EngineChunk> {
    if (typeof params.prompt !== 'string' || params.each) throw needsName();
    return complete(this.#model, params, signal);
  }

  async close(): Promise<void> {
    await this.#parts.wllama.exit();
  }

  async #readFile(): Promise<ChatFile> {
    return (this.#file ??= await this.#parts.readFile());
  }

  async #read(text: string): Promise<Prompt> {
    const tokenizer = await this.#parts.tokenizer();
    if (tokenizer) return readingBy(tokenizer).read(text);
    const { bos, eos } = await this.#readFile();
    const refuse = async (long: string) => {
      const chunks = this.#run(long, { num_predict: 0 });
      for await (const chunk of chunks) void chunk;
    };
    const length = await countTokens(text, eos || bos, this.info.contextLength, refuse);
    return { text, length };
  }

  async *#reply(
    { text, tokens = [], images = [] }: Prompt,
    { options, each, format, thought }: Asked,
    signal: AbortSignal,
  ): AsyncGenerator<EngineChunk, void, void> {
    if (each) throw needsName();
    const held = grammarOption({ format, thought });
    const files = await imageFiles(images);
    yield* this.#run(text ?? (await this.#textOf(tokens)), options, signal, held, files);
  }

  /** @throws PaddockError `engine_failed`: what the tokenizer gave is not given without it */
  async #textOf(tokens: readonly number[]): Promise<string> {
    const tokenizer = await this.#parts.tokenizer();
    if (tokenizer) return textOf(tokens, tokenizer, await this.#readFile());
    throw new PaddockError('engine_failed', 'A prompt came as tokens, which nobody here knows.');
  }

  async *#run(
    prompt: string,
    options: Asked['options'],
    signal?: AbortSignal,
    held: { grammar?: string } = {},
    files: Uint8Array[] = [],
  ): AsyncGenerator<EngineChunk, void, void> {
    const told: Answer = { reason: 'stop' };
    const { logprobs } = options;
    const asked = { prompt, ...toServerOptions(options), ...held, files };
    if (logprobs) yield* this.#withLogprobs(asked, options, told, signal);
    else {
      for await (const { text = '' } of this.#ask(asked, told, signal)) {
        yield { type: 'delta', content: text };
      }
    }
    yield finalOf(told);
  }

  /** Stop strings are looked for here: behind them the server tells no longer which text is of which token. */
  async *#withLogprobs(
    { stop: _, ...asked }: Completion,
    { stop, top_logprobs = 0 }: Asked['options'],
    told: Answer,
    signal?: AbortSignal,
  ): AsyncGenerator<DeltaChunk, void, void> {
    const tokenizer = await this.#parts.tokenizer();
    const ending = new AbortController();
    const either = AbortSignal.any([ending.signal, ...(signal ? [signal] : [])]);
    const text = new ReplyText(stop);
    const timed = { ...asked, timings_per_token: true };
    try {
      for await (const { logprobs } of this.#ask(timed, told, either)) {
        for (const token of logprobs?.content ?? []) {
          const written = Uint8Array.from(token.bytes);
          const piece = text.push(written, toLogprob(token, top_logprobs, tokenizer));
          if (piece) yield piece;
        }
        if (!text.stopped) continue;
        ending.abort();
        break;
      }
    } catch (error) {
      throw explained(error);
    }
    const rest = text.flush();
    if (rest) yield rest;
  }

  #ask({ files, ...rest }: Completion, told: Answer, signal?: AbortSignal) {
    const { wllama, log } = this.#parts;
    const asked = { ...rest, stream: true } as const;
    const start = (onData: (chunk: CompletionChunk) => void) => {
      const reading = { onData, abortSignal: signal };
      return files.length > 0
        ? completeSeeing(wllama, asked, files, reading)
        : wllama.createCompletion({ ...asked, ...reading });
    };
    return answer(start, log, told);
  }
}

/** What the server is asked, by its own names, and the images of the prompt. */
type Completion = { prompt: string; files: Uint8Array[] } & Record<string, unknown>;

/** Tokens need `TokenModel`. */
function needsName(): PaddockError {
  const message = 'llama.cpp takes and tells tokens only where it was asked for by its name.';
  return new PaddockError('not_supported', message);
}
