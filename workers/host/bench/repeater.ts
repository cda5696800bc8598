/** Measures repetitions until nothing disturbs one, and says why each that was thrown away was. */
import type { BenchStep } from '#core/bench/events';
import type { PlannedStep } from '#core/bench/plan';
import type { RedoReason, Sample } from '#core/bench/run';
import { isAbort } from '#core/errors';
import { guardSample } from './guard';
import type { BenchHouse } from './house';
import type { Narrator } from './narrator';
import type { Standing } from './standing';
import { MOST_AGAIN } from './undisturbed';

/** Wrong counts of its cache: one may be a disturbance's, which had the context last; a second is the engine. */
const MOST_CACHED = 2;

/** One repetition of one candidate's test. */
export interface Turn {
  standing: Standing;
  /** Places in the run's lists. */
  candidate: number;
  test: number;
  /** From 1. */
  repetition: number;
}

export class Repeater {
  readonly #house: BenchHouse;
  readonly #narrator: Narrator;
  readonly #step: (step: BenchStep) => void;
  readonly #candidateMs: number;
  #paused = false;
  readonly #listeners = new Set<() => void>();
  #clockMs: number | null = null;

  /** @param candidateMs as a set has it; null: no bound */
  constructor(
    house: BenchHouse,
    narrator: Narrator,
    step: (step: BenchStep) => void,
    candidateMs: number | null,
  ) {
    this.#candidateMs = candidateMs ?? Infinity;
    this.#house = house;
    this.#narrator = narrator;
    this.#step = step;
  }

  /** Milliseconds: the smallest step of a runner's clock in the samples so far; 0: none was seen. */
  get clockMs(): number {
    return this.#clockMs ?? 0;
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    for (const listener of [...this.#listeners]) listener();
  }

  /**
   * Resolves when nobody wants it to pause, nothing disturbs, and nothing is loaded that did; says what it waits for.
   */
  async calm(signal: AbortSignal): Promise<void> {
    let told: BenchStep['reason'];
    for (let cleared = false; ;) {
      signal.throwIfAborted();
      const reason = this.#paused ? 'paused' : this.#house.disturbances.now;
      if (!reason && cleared) return;
      cleared = !reason;
      if (!reason) {
        await this.#house.clear(signal);
        continue;
      }
      if (reason !== told) this.#step({ phase: 'wait', reason });
      told = reason;
      await this.#change(signal);
    }
  }

  /**
   * Measures until one counts, or it was measured again so often that it is abandoned. A sample that it has already
   * stands until another one counts.
   * @throws PaddockError what the engine says
   */
  async measure({ standing, candidate, test, repetition }: Turn, signal: AbortSignal) {
    const where = { candidate, test, repetition };
    let cached = 0;
    for (let again = 0; ; again++) {
      await this.calm(signal);
      this.#step({ phase: 'measure', ...where });
      const came = (tokens: number) =>
        this.#narrator.tell({ type: 'tokens', candidate, test, tokens });
      const found = await this.#once(standing, test, came, signal);
      if (typeof found !== 'string') {
        standing.keep(test, repetition, found);
        const { clockMs } = this;
        this.#narrator.tell({ type: 'sample', ...where, sample: found, clockMs });
        return;
      }
      if (found === 'cached') cached++;
      if (again === MOST_AGAIN || cached === MOST_CACHED) {
        if (standing.has(test, repetition)) return;
        if (cached === MOST_CACHED) standing.giveUp(test);
        return this.#abandon(standing, where, found);
      }
      standing.redo(test, found);
      this.#narrator.tell({ type: 'redo', ...where, reason: found });
    }
  }

  /**
   * Whether `step` is passed over: its candidate cannot do the test, or has a number of it and no more time. A repetition
   * is told of.
   */
  passes(standing: Standing, { phase, candidate, test, repetition = 1 }: PlannedStep): boolean {
    if (test === undefined) return false;
    const cannot = standing.hasGivenUp(test);
    const late = this.comesLate({ phase, candidate, repetition });
    if (!cannot && !(late && standing.hasAny(test))) return false;
    const where = { candidate, test, repetition };
    if (phase === 'measure') this.#abandon(standing, where, cannot ? 'cached' : 'time');
    return true;
  }

  /** Whether the candidate's time is over. */
  isLate(candidate: number): boolean {
    return this.#narrator.spentOn(candidate) >= this.#candidateMs;
  }

  /** Whether `step` is another repetition of a candidate whose time is over. */
  comesLate({ phase, candidate, repetition = 1 }: PlannedStep): boolean {
    return phase === 'measure' && repetition > 1 && this.isLate(candidate);
  }

  #abandon(standing: Standing, where: Omit<Turn, 'standing'>, reason: RedoReason): void {
    standing.abandon(where.test, reason);
    this.#narrator.tell({ type: 'redo', ...where, reason, abandoned: true });
  }

  /** A sample, or why it is none. What is disturbed is stopped at once: it makes room for what disturbs it. */
  async #once(
    { contestant, result }: Standing,
    test: number,
    told: (tokens: number) => void,
    signal: AbortSignal,
  ): Promise<Sample | RedoReason> {
    const asked = result.tests[test]!.test;
    const watching = this.#house.disturbances.watch();
    const wrongWith = guardSample(this.#house);
    const startedMs = this.#narrator.elapsed;
    try {
      const until = AbortSignal.any([signal, watching.signal]);
      const measured = await contestant.repetition(asked, until, told);
      if (watching.seen) return watching.seen;
      const sample = { ...measured.sample, startedMs };
      const wrong = wrongWith(asked, sample);
      if (wrong) return wrong;
      this.#clockMs = Math.min(this.#clockMs ?? Infinity, measured.clockMs);
      return sample;
    } catch (error) {
      if (signal.aborted || !watching.seen || !isAbort(error)) throw error;
      return watching.seen;
    } finally {
      watching.stop();
    }
  }

  /** Resolves at the next change of what holds it up. */
  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#listeners.delete(go);
        forget();
        signal.removeEventListener('abort', stop);
      };
      const go = () => {
        leave();
        resolve();
      };
      const stop = () => {
        leave();
        reject(signal.reason as Error);
      };
      const forget = this.#house.disturbances.onChange(go);
      this.#listeners.add(go);
      signal.addEventListener('abort', stop, { once: true });
    });
  }
}
