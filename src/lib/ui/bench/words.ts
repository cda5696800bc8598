/** Words of the Benchmark page for what is measured and what happens now. */
import { formatThreads, isForeign } from '#core/bench/narrate';
import type { BenchRun, Candidate, CandidateResult } from '#core/bench/run';
import { backendText, engineName } from '#core/engine-words';
import { formatAgo } from '#core/format-words';
import { spoken } from '#core/language';
import * as m from '#core/messages/bench';
import { modelTitle } from '#core/starter';

/** `1 thread`, `4 threads`; of 0 `threads as it chooses`. */
export function threadsText(threads: number): string {
  if (threads === 0) return m.bench_threads_chosen();
  return formatThreads(threads);
}

/** `Paddock, CPU, 2 threads`: what is asked for, or what was loaded once that is known. */
export function candidateText({ candidate, info }: Pick<CandidateResult, 'candidate' | 'info'>) {
  if (info && isForeign({ info })) {
    return `${info.engine}, ${info.adapter ?? threadsText(info.threads)}`;
  }
  if (info) return `${engineName(info)}, ${backendText(info)}`;
  const { backend, threads } = candidate;
  const where = backend === 'webgpu' ? 'WebGPU' : `CPU, ${threadsText(threads)}`;
  return `${engineName(candidate)}, ${where}`;
}

/** The same behind the model's name. */
export function wholeText(result: Pick<CandidateResult, 'candidate' | 'info'>): string {
  return `${modelTitle(result.candidate.model)}, ${candidateText(result)}`;
}

/** What a run measured, in a line: `SmolLM2 135M and 1 more`. */
export function modelsText(run: Pick<BenchRun, 'candidates'>): string {
  const models = runModels(run).map(modelTitle);
  const [first = m.bench_no_model()] = models;
  return models.length > 1 ? m.bench_models_more({ first, more: models.length - 1 }) : first;
}

/** The models of a run, each once, in their order. */
export function runModels({ candidates }: { candidates: { candidate: Candidate }[] }): string[] {
  return [...new Set(candidates.map(({ candidate }) => candidate.model))];
}

/** `3 h ago`, or of a clock that was ahead of this one its date. */
export function whenText({ started }: Pick<BenchRun, 'started'>, now: number): string {
  const at = Date.parse(started);
  if (at < now + 60_000) return formatAgo(at, now);
  return new Date(at).toLocaleDateString(spoken().dates, { dateStyle: 'medium' });
}

/** How it ended; null: it was refused before it had a plan. */
export function endText(run: Pick<BenchRun, 'finished'> | null): string {
  if (!run) return m.bench_not_begun();
  return run.finished ? m.bench_finished() : m.bench_ended_early();
}
