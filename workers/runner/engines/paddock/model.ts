/** A model loaded in Paddock's own engine: text in, text out. */
import type {
  ChatParams,
  CompleteParams,
  EngineChunk,
  EngineInfo,
  PromptCount,
} from '#core/engine';
import type { ChatFile } from '../../chat/chat-file';
import { chat, complete, countChat } from '../../chat/gguf-chat';
import type { Asked, GgufModel, Prompt } from '../../chat/gguf-model';
import type { LoadedModel } from '../../engine';
import { Grammars } from '../../grammar/grammars';
import { readingBy } from '../by-tokenizer';
import type { Decoder } from './decoder';
import { generate } from './generate/generate';
import { Prefixes } from './prefixes/prefixes';
import type { Tokenizer } from './tokenizer/tokenizer';

export interface ModelParts {
  decoder: Decoder;
  tokenizer: Tokenizer;
  file: ChatFile;
  info: EngineInfo;
  /**
   * Where calls have to wait for each other: called before each, and what it gives back behind it.
   * @throws PaddockError what the device was lost with before (detail: idle)
   */
  enter?(): Promise<() => void>;
  close(): void;
}

/** Bytes for prefixes outside the cache: some chats' worth, and never more than the cache itself. */
const LARGEST_KEPT = 128 * 1024 ** 2;

export class PaddockModel implements LoadedModel {
  readonly info: EngineInfo;
  readonly #parts: ModelParts;
  readonly #prefixes: Prefixes;
  readonly #grammars: Grammars;
  readonly #model: GgufModel;

  constructor(parts: ModelParts) {
    this.#parts = parts;
    this.info = parts.info;
    this.#grammars = new Grammars(parts.tokenizer);
    this.#prefixes = new Prefixes(parts.decoder, Math.min(LARGEST_KEPT, parts.info.bytes.cache));
    this.#model = {
      contextLength: parts.decoder.contextLength,
      tellsTokens: true,
      file: async () => parts.file,
      ...readingBy(parts.tokenizer),
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
    return complete(this.#model, params, signal);
  }

  async tokenize(text: string): Promise<number[]> {
    return this.#parts.tokenizer.encode(text, { addSpecial: true, parseSpecial: true });
  }

  async close(): Promise<void> {
    this.#prefixes.clear();
    this.#parts.close();
  }

  async *#reply(
    { tokens = [] }: Prompt,
    { options, each, format, thought }: Asked,
    signal: AbortSignal,
  ): AsyncGenerator<EngineChunk, void, void> {
    const { decoder, tokenizer } = this.#parts;
    const constraint =
      format && this.#grammars.constraint(format, thought, options.ignore_eos ?? false);
    const means = { decoder, tokenizer, prefixes: this.#prefixes, each, constraint };
    const leave = await this.#parts.enter?.();
    try {
      yield* generate(means, tokens, options, signal);
    } finally {
      leave?.();
    }
  }
}
