/** A model loaded in Paddock's own engine: text in, text out. */
import type { ChatParams, CompleteParams, EngineChunk, EngineInfo } from '#core/engine';
import type { LoadedModel } from '../../engine';
import { Grammars } from '../../grammar/grammars';
import type { Decoder } from './decoder';
import { generate } from './generate/generate';
import { Prefixes } from './prefixes/prefixes';
import { promptTokens } from './template/prompt-tokens';
import type { Tokenizer } from './tokenizer/tokenizer';

export interface ModelParts {
  decoder: Decoder;
  tokenizer: Tokenizer;
  /** Jinja, as the file has it; empty where it has none. */
  template: string;
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

  constructor(parts: ModelParts) {
    this.#parts = parts;
    this.info = parts.info;
    this.#grammars = new Grammars(parts.tokenizer);
    this.#prefixes = new Prefixes(parts.decoder, Math.min(LARGEST_KEPT, parts.info.bytes.cache));
  }

  chat(
    { messages, template = this.#parts.template, ...asked }: ChatParams,
    signal: AbortSignal,
  ): AsyncIterable<EngineChunk> {
    const { tokenizer } = this.#parts;
    return this.#reply(() => promptTokens(tokenizer, template, messages), asked, signal);
  }

  complete({ prompt, ...asked }: CompleteParams, signal: AbortSignal): AsyncIterable<EngineChunk> {
    const { tokenizer } = this.#parts;
    const tokens = () =>
      typeof prompt === 'string'
        ? tokenizer.encode(prompt, { addSpecial: true, parseSpecial: true })
        : [...prompt];
    return this.#reply(tokens, asked, signal);
  }

  async tokenize(text: string): Promise<number[]> {
    return this.#parts.tokenizer.encode(text, { addSpecial: true, parseSpecial: true });
  }

  async close(): Promise<void> {
    this.#prefixes.clear();
    this.#parts.close();
  }

  /** A fault in the prompt is thrown where the reply is read, like every other. */
  async *#reply(
    tokens: () => number[],
    {
      options,
      each,
      format,
      thought,
    }: Pick<CompleteParams, 'options' | 'each' | 'format' | 'thought'>,
    signal: AbortSignal,
  ): AsyncGenerator<EngineChunk, void, void> {
    const { decoder, tokenizer } = this.#parts;
    const constraint =
      format && this.#grammars.constraint(format, thought, options.ignore_eos ?? false);
    const means = { decoder, tokenizer, prefixes: this.#prefixes, each, constraint };
    const leave = await this.#parts.enter?.();
    try {
      yield* generate(means, tokens(), options, signal);
    } finally {
      leave?.();
    }
  }
}
