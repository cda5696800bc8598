/** Tells a run's events, with the time that is done and left. */
import type { BenchEvent, BenchStep } from '#core/bench/events';
import type { PlannedStep } from '#core/bench/plan';
import type { BenchTest } from '#core/bench/run';
import { timeLeft, type StepTook } from '#core/bench/time-left';
import { Outbox } from './outbox';

export class Narrator {
  readonly outbox = new Outbox<BenchEvent>();
  readonly #now: () => number;
  readonly #begun: number;
  readonly #tests: readonly BenchTest[];
  #plan: readonly PlannedStep[] | undefined;
  /** The step under way, from its first moment. */
  #at = 0;
  #since = 0;
  /** The first token of the reference that this step writes: what comes before it is its load and its prompt. */
  #first: { at: number; tokens: number } | undefined;
  readonly #took: StepTook[] = [];

  constructor(now: () => number, tests: readonly BenchTest[]) {
    this.#now = now;
    this.#begun = now();
    this.#tests = tests;
  }

  /** Milliseconds since the run began. */
  get elapsed(): number {
    return this.#now() - this.#begun;
  }

  /** As it is now: what changes later is told later. */
  tell(event: BenchEvent): void {
    this.outbox.push(structuredClone(event), (last) => joined(last, event));
  }

  /** What lies ahead, from its beginning. */
  follow(plan: readonly PlannedStep[]): void {
    this.#plan = plan;
  }

  /** The plan's step `at` begins. */
  begin(at: number): void {
    this.#at = at;
    this.#first = undefined;
  }

  /** The step that began last has been done, and not left out. */
  done(): void {
    const step = this.#plan?.[this.#at];
    if (step) this.#took.push({ step, ms: this.#now() - this.#since });
  }

  /** Milliseconds of the candidate's steps that were done; its reference is another engine's. */
  spentOn(candidate: number): number {
    const own = this.#took.filter(
      ({ step }) => step.candidate === candidate && step.phase !== 'reference',
    );
    return own.reduce((sum, { ms }) => sum + ms, 0);
  }

  /** What the step takes counts from here on, and not what it waited for. */
  step(step: BenchStep, still: (step: PlannedStep) => boolean): void {
    if (step.phase !== 'wait') this.#since = this.#now();
    const ahead = this.#plan?.slice(this.#at).filter(still);
    const left = ahead ? timeLeft(ahead, this.#took, this.#tests) : null;
    this.tell({ type: 'step', step, doneMs: this.elapsed, leftMs: left });
  }

  /** `tokens` of `of` of the reference are there, whose writing is the step under way. */
  wrote(tokens: number, of: number, still: (step: PlannedStep) => boolean): void {
    const step = this.#plan![this.#at]!;
    const now = this.#now();
    const first = (this.#first ??= { at: now, tokens });
    const came = tokens - first.tokens;
    let left: number | null = null;
    if (came > 0) {
      const rest = ((of - tokens) * (now - first.at)) / came;
      const took = [...this.#took, { step, ms: now - this.#since + rest }];
      const ahead = this.#plan!.slice(this.#at + 1).filter(still);
      left = rest + timeLeft(ahead, took, this.#tests)!;
    }
    const { candidate } = step;
    this.tell({ type: 'written', candidate, tokens, of, doneMs: this.elapsed, leftMs: left });
  }
}

/** Tokens that nobody has heard of yet are told at once: a slow reader holds up nothing. */
function joined(last: BenchEvent, next: BenchEvent): BenchEvent | null {
  if (last.type === 'written' && next.type === 'written') return next;
  if (last.type !== 'tokens' || next.type !== 'tokens') return null;
  if (last.candidate !== next.candidate || last.test !== next.test) return null;
  return { ...last, tokens: last.tokens + next.tokens };
}
