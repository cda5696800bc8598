/** A run as JSON: a list of rows as llama-bench prints it, the first of which carries the whole run. */
import { llamaBenchRows } from '#core/bench/llama-bench';
import { passableAt } from '#core/bench/passable-run';
import type { BenchRun } from '#core/bench/run';

/** Under which the first row has the whole run. */
export const RUN_KEY = 'paddock';

/** The text of a file, `import.ts` reads it back without a loss; a run without a number is a row of `RUN_KEY` alone. */
export function benchJson(run: BenchRun): string {
  const [first, ...rest] = llamaBenchRows(run);
  const rows = [{ ...first, [RUN_KEY]: run }, ...rest];
  return `${JSON.stringify(rows, passableAt, 1)}\n`;
}
