/** Figures of a result as a table has them. */
import type { Agreement, CandidateResult } from '#core/bench/run';
import type { EngineInfo } from '#core/engine';
import { formatTokens } from '#core/format-words';

/** `12.3`, `119`: as many digits as a rate's own. */
export function plainRate(value: number): string {
  return value.toFixed(value < 99.95 ? 1 : 0);
}

/** `61 %` of 0.61. */
export function shareText(share: number | null): string {
  return share === null ? 'not known' : `${Math.round(share * 100)} %`;
}

/** `2.4 %` of 0.024. */
export function cvText(cv: number | null): string {
  return cv === null ? '–' : `${(cv * 100).toFixed(1)} %`;
}

/** A word, and what stands behind it. */
export interface Label {
  word: string;
  note?: string;
  bad?: boolean;
}

export function agreementLabel(agreement: Agreement | null): Label {
  if (!agreement) return { word: '–' };
  if (agreement.state === 'unverified') return { word: 'Unverified', note: agreement.reason };
  const { state, agreed, of, reference, misses = [] } = agreement;
  const other = misses.length > 0 ? `; others at ${misses.map(({ at }) => at + 1).join(', ')}` : '';
  const note = `${agreed} of ${formatTokens(of)} as ${reference}${other}`;
  return state === 'agrees' ? { word: 'Agree', note } : { word: 'Differ', note, bad: true };
}

/** Of a candidate whose name says the backend already. */
export function proofLabel({ proof }: Pick<CandidateResult, 'proof'>): Label | null {
  if (proof === null) return null;
  if (proof === 'proven') return { word: 'backend proven' };
  return proof === 'disproven'
    ? { word: 'another backend did the work', bad: true }
    : { word: 'backend by the engine’s own word' };
}

/** All that the engine claims. */
export function memoryBytes({ weights, cache, compute = 0 }: EngineInfo['bytes']): number {
  return weights + cache + compute;
}
