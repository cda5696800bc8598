/** What two replies' figures say beside each other, in sentences. */
import { formatDuration } from '#core/format';
import { rateOf } from '#core/standings';
import type { ReplyStats, VoteRecord } from '$lib/storage/records';

export const LETTERS = ['A', 'B'] as const;

export type Letter = (typeof LETTERS)[number];

/** Speeds nearer than this are one. */
const SAME = 1.05;

/** Milliseconds that nobody notices. */
const AT_ONCE_MS = 50;

/** Who was faster, who began first, and what loading took; empty where nothing was measured. */
export function comparison(a: ReplyStats | undefined, b: ReplyStats | undefined): string[] {
  if (!a || !b) return [];
  return [speed(a, b), start(a, b), loads(a, b)].filter((sentence) => sentence !== null);
}

function speed(a: ReplyStats, b: ReplyStats): string | null {
  const [first, second] = [rateOf(a), rateOf(b)];
  if (first === null || second === null) return null;
  const ratio = second / first;
  if (ratio > SAME) return `B: ${times(ratio)} × the tokens/s of A.`;
  if (ratio < 1 / SAME) return `A: ${times(1 / ratio)} × the tokens/s of B.`;
  return 'A and B wrote at about the same speed.';
}

function times(ratio: number): string {
  return ratio.toFixed(ratio < 2 ? 2 : ratio < 10 ? 1 : 0);
}

function start({ firstTokenMs: a }: ReplyStats, { firstTokenMs: b }: ReplyStats): string | null {
  if (a === undefined || b === undefined || Math.abs(a - b) < AT_ONCE_MS) return null;
  return a < b
    ? `A began ${formatDuration(b - a)} before B.`
    : `B began ${formatDuration(a - b)} before A.`;
}

function loads({ loadMs: a }: ReplyStats, { loadMs: b }: ReplyStats): string | null {
  if (a === undefined && b === undefined) return null;
  const rest = 'The time to the first token has it in it, the speed has not.';
  if (a === undefined) return `Loading B took ${formatDuration(b!)}. ${rest}`;
  if (b === undefined) return `Loading A took ${formatDuration(a)}. ${rest}`;
  return `Loading took ${formatDuration(a)} for A and ${formatDuration(b)} for B. ${rest}`;
}

export const VOTES: readonly { vote: VoteRecord['vote']; label: string }[] = [
  { vote: 'left', label: 'A is better' },
  { vote: 'right', label: 'B is better' },
  { vote: 'tie', label: 'Tie' },
  { vote: 'neither', label: 'Both bad' },
];

/** What a vote says, by the models' names. */
export function voteSentence(vote: VoteRecord['vote'], a: string, b: string): string {
  if (vote === 'left') return `${a} was better than ${b}.`;
  if (vote === 'right') return `${b} was better than ${a}.`;
  return vote === 'tie' ? `${a} and ${b} were as good.` : `${a} and ${b} were both bad.`;
}
