import type { BenchMachine, BenchRun, CandidateResult } from '#core/bench/run';
import type { BenchOrder, Entrant } from './entrant';

/** A run of which nothing is measured yet. */
export function emptyRun(
  order: BenchOrder,
  machine: BenchMachine,
  { id, started }: Pick<BenchRun, 'id' | 'started'>,
): BenchRun {
  const { set, tests, repetitions, interleaved, entrants } = order;
  return {
    version: 1,
    id,
    started,
    finished: null,
    ...{ set, tests, repetitions, interleaved, machine },
    candidates: entrants.map((entrant) => emptyResult(entrant, order)),
  };
}

function emptyResult(
  { candidate, shown, bytesPerToken }: Entrant,
  { tests }: BenchOrder,
): CandidateResult {
  return {
    candidate,
    model: shown,
    info: null,
    bytesPerToken,
    loads: [],
    tests: tests.map((test) => ({ test, samples: [], redone: [], abandoned: [] })),
    agreement: null,
    proof: null,
    error: null,
  };
}
