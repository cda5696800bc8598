/** The page's calls to `/api/paddock/bench`. */
import type { BenchEvent, BenchRequest, OfferedCandidate } from '#core/bench/events';
import { getJson, post, postJson } from '$lib/client/ask-host';
import { link } from '$lib/client/link';
import { readLines } from '$lib/core/read-lines';

const BENCH = 'api/paddock/bench';

/** What of `model` can be measured here, and what cannot. @throws PaddockError `model_not_found` */
export async function offeredCandidates(model: string): Promise<OfferedCandidate[]> {
  const query = new URLSearchParams({ model });
  type Answer = { candidates: OfferedCandidate[] };
  return (await getJson<Answer>(`${BENCH}/candidates?${query}`)).candidates;
}

/** The run's events as they come; `signal` ends the run. @throws PaddockError, where another run is under way too */
export async function* runBench(
  request: BenchRequest,
  signal: AbortSignal,
): AsyncGenerator<BenchEvent, void, void> {
  for await (const event of readLines<BenchEvent>(await post(BENCH, request, signal))) {
    yield isHidden(event) && !link.leads
      ? { ...event, step: { ...event.step, elsewhere: true } }
      : event;
  }
}

function isHidden(event: BenchEvent): event is Extract<BenchEvent, { type: 'step' }> {
  return event.type === 'step' && event.step.phase === 'wait' && event.step.reason === 'hidden';
}

/** Acts on the run that is under way, between two repetitions. */
export async function holdBench(action: 'pause' | 'resume'): Promise<void> {
  await postJson(`${BENCH}/${action}`, {});
}
