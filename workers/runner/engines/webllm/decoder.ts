/**
 * The tokens in the GPU's cache, and how a prompt comes there: what it shares with them from the first one on is
 * kept, the rest is forgotten. web-llm itself would go on after a reply without the text that ends a turn.
 */
import { commonLength } from '../paddock/prefixes/common';
import { throwIfAborted } from '../../abort';
import { tameGrammars } from './grammars';
import type { Generation, PromptPart, TextPipeline } from './pipeline';

export interface PromptProgress {
  signal: AbortSignal;
  /** Tokens in the cache, after each piece of the prompt but the last. */
  onPiece(tokens: number): void;
}

export class Decoder {
  readonly #pipeline: TextPipeline;
  readonly #forget: ((tokens: number) => void) | undefined;
  /** In the cache, from the first on. */
  #tokens: number[] = [];
  /** Whether `#tokens` is all that is in the cache. */
  #known = true;
  #prompt: readonly PromptPart[] = [];
  #length = 0;
  #progress: PromptProgress | undefined;
  /** The token that was chosen last, one that ends a text too: web-llm leaves those out of its list. */
  chosen = -1;

  constructor(pipeline: TextPipeline) {
    this.#pipeline = pipeline;
    this.#forget = forgetter(pipeline);
    tameGrammars(pipeline);
    const forward = pipeline.embedAndForward.bind(pipeline);
    pipeline.embedAndForward = async (parts, length) => {
      const progress = this.#progress;
      if (progress) throwIfAborted(progress.signal);
      const known = this.#known;
      this.#known = false;
      const logits = await forward(parts, length);
      this.#known = known && parts.every(Array.isArray);
      if (this.#known) for (const part of parts) this.#tokens.push(...(part as number[]));
      if (progress && pipeline.filledKVCacheLength < this.#length) {
        // Otherwise all pieces would be queued at once, and no stop could come between them.
        await pipeline.sync();
        progress.onPiece(pipeline.filledKVCacheLength);
      }
      return logits;
    };
    const take = pipeline.processNextToken.bind(pipeline);
    pipeline.processNextToken = (token, ...more) => {
      this.chosen = token;
      take(token, ...more);
    };
    pipeline.getInputData = async () => [
      [...this.#prompt],
      this.#length,
      ({ url }) => imageLength(pipeline, url),
    ];
  }

  /** Tokens in the cache. */
  get length(): number {
    return this.#pipeline.filledKVCacheLength;
  }

  /**
   * Brings the cache to what it shares with `prompt`, and gives its tokens; the last is always evaluated anew.
   * @param keep false: nothing is shared
   */
  begin(prompt: readonly PromptPart[], keep = true): number {
    const [only] = prompt;
    const tokens = prompt.length === 1 && Array.isArray(only) ? only : [];
    const common = Math.min(commonLength(this.#tokens, tokens), tokens.length - 1);
    const shared = keep && this.#forget && this.#known ? Math.max(common, 0) : 0;
    if (shared > 0) {
      this.#forget?.(this.#tokens.length - shared);
      this.#pipeline.filledKVCacheLength = shared;
      this.#tokens.length = shared;
      this.#prompt = [tokens.slice(shared)];
    } else {
      this.reset();
      this.#prompt = prompt;
    }
    return shared;
  }

  /** Evaluates what `begin` was given, `length` tokens in all, and chooses the first token of the reply. */
  async prefill(length: number, generation: Generation, progress: PromptProgress): Promise<void> {
    const conversation = this.#pipeline.getConversationObject();
    conversation.reset();
    // So that web-llm puts nothing of its own around the tokens.
    conversation.isTextCompletion = true;
    this.#length = length;
    this.#progress = progress;
    try {
      await this.#pipeline.prefillStep('', 'user', undefined, generation);
    } finally {
      this.#progress = undefined;
      this.#prompt = [];
    }
  }

  /** Empties the cache. */
  reset(): void {
    this.#pipeline.resetChat();
    this.#tokens = [];
    this.#known = true;
  }
}

/** Tokens that an image takes. */
export function imageLength(pipeline: TextPipeline, url: string): number {
  const image = pipeline.imageDataCache.get(url);
  return image ? pipeline.computeImageEmbedSize(image.height, image.width) : 0;
}

/** Drops so many tokens from the cache's end; undefined where the model's state cannot. */
function forgetter(pipeline: TextPipeline): ((tokens: number) => void) | undefined {
  const { tvm, kvCache, kvStateKind, slidingWindowSize } = pipeline;
  if (kvStateKind !== 'kv_cache' || slidingWindowSize !== -1) return undefined;
  tvm.beginScope();
  const pop = tvm.detachFromCurrentScope(tvm.getGlobalFunc('vm.builtin.kv_state_popn'));
  tvm.endScope();
  return (tokens) => {
    if (tokens > 0) pop(kvCache, tvm.scalar(0, 'int64'), tvm.scalar(tokens, 'int32'));
  };
}
