/** What a benchmark's events make of its run: each sample is in it as soon as it is told. */
import type { BenchEvent } from '#core/bench/events';
import type { BenchRun, CandidateResult, Sample, TestResult } from '#core/bench/run';

type OfTest<T extends BenchEvent['type']> = Extract<BenchEvent, { type: T }>;

/** One run's events, one after the other; at the last but one it is what the last one brings, but for its end. */
export class RunFold {
  #run: BenchRun | null = null;
  /** Samples by candidate and test, each at its repetition's place: those that were left out leave holes. */
  #slots = new Map<string, (Sample | undefined)[]>();

  /** Null before its plan is there. */
  get run() {
    return this.#run;
  }

  /** Whether `event` told a result: then `run` is another object. */
  take(event: BenchEvent): boolean {
    const before = this.#run;
    if (event.type === 'plan' || event.type === 'run') {
      this.#slots = new Map();
      this.#run = event.run;
    } else if (before) this.#run = this.#withEvent(before, event);
    return this.#run !== before && event.type !== 'plan';
  }

  #withEvent(run: BenchRun, event: BenchEvent): BenchRun {
    switch (event.type) {
      case 'load':
        return change(run, event.candidate, (one) => ({
          ...one,
          info: event.info,
          loads: [...one.loads, event.load],
        }));
      case 'sample': {
        const machine = { ...run.machine, clockMs: event.clockMs };
        const samples = this.#keep(event);
        return changeTest({ ...run, machine }, event, (test) => ({ ...test, samples }));
      }
      case 'redo':
        return changeTest(run, event, (test) => redone(test, event));
      case 'agreement': {
        const { agreement, proof } = event;
        return change(run, event.candidate, (one) => ({ ...one, agreement, proof }));
      }
      case 'failed':
        return change(run, event.candidate, (one) => ({ ...one, error: event.error }));
      default:
        return run;
    }
  }

  /** Puts it in its repetition's place; returns those that are there, in their order. */
  #keep({ candidate, test, repetition, sample }: OfTest<'sample'>): Sample[] {
    const key = `${candidate} ${test}`;
    const slots = this.#slots.get(key) ?? [];
    slots[repetition - 1] = sample;
    this.#slots.set(key, slots);
    return slots.filter((one) => one !== undefined);
  }
}

/** A sample that it has stands until there is another. */
function redone(test: TestResult, { reason, abandoned }: OfTest<'redo'>): TestResult {
  return abandoned
    ? { ...test, abandoned: [...test.abandoned, reason] }
    : { ...test, redone: [...test.redone, reason] };
}

function change(
  run: BenchRun,
  at: number,
  changed: (one: CandidateResult) => CandidateResult,
): BenchRun {
  const candidates = run.candidates.map((one, place) => (place === at ? changed(one) : one));
  return { ...run, candidates };
}

function changeTest(
  run: BenchRun,
  { candidate, test }: { candidate: number; test: number },
  changed: (result: TestResult) => TestResult,
): BenchRun {
  return change(run, candidate, (one) => ({
    ...one,
    tests: one.tests.map((result, place) => (place === test ? changed(result) : result)),
  }));
}
