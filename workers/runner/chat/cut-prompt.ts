/** Cuts the middle out of a prompt that is too long by itself, as Ollama does. */
import type { SamplingOptions } from '#core/engine';

/** Tokens of the prompt that stay where the option is absent. Source: ollama, api/types.go. */
const KEPT = 4;

/** Tokens that are left of a full context: half of what stands behind the kept ones goes, one at least. */
export function tokensLeft(contextLength: number, kept: number): number {
  return contextLength - Math.max(Math.floor((contextLength - kept) / 2), 1);
}

/** Tokens that stay at the front: those of `num_keep` (-1: all), and the one that begins a text. */
export function headOf(
  { num_keep = KEPT }: SamplingOptions,
  prompt: readonly number[],
  bos: number | undefined,
): number {
  const begins = bos !== undefined && prompt[0] === bos ? 1 : 0;
  return num_keep < 0 ? prompt.length : num_keep + begins;
}

/** The head and the end of a prompt that is longer than the context. @param bos the token that begins texts */
export function cutPrompt(
  prompt: readonly number[],
  options: SamplingOptions,
  contextLength: number,
  bos: number | undefined,
): number[] {
  const { num_keep = KEPT } = options;
  const target = tokensLeft(contextLength, num_keep < 0 ? prompt.length : num_keep);
  const head = Math.min(headOf(options, prompt, bos), target);
  return [...prompt.slice(0, head), ...prompt.slice(prompt.length - (target - head))];
}
