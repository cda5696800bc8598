/** What a result means, in a sentence of English: for the files that others read. */
import { ceilingOf, shareOfCeiling, type Ceiling } from '#core/bench/ceiling';
import { rateWords } from '#core/bench/narrate';
import { summary } from '#core/bench/rates';
import type { Bandwidth, CandidateResult, TestResult } from '#core/bench/run';

/** `Writes 38 tokens a second, 61 % of what this machine’s memory allows.`; null where nothing was measured. */
export function resultSentence(
  result: Pick<CandidateResult, 'info' | 'bytesPerToken'>,
  tested: TestResult,
  bandwidth: Bandwidth | null,
): string | null {
  const middle = summary(tested)?.median;
  if (middle === undefined) return null;
  const what = tested.test.kind === 'pp' ? 'Reads' : 'Writes';
  const ceiling = ceilingOf(result, tested.test, bandwidth);
  return `${what} ${rateWords(middle)}${ceiling ? `, ${ceilingWords(middle, ceiling)}` : ''}.`;
}

/** `61 % of what this machine’s memory allows`, within a sentence. */
export function ceilingWords(rate: number, ceiling: Ceiling): string {
  const share = shareOfCeiling(rate, ceiling);
  if (share > 1)
    return 'more than this machine’s memory alone allows: part of the model stays in its caches';
  return `${(share * 100).toFixed(0)} % of what this machine’s memory allows`;
}
