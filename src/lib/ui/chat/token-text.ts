/** Words for the tokens of a reply and how likely they were. */
import type { Logprob } from '#core/engine';

/** 0 to 1. */
export function probability({ logprob }: Logprob): number {
  return Math.min(1, Math.exp(logprob));
}

/** `97 %`, `4.1 %`, `< 0.1 %`. */
export function percentText(logprob: Logprob): string {
  const percent = probability(logprob) * 100;
  if (percent < 0.1) return '< 0.1 %';
  return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}

/** What a token looks like where it stands alone: white space has signs, a part of a character its bytes. */
export function tokenText({ token, bytes }: Logprob): string {
  if (token === '' || token.includes('\uFFFD')) {
    return bytes.map((byte) => `<${byte.toString(16).toUpperCase().padStart(2, '0')}>`).join('');
  }
  return token.replaceAll(' ', '␣').replaceAll('\n', '⏎').replaceAll('\t', '⇥');
}

/** 0 to 4: sure to unlikely; the style sheet has a tint for each. */
export function tintOf(logprob: Logprob): number {
  const share = probability(logprob);
  return [0.9, 0.6, 0.3, 0.1].filter((limit) => share < limit).length;
}
