/** A candidate in its run: what was measured of it so far, and whether it is still in. */
import type { Agreement, BackendProof, CandidateResult, RedoReason, Sample } from '#core/bench/run';
import { MOST_SLOWING } from '#core/bench/flags';
import { sampleRate } from '#core/bench/rates';
import { toWire } from '#core/errors';
import type { Contestant } from './contestant';
import type { Entrant } from './entrant';
import { proofOf } from './proof';

/** What its numbers are believed by. */
interface Verified {
  agreement: Agreement;
  proof: BackendProof;
}

export class Standing {
  readonly entrant: Entrant;
  readonly contestant: Contestant;
  readonly result: CandidateResult;
  /** By test and repetition, with gaps where there is none. */
  readonly #slots: (Sample | undefined)[][];
  /** Tests that its engine cannot do. */
  readonly #givenUp = new Set<number>();
  /** It has failed, or has done all that was planned. */
  over = false;

  constructor(entrant: Entrant, contestant: Contestant, result: CandidateResult) {
    this.entrant = entrant;
    this.contestant = contestant;
    this.result = result;
    this.#slots = result.tests.map(() => []);
  }

  /** @param repetition from 1 */
  keep(test: number, repetition: number, sample: Sample): void {
    const slots = this.#slots[test]!;
    slots[repetition - 1] = sample;
    this.result.tests[test]!.samples = [...slots].filter((one) => one !== undefined);
  }

  /** Whether this repetition, from 1, has its sample. */
  has(test: number, repetition: number): boolean {
    return this.#slots[test]![repetition - 1] !== undefined;
  }

  hasAny(test: number): boolean {
    return this.result.tests[test]!.samples.length > 0;
  }

  redo(test: number, reason: RedoReason): void {
    this.result.tests[test]!.redone.push(reason);
  }

  abandon(test: number, reason: RedoReason): void {
    this.result.tests[test]!.abandoned.push(reason);
  }

  /**
   * Its engine's cache is not what `test` needs. Behind a depth the others of it and of more are as little possible,
   * and each try would read the depth twice, which takes minutes.
   */
  giveUp(test: number): void {
    const { depth } = this.result.tests[test]!.test;
    this.#givenUp.add(test);
    for (const [at, other] of this.result.tests.entries()) {
      if (depth > 0 && other.test.depth >= depth) this.#givenUp.add(at);
    }
  }

  hasGivenUp(test: number): boolean {
    return this.#givenUp.has(test);
  }

  /** Repetitions of `test` at its end that were slower than the first by what asks for a pause; from 1, ascending. */
  slowed(test: number): number[] {
    const rates = [...this.#slots[test]!].map((sample) =>
      sample ? sampleRate(this.result.tests[test]!.test, sample) : null,
    );
    const first = rates.find((rate) => rate !== null) ?? 0;
    const slow = rates.map((rate) => rate !== null && rate < first * (1 - MOST_SLOWING));
    const from = slow.lastIndexOf(false) + 1;
    return slow.slice(from).map((_, at) => from + at + 1);
  }

  /** Milliseconds of the repetitions of `test` that count. */
  workedMs(test: number): number {
    const { samples } = this.result.tests[test]!;
    return samples.reduce((sum, { firstTokenMs, laterMs }) => sum + firstTokenMs + laterMs, 0);
  }

  /** It ends early. Of what it was measured in, the proof stands too; null where there is nothing. */
  fail(error: unknown): Verified | null {
    this.result.error = toWire(error, 'engine_failed');
    if (this.result.tests.some(({ samples }) => samples.length > 0)) {
      const reason = 'It ended before its answers were compared.';
      return this.finish({ state: 'unverified', reason });
    }
    this.end();
    return null;
  }

  /** All is measured. */
  finish(otherwise: Agreement): Verified {
    const { result } = this;
    result.agreement ??= otherwise;
    result.proof = proofOf(result.candidate.backend, result.tests);
    this.end();
    return { agreement: result.agreement, proof: result.proof };
  }

  end(): void {
    this.over = true;
    this.contestant.end();
  }
}
