/** How long a reply may be, and what a full context drops. */
import type { SamplingOptions } from '#core/engine';

/** Ollama's bound on a reply, in contexts: a model that never ends its reply does not run forever. */
const MOST_CONTEXTS = 10;

/** Tokens of the prompt that a context shift keeps when the option is absent. Source: ollama, api/types.go. */
const KEPT = 4;

/** `num_predict`: at most so many tokens; -1 as many as come, -2 as many as the context has room for. */
export function mostTokens(options: SamplingOptions, contextLength: number): number {
  const most = MOST_CONTEXTS * contextLength;
  const asked = options.num_predict ?? -1;
  return asked < 0 ? most : Math.min(asked, most);
}

/** Whether a full context is shifted, or ends the reply. */
export function shifts({ shift, num_predict }: SamplingOptions): boolean {
  return (shift ?? true) && num_predict !== -2;
}

/**
 * The positions that a full context drops: half of what stands behind the tokens to keep, one at least, as in Ollama
 * (its vectors: 8 with 3 to keep leaves 6, 4,096 with 4 leaves 2,050, 8 with 99 leaves 7).
 */
export function dropped(
  options: SamplingOptions,
  prompt: readonly number[],
  bos: number | undefined,
  contextLength: number,
): [from: number, to: number] {
  const asked = options.num_keep ?? KEPT;
  const begins = prompt[0] === bos ? 1 : 0;
  const keep = asked < 0 ? prompt.length : asked + begins;
  const from = Math.min(keep, contextLength - 1);
  return [from, from + Math.max(Math.floor((contextLength - from) / 2), 1)];
}
