/** One run: its steps in their order, and what comes of each candidate. */
import { AGREEMENT_TOKENS } from '#core/bench/agreement';
import type { BenchEvent, BenchStep } from '#core/bench/events';
import { planRun, type PlannedStep } from '#core/bench/plan';
import type { Agreement, BenchRun, LoadSplit } from '#core/bench/run';
import { contextNeeded } from '#core/bench/sets';
import type { Digest } from '#core/digest';
import { PaddockError, toWire } from '#core/errors';
import { agree } from './agree';
import { Contestant } from './contestant';
import { emptyRun } from './empty-run';
import type { BenchOrder } from './entrant';
import type { BenchHouse } from './house';
import { Narrator } from './narrator';
import { pause } from './pause';
import { ReferenceShelf } from './reference-shelf';
import { Repeater } from './repeater';
import { Standing } from './standing';
import { undisturbed, type Disturbable } from './undisturbed';

export class BenchJob {
  readonly #order: BenchOrder;
  readonly #house: BenchHouse;
  readonly #seed: number;
  readonly #narrator: Narrator;
  readonly #repeater: Repeater;
  readonly #references: ReferenceShelf;
  #standings: Standing[] = [];
  /** By candidate. Where all begins anew, the loads of the first time stay the cold ones. */
  readonly #cold = new Map<number, LoadSplit>();
  #machine: BenchRun['machine'] | undefined;
  #begun: BenchRun | undefined;

  constructor(order: BenchOrder, house: BenchHouse) {
    this.#order = order;
    this.#house = house;
    this.#seed = house.seed();
    this.#narrator = new Narrator(() => house.now(), order.tests);
    const step = (told: BenchStep) => this.#step(told);
    this.#repeater = new Repeater(house, this.#narrator, step, order.candidateMs);
    this.#references = new ReferenceShelf(house, this.#seed);
  }

  get #run(): BenchRun {
    if (!this.#begun) throw new PaddockError('internal', 'The benchmark has not begun.');
    return this.#begun;
  }

  /** The run, until it ends or `signal` aborts; whatever it started has ended then. */
  async *events(signal: AbortSignal): AsyncGenerator<BenchEvent, void, void> {
    const left = new AbortController();
    const { outbox } = this.#narrator;
    const work = this.#work(AbortSignal.any([signal, left.signal])).then(
      () => outbox.end(),
      (error: unknown) => outbox.fail(error),
    );
    try {
      yield* outbox.read();
    } finally {
      left.abort(new PaddockError('aborted', 'The benchmark was stopped.'));
      await work;
    }
  }

  /** The next repetition waits for `resume`. */
  pause(): void {
    this.#repeater.pause(true);
  }

  resume(): void {
    this.#repeater.pause(false);
  }

  /** A file is about to be deleted: who has it open lets go of it, and is out. */
  discard(digest: Digest): void {
    const gone = new PaddockError('model_not_found', 'The model was deleted during the benchmark.');
    for (const { contestant } of this.#standings) {
      if (contestant.model.files.some((file) => file.digest === digest)) contestant.stop(gone);
    }
    this.#references.discard(digest, gone);
  }

  async #work(signal: AbortSignal): Promise<void> {
    const { tell } = this;
    try {
      this.#machine = { ...(await this.#house.machine()), clockMs: 0, bandwidth: null };
      this.#begin(this.#order.interleaved);
      this.#step({ phase: 'probe' });
      await this.#house.clear(signal);
      await this.#repeater.calm(signal);
      await this.#probe(signal);
      tell({ type: 'plan', run: this.#run }); // with what the machine was found to be
      // Where not all fit in memory after all, they are measured one by one, from the beginning.
      if (!(await this.#follow(signal))) {
        this.#begin(false);
        await this.#follow(signal);
      }
      this.#run.machine.clockMs = this.#repeater.clockMs;
      this.#run.finished = this.#house.timestamp();
      tell({ type: 'run', run: this.#run });
    } finally {
      for (const { contestant } of this.#standings) contestant.end();
      this.#references.end();
    }
  }

  readonly tell = (event: BenchEvent): void => this.#narrator.tell(event);

  #begin(interleaved: boolean): void {
    const { startRunner, timestamp, now } = this.#house;
    const { entrants } = this.#order;
    for (const { contestant } of this.#standings) contestant.end();
    const { id = crypto.randomUUID(), started = timestamp() } = this.#begun ?? {};
    this.#begun = emptyRun({ ...this.#order, interleaved }, this.#machine!, { id, started });
    this.#standings = entrants.map((entrant, at) => {
      const { candidate, model, context } = entrant;
      const options = { candidate, model, context, seed: this.#seed, startRunner, now };
      return new Standing(entrant, new Contestant(options), this.#run.candidates[at]!);
    });
    this.tell({ type: 'plan', run: this.#run });
  }

  async #probe(signal: AbortSignal): Promise<void> {
    try {
      this.#machine!.bandwidth = await this.#house.bandwidth(signal);
    } catch (error) {
      if (signal.aborted) throw error;
      console.warn('The memory was not measured:', error); // the speeds stand without a ceiling
    }
  }

  /** False: the memory ran out while several were loaded. */
  async #follow(signal: AbortSignal): Promise<boolean> {
    const plan = this.#plan();
    this.#narrator.follow(plan);
    for (const [at, step] of plan.entries()) {
      this.#narrator.begin(at);
      const standing = this.#standings[step.candidate]!;
      if (step.phase === 'reference') await this.#reference(step, signal);
      else if (!standing.over && !this.#repeater.passes(standing, step)) {
        try {
          await this.#do(step, standing, signal);
          this.#narrator.done();
        } catch (error) {
          if (signal.aborted) throw error;
          if (this.#isCrowded(step, error)) return false;
          this.#fail(step.candidate, error);
        }
      }
      const next = plan[at + 1];
      if (step.phase === 'measure' && (next?.phase !== 'measure' || next.test !== step.test)) {
        await this.#cool(step.test!, signal);
      }
      const rest = plan.slice(at + 1);
      if (!rest.some((later) => later.candidate === step.candidate)) this.#finish(step.candidate);
    }
    return true;
  }

  #plan(): PlannedStep[] {
    const { entrants, tests, repetitions, verify } = this.#order;
    const references = entrants.map((entrant) =>
      verify && this.#references.has(entrant) ? entrant.weights : null,
    );
    return planRun({ references, tests, repetitions, interleaved: this.#run.interleaved });
  }

  async #do(step: PlannedStep, standing: Standing, signal: AbortSignal): Promise<void> {
    const { phase, candidate, test = 0, repetition = 1 } = step;
    if (phase === 'load') return this.#load(step, standing, signal);
    if (phase === 'agreement') return this.#agree(step, standing, signal);
    await this.#repeater.calm(signal);
    if (phase === 'measure') {
      return this.#repeater.measure({ standing, candidate, test, repetition }, signal);
    }
    this.#step({ ...step });
    await standing.contestant.repetition(this.#order.tests[test]!, signal, () => {});
  }

  async #load(step: PlannedStep, { contestant, result }: Standing, signal: AbortSignal) {
    const { candidate } = step;
    const isCold = step.repetition === 1;
    const work = (until: AbortSignal) => contestant.load(isCold, until);
    const spoiled = () => contestant.end();
    const { value, disturbed } = await this.#undisturbed(step, { work, spoiled }, signal);
    const found = { ...value, ...(disturbed && { disturbed }) };
    const load = (isCold && this.#cold.get(candidate)) || found;
    if (isCold) this.#cold.set(candidate, load);
    result.info = contestant.info;
    result.loads.push(load);
    this.tell({ type: 'load', candidate, load, info: contestant.info });
    this.#requireContext(contestant);
  }

  /** Which tokens come does not depend on what disturbs: what was compared the last time stands. */
  async #agree(step: PlannedStep, { contestant, result, entrant }: Standing, signal: AbortSignal) {
    const reference = this.#references.of(entrant);
    const work = (until: AbortSignal) => agree(contestant, reference, until);
    const { value } = await this.#undisturbed(step, { work, spoiled: () => {} }, signal);
    result.agreement = value;
  }

  #undisturbed<T>(
    step: PlannedStep,
    { work, spoiled }: Omit<Disturbable<T>, 'calm'>,
    signal: AbortSignal,
  ) {
    const told = (until: AbortSignal) => {
      this.#step({ ...step });
      return work(until);
    };
    const calm = () => this.#repeater.calm(signal);
    return undisturbed(this.#house, { calm, work: told, spoiled }, signal);
  }

  /** Also of a candidate that is out: others may have the same. Its writer has the memory that was theirs: they load anew. */
  async #reference(step: PlannedStep, signal: AbortSignal): Promise<void> {
    for (const { contestant } of this.#standings) contestant.end();
    await this.#repeater.calm(signal);
    this.#step({ ...step });
    const told = (tokens: number) =>
      this.#narrator.wrote(tokens, AGREEMENT_TOKENS, (later) => this.#isAhead(later));
    const { entrant } = this.#standings[step.candidate]!;
    if (await this.#references.fetch(entrant, signal, told)) this.#narrator.done();
  }

  #requireContext({ info: { contextLength } }: Contestant): void {
    const promptTokens = Math.max(...this.#order.tests.map(contextNeeded));
    if (contextLength >= promptTokens) return;
    const message = `The tests need a context of ${promptTokens} tokens, and the engine gives ${contextLength}.`;
    throw new PaddockError('context_exceeded', message, { promptTokens, contextLength });
  }

  /** Whether it may fit alone. */
  #isCrowded({ phase, candidate }: PlannedStep, error: unknown): boolean {
    const others = this.#standings.some(
      ({ over, result }, at) => at !== candidate && !over && result.info !== null,
    );
    const full = error instanceof PaddockError && error.code === 'out_of_memory';
    return phase === 'load' && this.#run.interleaved && others && full;
  }

  /** After a rest, at most as long as what they did, those that became slower are measured again, in the same order for all. */
  async #cool(test: number, signal: AbortSignal): Promise<void> {
    const warm = this.#standings.flatMap((standing, candidate) =>
      standing.over || this.#repeater.isLate(candidate)
        ? []
        : standing.slowed(test).map((repetition) => ({ standing, candidate, test, repetition })),
    );
    if (warm.length === 0) return;
    this.#step({ phase: 'cool', test });
    const worked = this.#standings.reduce((sum, standing) => sum + standing.workedMs(test), 0);
    await pause(Math.min(this.#house.coolMs, worked), signal);
    for (const one of warm.sort((a, b) => a.repetition - b.repetition)) {
      if (one.standing.over) continue;
      const { candidate, repetition } = one;
      one.standing.redo(test, 'throttled');
      this.tell({ type: 'redo', candidate, test, repetition, reason: 'throttled' });
      try {
        await this.#repeater.measure(one, signal);
      } catch (error) {
        if (signal.aborted) throw error;
        this.#fail(candidate, error);
      }
    }
  }

  #fail(candidate: number, error: unknown): void {
    const verified = this.#standings[candidate]!.fail(error);
    if (verified) this.tell({ type: 'agreement', candidate, ...verified });
    this.tell({ type: 'failed', candidate, error: toWire(error, 'engine_failed') });
  }

  #finish(candidate: number): void {
    const standing = this.#standings[candidate]!;
    if (standing.over) return;
    const unverified: Agreement = {
      state: 'unverified',
      reason: this.#order.verify
        ? this.#references.lackOf(standing.entrant)
        : 'The comparison was left out, as asked.',
    };
    this.tell({ type: 'agreement', candidate, ...standing.finish(unverified) });
  }

  #step(step: BenchStep): void {
    this.#narrator.step(step, (later) => this.#isAhead(later));
  }

  #isAhead(step: PlannedStep): boolean {
    const { candidate, test = -1 } = step;
    const standing = this.#standings[candidate]!;
    return !standing.over && !standing.hasGivenUp(test) && !this.#repeater.comesLate(step);
  }
}
