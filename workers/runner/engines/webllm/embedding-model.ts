/** A loaded model that makes vectors. */
import type { EmbedParams, Embeddings, EngineInfo } from '#core/engine';
import { PaddockError } from '#core/errors';
import { throwIfAborted } from '../../abort';
import type { LoadedModel } from '../../engine';
import type { EmbeddingPipeline } from './pipeline';
import type { TextEnds } from './text-ends';

export interface EmbeddingModelParts {
  info: EngineInfo;
  pipeline: EmbeddingPipeline;
  ends: TextEnds;
  step<T>(work: Promise<T>): Promise<T>;
  close(): Promise<void>;
  /** As in `TextModelParts`. */
  enter(): Promise<() => void>;
}

export class EmbeddingModel implements LoadedModel {
  readonly info: EngineInfo;
  readonly #parts: EmbeddingModelParts;

  constructor(parts: EmbeddingModelParts) {
    this.#parts = parts;
    this.info = parts.info;
  }

  async embed({ input, truncate, raw }: EmbedParams, signal: AbortSignal): Promise<Embeddings> {
    const { pipeline, step, enter } = this.#parts;
    const texts = input.map((text) => this.#tokens(text, truncate));
    const vectors: Embeddings['vectors'] = [];
    const leave = await enter();
    try {
      // One by one: a batch is padded to its longest text, and cannot be stopped inside.
      for (const tokens of texts) {
        throwIfAborted(signal);
        const [vector = []] = await step(pipeline.embedStep([tokens]));
        vectors.push(raw ? Float32Array.from(vector) : ofLengthOne(vector));
      }
    } finally {
      leave();
    }
    return { vectors, promptTokens: texts.reduce((sum, { length }) => sum + length, 0) };
  }

  chat(): never {
    throw writesNothing();
  }

  complete(): never {
    throw writesNothing();
  }

  close(): Promise<void> {
    return this.#parts.close();
  }

  #tokens(text: string, truncate: boolean): number[] {
    const { pipeline, ends } = this.#parts;
    const own = pipeline.tokenizer.encode(text);
    const contextLength = pipeline.contextWindowSize;
    const room = contextLength - ends.begin.length - ends.end.length;
    if (own.length > room && !truncate) {
      const promptTokens = own.length + ends.begin.length + ends.end.length;
      throw new PaddockError(
        'context_exceeded',
        `The text is ${promptTokens} tokens and the context holds ${contextLength}.`,
        { promptTokens, contextLength },
      );
    }
    return [...ends.begin, ...own.slice(0, room), ...ends.end];
  }
}

function ofLengthOne(vector: readonly number[]): Float32Array<ArrayBuffer> {
  const length = Math.hypot(...vector) || 1;
  return Float32Array.from(vector, (value) => value / length);
}

function writesNothing(): PaddockError {
  return new PaddockError('not_supported', 'This model makes embeddings and writes no text.');
}
