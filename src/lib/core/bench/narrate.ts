/** What a result means, in words for a person. */
import { ceilingOf, shareOfCeiling, type Ceiling } from '#core/bench/ceiling';
import type { TestChange } from '#core/bench/compare';
import { summary, type Summary } from '#core/bench/rates';
import type {
  Agreement,
  BackendProof,
  Bandwidth,
  CandidateResult,
  LoadSplit,
  TestResult,
} from '#core/bench/run';
import type { Backend } from '#core/engine';
import { engineOn } from '#core/engine-words';
import { formatBytes, formatCount, formatDuration, formatRate, formatTokens } from '#core/format';

/** `Paddock, on the CPU`; another machine's llama.cpp says itself what it ran on. */
export function candidateLabel({
  candidate,
  info,
}: Pick<CandidateResult, 'candidate' | 'info'>): string {
  const foreign = info?.engine.startsWith('llama.cpp');
  return foreign ? info!.engine : engineOn(candidate.engine, candidate.backend);
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

/** `Memory gives 12 GB/s to 2 threads and a token takes 97 MB, so it can be 123 tokens a second at most.` */
export function ceilingSentence({ rate, bandwidth, bytes, memory, threads }: Ceiling): string {
  const whom = memory === 'gpu' ? 'the graphics adapter' : formatThreads(threads ?? 1);
  return `Memory gives ${formatRate(bandwidth)} to ${whom} and a token takes ${formatBytes(bytes)}, so it can be ${rateWords(rate)} at most.`;
}

function formatThreads(threads: number): string {
  return `${formatCount(threads)} ${threads === 1 ? 'thread' : 'threads'}`;
}

/** `Loaded in 1.2 s, for the first time: engine 200 ms, reading 700 ms, first token 60 ms.` */
export function loadSentence(load: LoadSplit): string {
  const parts = (
    [
      ['engine', load.engineMs],
      ['reading', load.readMs],
      ['upload', load.uploadMs],
      ['shaders', load.compileMs],
      ['first token', load.firstTokenMs],
    ] as const
  ).flatMap(([name, ms]) => (ms === null ? [] : [`${name} ${formatDuration(ms)}`]));
  const split = parts.length > 0 ? `: ${parts.join(', ')}` : '';
  return `Loaded in ${formatDuration(load.totalMs)}, ${load.cold ? 'for the first time' : 'again'}${split}.`;
}

/** What is known of the text: that it is the reference's, or why nobody can tell. */
export function agreementSentence(agreement: Agreement): string {
  if (agreement.state === 'unverified') return `Not verified: ${agreement.reason}`;
  const { agreed, of, reference } = agreement;
  const share = `${formatCount(agreed)} of ${formatTokens(of)}`;
  return agreement.state === 'agrees'
    ? `Verified: ${share} agree with ${reference}.`
    : `Not the same text: only ${share} agree with ${reference}.`;
}

/** Whether the backend was seen to work. */
export function proofSentence(proof: BackendProof, backend: Backend): string {
  const name = backend === 'webgpu' ? 'WebGPU' : 'the CPU';
  if (proof === 'unproven') return `Nobody can see from outside whether ${name} did the work.`;
  if (proof === 'proven') {
    return backend === 'webgpu'
      ? 'Work was seen to reach the graphics adapter.'
      : 'No work was seen to reach a graphics adapter.';
  }
  return backend === 'webgpu'
    ? 'It names WebGPU, and no work was seen to reach the graphics adapter.'
    : 'It names the CPU, and work was seen to reach a graphics adapter.';
}

/** `1.24 times as fast (1.18 to 1.31).`, `No difference beyond the noise (0.97 to 1.03 times as fast).` */
export function changeSentence({
  ratio: { ratio, low, high },
  verdict,
  struck,
}: TestChange): string {
  if (struck) return 'One of the two numbers is struck out, so they cannot be compared.';
  if (low === null) return 'One repetition is too few to tell a difference from the noise.';
  const range = `${low.toFixed(2)} to ${high.toFixed(2)}`;
  if (verdict === 'noise') return `No difference beyond the noise (${range} times as fast).`;
  return `${ratio.toFixed(2)} times as fast (${range}).`;
}
