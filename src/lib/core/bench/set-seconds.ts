/** How long a set takes one candidate, reckoned before the run: `time-left.ts` knows better once it goes. */
import { AGREEMENT_TOKENS } from '#core/bench/agreement';
import { planRun } from '#core/bench/plan';
import { summary } from '#core/bench/rates';
import type { BenchRun, BenchTest, Candidate, CandidateResult } from '#core/bench/run';
import { tokensToGenerate, type BenchSet } from '#core/bench/sets';
import { mean } from '#core/statistics';

/** What a candidate is expected to do. */
export interface Speed {
  /** Tokens a second, of a prompt and of a reply. */
  prefill: number;
  decode: number;
  /** Seconds of one load. */
  load: number;
}

/** Tokens of a short message in its template. */
const CHAT_PROMPT = 40;
/** Tokens of the text that the agreement goes on from. */
const AGREEMENT_PROMPT = 380;

/**
 * Seconds of `set` for one candidate: its two loads, each test's warm-up and repetitions, and with `verify` the
 * comparison of answers. A depth is read once a test; a chat is as long as it may be. What comes once a run or once a
 * model is left out: the look at the memory (some 3 s), a reference that is not there yet, and rests.
 */
export function setSeconds(
  {
    tests,
    repetitions,
    candidateMs = Infinity,
  }: Pick<BenchSet, 'tests' | 'repetitions' | 'candidateMs'>,
  speed: Speed,
  verify = true,
): number {
  const { load } = speed;
  const references = [verify ? '' : null];
  const plan = planRun({ references, tests, repetitions, interleaved: false });
  const depths = tests.reduce((sum, { depth }) => sum + depth, 0) / speed.prefill;
  return plan.reduce((sum, { phase, test, repetition = 1 }) => {
    if (phase === 'measure' && repetition > 1 && sum * 1000 >= candidateMs) return sum;
    if (phase === 'load') return sum + load;
    if (phase === 'reference') return sum;
    const { read, written } = test === undefined ? AGREEMENT : workOf(tests[test]!);
    return sum + read / speed.prefill + written / speed.decode;
  }, depths);
}

/** Tokens. */
const AGREEMENT = { read: AGREEMENT_PROMPT, written: AGREEMENT_TOKENS };

/** Tokens of one repetition, without its depth. */
function workOf(test: BenchTest) {
  const read = { pp: test.tokens, tg: 1, chat: CHAT_PROMPT }[test.kind];
  return { read, written: tokensToGenerate(test) };
}

/**
 * What `candidate` did in the first of `runs` that measured it, with another number of threads where there is no run
 * with its own; null where none tells how fast it loads, reads or writes.
 */
export function measuredSpeed(
  candidate: Candidate,
  runs: readonly Pick<BenchRun, 'candidates'>[],
): Speed | null {
  const like = runs
    .flatMap(({ candidates }) => candidates)
    .filter(
      ({ candidate: { model, engine, backend } }) =>
        model === candidate.model && engine === candidate.engine && backend === candidate.backend,
    );
  const own = like.filter(({ candidate: { threads } }) => threads === candidate.threads);
  for (const result of [...own, ...like]) {
    const speed = speedIn(result);
    if (speed) return speed;
  }
  return null;
}

function speedIn({ tests, loads }: CandidateResult): Speed | null {
  const shallow = tests.filter(({ test }) => test.depth === 0);
  const median = (kinds: BenchTest['kind'][]) =>
    shallow
      .filter(({ test }) => kinds.includes(test.kind))
      .sort((a, b) => b.test.tokens - a.test.tokens) // the longest is the least coarse
      .map((result) => summary(result)?.median)
      .find((rate) => rate !== undefined);
  const [prefill, decode] = [median(['pp']), median(['tg', 'chat'])];
  if (prefill === undefined || decode === undefined || loads.length === 0) return null;
  return { prefill, decode, load: mean(loads.map(({ totalMs }) => totalMs)) / 1000 };
}

/** Bytes of weights a second that a token's pass gets through, and how many tokens are read while one is written. */
const ASSUMED: Record<Candidate['backend'], { bytes: number; read: number }> = {
  // the starter's 98 MB on two cores: 19 tokens a second
  wasm: { bytes: 2e9, read: 3 },
  // a laptop's adapter; a software one is ten times slower, a large one ten times faster
  webgpu: { bytes: 20e9, read: 10 },
};
/** Bytes a second, and seconds beside them: a worker, the engine's code and a first pass. */
const LOAD = { bytes: 200e6, seconds: 1 };

/** What may be expected of `size` bytes of weights where nothing was measured: right within ten times, no more. */
export function assumedSpeed({ backend }: Pick<Candidate, 'backend'>, size: number): Speed {
  const { bytes, read } = ASSUMED[backend];
  const decode = bytes / size;
  return { prefill: decode * read, decode, load: LOAD.seconds + size / LOAD.bytes };
}
