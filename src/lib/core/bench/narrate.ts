/** What a result means, in words for a person. */
import { redoClause } from '#core/bench/flag-words';
import { ceilingOf, shareOfCeiling, type Ceiling } from '#core/bench/ceiling';
import { summary, type Summary } from '#core/bench/rates';
import type { Bandwidth, CandidateResult, LoadSplit, TestResult } from '#core/bench/run';
import { engineName } from '#core/engine-words';
import { formatBytes, formatCount, formatRate } from '#core/format';

/** Whether another program than Paddock measured it: what it ran on is in its engine's name. */
export function isForeign({ info }: Pick<CandidateResult, 'info'>): boolean {
  return info?.engine.startsWith('llama.cpp') ?? false;
}

/** `Paddock, on the CPU`, `llama.cpp (CUDA)`. */
export function candidateLabel(result: Pick<CandidateResult, 'candidate' | 'info'>): string {
  const { engine, backend } = result.candidate;
  if (result.info && isForeign(result)) return result.info.engine;
  // English, as the exported files that say it are.
  return `${engineName({ engine })}, on ${backend === 'webgpu' ? 'WebGPU' : 'the CPU'}`;
}

/** `38 tokens a second`, `4.2 tokens a second`. */
export function rateWords(perSecond: number): string {
  const digits = perSecond < 9.95 ? 1 : 0;
  const count = Number(perSecond.toFixed(digits));
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'token' : 'tokens'} a second`;
}

/** `38.2 ± 0.4`, or `38.2` of one repetition; in tokens a second, or whatever the values are. */
export function spreadText({ mean, sd }: Pick<Summary, 'mean' | 'sd'>): string {
  // As many digits as the mean's: three that count.
  const digits = mean < 9.995 ? 2 : mean < 99.95 ? 1 : 0;
  const text = mean.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return sd === null ? text : `${text} ± ${sd.toFixed(digits)}`;
}

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

/**
 * `Memory gives 12 GB/s to 2 threads and a token takes 97 MB, so it can be 123 tokens a second at most.`; of an adapter
 * also by what: `to the graphics adapter (by a copy, which was faster than reading)`.
 */
export function ceilingSentence({ rate, bandwidth, bytes, memory, threads, by }: Ceiling): string {
  const how = by === 'copy' ? 'by a copy, which was faster than reading' : 'by reading';
  const whom = memory === 'gpu' ? `the graphics adapter (${how})` : formatThreads(threads ?? 1);
  return `Memory gives ${formatRate(bandwidth)} to ${whom} and a token takes ${formatBytes(bytes)}, so it can be ${rateWords(rate)} at most.`;
}

/** `cold`, `warm`, or with what spoiled it: `cold, disturbed each time: the tab was hidden`. */
export function loadLabel({ cold, disturbed }: Pick<LoadSplit, 'cold' | 'disturbed'>): string {
  const what = cold ? 'cold' : 'warm';
  return disturbed ? `${what}, disturbed each time: ${redoClause(disturbed)}` : what;
}

/** `1 thread`, `4 threads`. */
export function formatThreads(threads: number): string {
  return `${formatCount(threads)} ${threads === 1 ? 'thread' : 'threads'}`;
}
