/** Figures of a result as a table has them. */
import type { Agreement, CandidateResult } from '#core/bench/run';
import type { EngineInfo } from '#core/engine';
import { formatFixed } from '#core/format';
import { formatTokens } from '#core/format-words';
import * as m from '#core/messages/bench';

/** `12.3`, `119`: as many digits as a rate's own. */
export function plainRate(value: number): string {
  return formatFixed(value, value < 99.95 ? 1 : 0);
}

/** `61 %` of 0.61. */
export function shareText(share: number | null): string {
  return share === null ? m.bench_unknown() : `${Math.round(share * 100)} %`;
}

/** `2.4 %` of 0.024. */
export function cvText(cv: number | null): string {
  return cv === null ? '–' : `${formatFixed(cv * 100, 1)} %`;
}

/** A word, and what stands behind it. */
export interface Label {
  word: string;
  note?: string;
  bad?: boolean;
}

export function agreementLabel(agreement: Agreement | null): Label {
  if (!agreement) return { word: '–' };
  if (agreement.state === 'unverified')
    return { word: m.bench_unverified(), note: agreement.reason };
  const { state, agreed, of, reference, misses = [] } = agreement;
  const said = { agreed, of: formatTokens(of), reference };
  const places = misses.map(({ at }) => at + 1).join(', ');
  const note = places ? m.bench_agreed_others({ ...said, places }) : m.bench_agreed(said);
  return state === 'agrees'
    ? { word: m.bench_agree(), note }
    : { word: m.bench_differ(), note, bad: true };
}

/** Of a candidate whose name says the backend already. */
export function proofLabel({ proof }: Pick<CandidateResult, 'proof'>): Label | null {
  if (proof === null) return null;
  if (proof === 'proven') return { word: m.bench_proven() };
  return proof === 'disproven'
    ? { word: m.bench_disproven(), bad: true }
    : { word: m.bench_claimed() };
}

/** All that the engine claims. */
export function memoryBytes({ weights, cache, compute = 0 }: EngineInfo['bytes']): number {
  return weights + cache + compute;
}
