/** What a result means, in words for a person. */
import { redoClause } from '#core/bench/flag-words';
import type { Ceiling } from '#core/bench/ceiling';
import type { Summary } from '#core/bench/rates';
import type { CandidateResult, LoadSplit } from '#core/bench/run';
import { engineOn } from '#core/engine-words';
import { formatBytes, formatFixed, formatRate } from '#core/format';
import * as m from '#core/messages/bench';

/** Whether another program than Paddock measured it: what it ran on is in its engine's name. */
export function isForeign({ info }: Pick<CandidateResult, 'info'>): boolean {
  return info?.engine.startsWith('llama.cpp') ?? false;
}

/** `Paddock, on the CPU`, `llama.cpp (CUDA)`. */
export function candidateLabel(result: Pick<CandidateResult, 'candidate' | 'info'>): string {
  const { engine, backend } = result.candidate;
  return result.info && isForeign(result) ? result.info.engine : engineOn(engine, backend);
}

/** `38 tokens a second`, `4.2 tokens a second`. */
export function rateWords(perSecond: number): string {
  return m.bench_rate({ count: Number(perSecond.toFixed(perSecond < 9.95 ? 1 : 0)) });
}

/** `38.2 ± 0.4`, or `38.2` of one repetition; in tokens a second, or whatever the values are. */
export function spreadText({ mean, sd }: Pick<Summary, 'mean' | 'sd'>): string {
  // As many digits as the mean's: three that count.
  const digits = mean < 9.995 ? 2 : mean < 99.95 ? 1 : 0;
  const text = formatFixed(mean, digits);
  return sd === null ? text : `${text} ± ${formatFixed(sd, digits)}`;
}

/**
 * `Memory gives 12 GB/s to 2 threads and a token takes 97 MB, so it can be 123 tokens a second at most.`; of an adapter
 * also by what: `to the graphics adapter (by a copy, which was faster than reading)`.
 */
export function ceilingSentence({ memory, threads, by, ...figures }: Ceiling): string {
  const said = {
    bandwidth: formatRate(figures.bandwidth),
    bytes: formatBytes(figures.bytes),
    rate: rateWords(figures.rate),
  };
  if (memory !== 'gpu') return m.bench_ceiling_threads({ ...said, count: threads ?? 1 });
  return by === 'copy' ? m.bench_ceiling_copy(said) : m.bench_ceiling_read(said);
}

/** `cold`, `warm`, or with what spoiled it: `cold, disturbed each time: the tab was hidden`. */
export function loadLabel({ cold, disturbed }: Pick<LoadSplit, 'cold' | 'disturbed'>): string {
  if (!disturbed) return cold ? m.bench_load_cold() : m.bench_load_warm();
  const reason = redoClause(disturbed);
  return cold ? m.bench_load_cold_disturbed({ reason }) : m.bench_load_warm_disturbed({ reason });
}

/** `1 thread`, `4 threads`. */
export function formatThreads(threads: number): string {
  return m.bench_threads({ count: threads });
}
