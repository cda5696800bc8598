/** How long a reply may be, and what a full context drops. */
import type { SamplingOptions } from '#core/engine';
import { headOf, tokensLeft } from '../../../chat/cut-prompt';

/** Ollama's bound on a reply, in contexts: a model that never ends its reply does not run forever. */
const MOST_CONTEXTS = 10;

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

/** The positions that a full context drops. @param prompt the one that the reply began from */
export function dropped(
  options: SamplingOptions,
  prompt: readonly number[],
  bos: number | undefined,
  contextLength: number,
): [from: number, to: number] {
  const from = Math.min(headOf(options, prompt, bos), contextLength - 1);
  return [from, from + contextLength - tokensLeft(contextLength, from)];
}
