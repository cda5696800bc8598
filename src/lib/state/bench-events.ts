/** What a benchmark's events make of its run: each sample is in it as soon as it is told. */
import type { BenchEvent } from '#core/bench/events';
import type { BenchRun, CandidateResult, TestResult } from '#core/bench/run';

/** The run after `event`; the same object where the event tells no result. */
export function withEvent(run: BenchRun, event: BenchEvent): BenchRun {
  switch (event.type) {
    case 'plan':
    case 'run':
      return event.run;
    case 'load':
      return change(run, event.candidate, (one) => ({
        ...one,
        info: event.info,
        loads: [...one.loads, event.load],
      }));
    case 'sample':
      return changeTest(run, event, (test) => {
        const place = event.repetition - 1;
        // One that is measured again, since the machine had become slower, takes the place of what it was.
        const samples =
          place < test.samples.length
            ? test.samples.with(place, event.sample)
            : [...test.samples, event.sample];
        return { ...test, samples };
      });
    case 'redo':
      return changeTest(run, event, (test) => ({
        ...test,
        redone: [...test.redone, event.reason],
      }));
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
  return change(run, candidate, (one) => {
    // The plan's tests in their places: with the turns of an interleaved run a later one may come first.
    const tests = run.tests.map(
      (planned, place) =>
        one.tests[place] ?? { test: planned, samples: [], redone: [], abandoned: [] },
    );
    return {
      ...one,
      tests: tests.map((result, place) => (place === test ? changed(result) : result)),
    };
  });
}
