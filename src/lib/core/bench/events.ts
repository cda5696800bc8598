/** `/api/paddock/bench`: what a run is asked with, and what it tells while it goes. */
import type {
  Agreement,
  BackendProof,
  BenchRun,
  BenchSetName,
  BenchTest,
  Candidate,
  LoadSplit,
  RedoReason,
  Sample,
} from '#core/bench/run';
import type { EngineInfo } from '#core/engine';
import type { WireError } from '#core/errors';

/**
 * `POST /api/paddock/bench` answers `BenchEvent`s as NDJSON; the run ends with its request. One at a time: a second is
 * answered 409. `POST /api/paddock/bench/pause` and `…/resume` of `{}` act on the one that runs, between repetitions.
 * `GET /api/paddock/bench/candidates?model=…` answers `{ candidates: OfferedCandidate[] }`.
 */
export interface BenchRequest {
  candidates: Candidate[];
  set?: BenchSetName;
  /** In the place of the set's own. */
  tests?: BenchTest[];
  repetitions?: number;
  /** False leaves out the comparison with the reference: the result is `unverified`. */
  verify?: boolean;
}

/** What could be measured of a model here; `refused`: why this one cannot. */
export interface OfferedCandidate extends Candidate {
  /** The engine takes as many threads in a chat. */
  usual?: true;
  refused?: string;
}

/** What a run does now. `candidate` and `test` are places in the request's and the plan's lists. */
export interface BenchStep {
  phase:
    | 'probe' // the machine's memory and clock
    | 'load'
    | 'reference' // what the agreement is measured against
    | 'warmup'
    | 'measure'
    | 'agreement'
    | 'cool' // a pause, since the machine has become slower
    | 'wait'; // see `reason`
  candidate?: number;
  test?: number;
  /** From 1. */
  repetition?: number;
  /** Of a `wait`. */
  reason?: RedoReason | 'paused';
  /** Of a `wait` for `hidden`: it is another tab than the reader's, who adds this: the host does not know its readers. */
  elsewhere?: true;
}

export type BenchEvent =
  /** The first; again once the machine is known, and where all begins anew. */
  | { type: 'plan'; run: BenchRun }
  /** `doneMs` and `leftMs` are of the whole run; `leftMs` null while there is nothing to reckon by. */
  | { type: 'step'; step: BenchStep; doneMs: number; leftMs: number | null }
  /** Tokens of the repetition under way, whose number its last step has, that came since the last such event. */
  | { type: 'tokens'; candidate: number; test: number; tokens: number }
  /** Of the reference that is being written there are `tokens` of `of`; times as a step's. */
  | {
      type: 'written';
      candidate: number;
      tokens: number;
      of: number;
      doneMs: number;
      leftMs: number | null;
    }
  | { type: 'load'; candidate: number; load: LoadSplit; info: EngineInfo }
  /**
   * What comes of a repetition. `repetition` is the plan's number of it, from 1, and no place among the samples: one
   * that is abandoned leaves a gap, and the others keep their numbers. A result's `samples` are those that there are, in
   * the numbers' order. Takes the place of an earlier one of the same repetition. `clockMs`: as the machine has it, by
   * all samples so far.
   */
  | {
      type: 'sample';
      candidate: number;
      test: number;
      repetition: number;
      sample: Sample;
      clockMs: number;
    }
  /**
   * This repetition is measured again: one more of `redone`. A sample that it has, since the machine became slower,
   * stands until another one comes, whatever disturbs it meanwhile. `abandoned`: it is not tried any more, and so has no
   * sample: one more of `abandoned`, and none of `redone`.
   */
  | {
      type: 'redo';
      candidate: number;
      test: number;
      repetition: number;
      reason: RedoReason;
      abandoned?: true;
    }
  | { type: 'agreement'; candidate: number; agreement: Agreement; proof: BackendProof }
  /** This candidate ends; the others go on. */
  | { type: 'failed'; candidate: number; error: WireError }
  /** The last. */
  | { type: 'run'; run: BenchRun };
