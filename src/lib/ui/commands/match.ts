import { fold, rangesOf } from '#core/search/fold';
import type { Snippet } from '#core/search/snippet';

export interface Match {
  snippet: Snippet;
  /** Less is nearer: 0 begins with the first word, 1 words begin so, 2 inside of words, 3 by its other words. */
  rank: number;
}

/** Whether all `words` (folded) stand in a label, or begin other words for it; null: they do not. */
export function match(label: string, other: string, words: readonly string[]): Match | null {
  const [name, rest] = [fold(label), fold(other)];
  // By the beginnings of the others: a few letters stand inside of too many.
  const found = (word: string) => name.includes(word) || ` ${rest}`.includes(` ${word}`);
  if (!words.every(found)) return null;
  const snippet = { text: label, marks: rangesOf(label, words) };
  return { snippet, rank: rankOf(name, words) };
}

function rankOf(name: string, words: readonly string[]): number {
  if (words.length > 0 && !words.every((word) => name.includes(word))) return 3;
  const starts = words.every((word) => name.startsWith(word) || name.includes(` ${word}`));
  if (!starts) return 2;
  return name.startsWith(words[0] ?? '') ? 0 : 1;
}
