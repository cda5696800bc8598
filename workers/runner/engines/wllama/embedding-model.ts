/** A model loaded in wllama that makes vectors: one text at a time, as its server's queue answers no more of a request. */
import type { Wllama } from '@wllama/wllama/esm/index.js';
import type { EmbedParams, Embeddings, EngineInfo } from '#core/engine';
import { PaddockError } from '#core/errors';
import type { LoadedModel } from '../../engine';
import { throwIfAborted } from '../../abort';
import { cutText } from './cut-text';
import type { NativeLog } from './native-log';

/** What wllama's embedding takes beyond OpenAI's fields; `embd_normalize` is llama.cpp's: 2 for length 1, -1 for as it is. */
interface Asked {
  input: string | (string | number)[];
  embd_normalize: 2 | -1;
}

/** llama.cpp rounds a context up to as many tokens. */
const CONTEXT_STEP = 256;

export class EmbeddingModel implements LoadedModel {
  readonly info: EngineInfo;
  readonly #wllama: Wllama;
  readonly #log: NativeLog;

  constructor(wllama: Wllama, info: EngineInfo, log: NativeLog) {
    this.#wllama = wllama;
    this.info = info;
    this.#log = log;
  }

  async embed({ input, truncate, raw }: EmbedParams, signal: AbortSignal): Promise<Embeddings> {
    const { contextLength } = this.info;
    const ask = (text: string) => this.#ask({ input: text, embd_normalize: raw ? -1 : 2 });
    const count = async (text: string) => {
      throwIfAborted(signal);
      return this.#count(text);
    };
    // The list fails as a whole, so its lengths are looked at before anything is computed for it.
    if (!truncate && input.length > 1) {
      for (const text of input) {
        const tokens = await count(wellFormed(text));
        if (tokens > contextLength) throw exceeded(tokens, contextLength);
      }
    }
    const vectors: Embeddings['vectors'] = [];
    let promptTokens = 0;
    for (const given of input) {
      throwIfAborted(signal);
      const text = wellFormed(given);
      let made = await ask(text);
      if (made.tokens > contextLength && truncate) {
        made = await ask(await cutText(text, made.tokens, contextLength, count));
      }
      const { vector, tokens } = made;
      if (!vector || tokens > contextLength) throw exceeded(tokens, contextLength);
      vectors.push(vector);
      promptTokens += tokens;
    }
    return { vectors, promptTokens };
  }

  chat(): never {
    throw writesNothing();
  }

  complete(): never {
    throw writesNothing();
  }

  async close(): Promise<void> {
    await this.#wllama.exit();
  }

  /**
   * Nothing is computed: with a context's worth of tokens behind it no text fits, and the refusal tells how many
   * tokens there were. wllama 3.8.1 has no other door to its tokenizer.
   */
  async #count(text: string): Promise<number> {
    const more = this.info.contextLength + CONTEXT_STEP;
    const filled = [text, ...new Array<number>(more).fill(0)];
    return (await this.#ask({ input: filled, embd_normalize: 2 })).tokens - more;
  }

  /** Without a vector there were more tokens than the context holds. */
  async #ask(asked: Asked): Promise<{ vector?: Float32Array<ArrayBuffer>; tokens: number }> {
    try {
      const { data, usage } = await this.#wllama.createEmbedding(
        asked as Parameters<Wllama['createEmbedding']>[0],
      );
      const values = data[0]!.embedding as (number | null)[];
      // JSON has no NaN, and writes null: that must not become 0.
      const vector = Float32Array.from(values, (value) => value ?? NaN);
      return { vector, tokens: usage.prompt_tokens };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const tokens = this.#log.takeExceeded()?.n_prompt_tokens ?? tooMany(message);
      if (tokens !== undefined) return { tokens };
      throw new PaddockError('engine_failed', `llama.cpp made no embedding: ${message}`);
    }
  }
}

/** `input (604 tokens) is too large to process. …`: an error of its server that has its figure in the text alone. */
function tooMany(message: string): number | undefined {
  const told = /^input \((\d+) tokens\)/.exec(message)?.[1];
  return told === undefined ? undefined : Number(told);
}

function exceeded(promptTokens: number, contextLength: number): PaddockError {
  return new PaddockError(
    'context_exceeded',
    `The text is ${promptTokens} tokens and the context holds ${contextLength}.`,
    { promptTokens, contextLength },
  );
}

/** llama.cpp's JSON knows no half of a surrogate pair, and ends the call with an exception. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}

function writesNothing(): PaddockError {
  return new PaddockError('not_supported', 'This model makes embeddings and writes no text.');
}
