/**
 * The context of models that nobody asked a number for, made smaller each time the memory runs out. It stays so for
 * the host's life: what did not fit once would end the next reply in the middle too.
 */
import type { LoadOptions } from '#core/engine';

/** Tokens that engines take unasked, where the failure does not say what was tried. */
const UNASKED = 4096;

/** Tokens below which a chat is of no use. */
const SMALLEST = 512;

export class AutoContexts {
  readonly #tokens = new Map<string, number>();

  /** What to load the model with these files with. A number that somebody asked for stays: Ollama's rule. */
  apply(files: string, options: LoadOptions): LoadOptions {
    return options.num_ctx === 0 ? { ...options, num_ctx: this.#tokens.get(files) ?? 0 } : options;
  }

  /**
   * The memory ran out. Returns the tokens that the next load takes, undefined where it was not the context, or
   * somebody asked for it.
   * @param had tokens of the context that was tried, if known
   */
  shrink(files: string, options: LoadOptions, had?: number): number | undefined {
    if (options.num_ctx > 0) return undefined;
    const before = had ?? this.#tokens.get(files) ?? UNASKED;
    const next = Math.max(SMALLEST, Math.floor(before / 2));
    if (next < before) this.#tokens.set(files, next);
    // The smallest did not fit either, so something else took the memory, and may give it back.
    else this.#tokens.delete(files);
    return this.#tokens.get(files);
  }
}
