/** Whether a run is what was asked for: a command that prints half of it must not end as if all were well. */
import { importRun } from '#core/bench/import';
import { candidateLabel } from '#core/bench/narrate';
import { ratesOf } from '#core/bench/rates';
import { explainInLine } from '#core/sentences';

/** What is wrong with the run that the page saved as `json`, a sentence each; none: it ran to its end, and all of it. */
export function runFaults(json: string): string[] {
  const found = importRun(json, crypto.randomUUID());
  if ('fault' in found) return [`${found.fault.sentence} ${found.fault.remedy}`];
  const { finished, candidates } = found.run;
  const faults = candidates.flatMap((one) => {
    const name = `${one.candidate.model}, ${candidateLabel(one)}`;
    if (one.error) return [`${name}: ${explainInLine(one.error)}`];
    const measured = one.tests.some((test) => ratesOf(test).length > 0);
    return measured || finished === null ? [] : [`${name}: nothing was measured.`];
  });
  return finished === null ? ['The benchmark has ended early.', ...faults] : faults;
}
