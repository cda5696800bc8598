/** llama-bench's rows: what its JSON calls the figures of one test. Source: llama.cpp, tools/llama-bench. */
import { ceilingOf, shareOfCeiling } from '#core/bench/ceiling';
import { flagsOf, isStruck } from '#core/bench/flags';
import { parameterCount } from '#core/bench/parameter-count';
import { ratesOf, summarize } from '#core/bench/rates';
import type { BenchRun, CandidateResult, TestResult } from '#core/bench/run';
import { testName } from '#core/bench/sets';
import { mean } from '#core/statistics';

export interface LlamaBenchRow {
  build_commit: string;
  cpu_info: string;
  gpu_info: string;
  backends: string;
  model_filename: string;
  model_type: string;
  /** Bytes. */
  model_size: number | null;
  model_n_params: number | null;
  /** Null: the engine chose, and does not say. */
  n_batch: number | null;
  n_threads: number;
  /** -1: all that the engine could. */
  n_gpu_layers: number;
  n_prompt: number;
  n_gen: number;
  n_depth: number;
  test_time: string;
  avg_ns: number;
  stddev_ns: number;
  /** Tokens a second. */
  avg_ts: number;
  stddev_ts: number;
  samples_ns: number[];
  samples_ts: number[];
  // What llama-bench has no word for.
  engine: string;
  test: string;
  /** Bytes of weights and of keys and values that one token's pass reads; null where there is no ceiling. */
  bytes_per_token: number | null;
  /** Tokens a second that memory allows; null of a prompt, and where bandwidth or bytes are not known. */
  ceiling_ts: number | null;
  /** What the median of `samples_ts` is of it; above 100 where caches hold a part of the weights. */
  ceiling_percent: number | null;
  /** Tokens that agree with the reference's, of how many; null where nobody compared. */
  agreed: number | null;
  agreed_of: number | null;
  backend_proof: string | null;
  flags: string[];
  /** True: the number says nothing. */
  struck_out: boolean;
}

/** A row for each test that was measured, in the order of the run. */
export function llamaBenchRows(run: BenchRun): LlamaBenchRow[] {
  return run.candidates.flatMap((result) =>
    result.tests.filter((test) => ratesOf(test).length > 0).map((test) => rowOf(run, result, test)),
  );
}

function rowOf(run: BenchRun, result: CandidateResult, tested: TestResult): LlamaBenchRow {
  const { machine } = run;
  const { candidate, model, info, agreement, proof } = result;
  const { test, samples } = tested;
  const rates = ratesOf(tested);
  // A chat ends by itself: so many were timed.
  const timed = mean(samples.map(({ laterTokens }) => laterTokens));
  const count = test.kind === 'chat' ? Math.round(timed) : test.tokens;
  // llama-bench's tokens by its time are its rate: ours leaves tokens of a reply out of both.
  const ns = rates.map((rate) => Math.round((1e9 * count) / rate));
  const [time, rate] = [summarize(ns)!, summarize(rates)!];
  const flags = flagsOf(tested, { ...result, clockMs: machine.clockMs });
  const ceiling = ceilingOf(result, test, machine.bandwidth);
  const webgpu = candidate.backend === 'webgpu';
  const compared = agreement && agreement.state !== 'unverified' ? agreement : null;
  const began = Date.parse(run.started) + Math.round(samples[0]!.startedMs);
  return {
    build_commit: machine.build,
    // Another program's names its processor there, and no cores.
    cpu_info: run.origin ? machine.browser : `${machine.cores} cores, ${machine.browser}`,
    gpu_info: info?.adapter ?? machine.adapter ?? '',
    backends: webgpu ? 'WebGPU' : 'CPU',
    model_filename: candidate.model,
    model_type: model ? [model.family, model.parameters, model.quantization].join(' ').trim() : '',
    model_size: model?.size ?? null,
    model_n_params: model ? parameterCount(model.parameters) : null,
    n_batch: null,
    n_threads: info?.threads ?? candidate.threads,
    n_gpu_layers: webgpu ? -1 : 0,
    n_prompt: test.kind === 'pp' ? count : 0,
    n_gen: test.kind === 'pp' ? 0 : count,
    n_depth: test.depth,
    test_time: new Date(began).toISOString(),
    avg_ns: Math.round(time.mean),
    stddev_ns: Math.round(time.sd ?? 0),
    avg_ts: rate.mean,
    stddev_ts: rate.sd ?? 0,
    samples_ns: ns,
    samples_ts: rates,
    engine: info?.engine ?? candidate.engine,
    test: testName(test),
    bytes_per_token: ceiling && Math.round(ceiling.bytes),
    ceiling_ts: ceiling && ceiling.rate,
    ceiling_percent: ceiling && 100 * shareOfCeiling(rate.median, ceiling),
    agreed: compared?.agreed ?? null,
    agreed_of: compared?.of ?? null,
    backend_proof: proof,
    flags: flags.map(({ name }) => name),
    struck_out: isStruck(flags),
  };
}
