/** What a run is asked to measure, once it is known to be possible. */
import type { BenchSetName, BenchTest, Candidate, CandidateResult } from '#core/bench/run';
import type { Digest } from '#core/digest';
import type { RunnerModel } from '#core/engine';

/** A candidate, with all that measuring it takes. */
export interface Entrant {
  candidate: Candidate;
  model: RunnerModel;
  /** Of the weights; of several files the first's. */
  weights: Digest;
  /** What its result says of the model. */
  shown: NonNullable<CandidateResult['model']>;
  bytesPerToken: number | null;
  /** Tokens of context that it is loaded with. */
  context: number;
}

export interface BenchOrder {
  entrants: Entrant[];
  set: BenchSetName | 'custom';
  tests: BenchTest[];
  repetitions: number;
  /** As a set has it; null: each candidate has all of its repetitions. */
  candidateMs: number | null;
  /** False: nothing is compared with a reference. */
  verify: boolean;
  /** Whether all candidates are in memory at once. */
  interleaved: boolean;
}
