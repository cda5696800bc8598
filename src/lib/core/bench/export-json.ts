/** A run as JSON: a list of rows as llama-bench prints it, the first of which carries the whole run. */
import { passable } from '#core/bench/fields';
import { llamaBenchRows } from '#core/bench/llama-bench';
import { MOST_MESSAGE } from '#core/bench/read-result';
import type { BenchRun } from '#core/bench/run';

/** Under which the first row has the whole run. */
export const RUN_KEY = 'paddock';

/** Messages, which come from engines and may be long. */
const LONG = new Set(['message', 'reason']);

/** The text of a file, `import.ts` reads it back without a loss; a run without a number is a row of `RUN_KEY` alone. */
export function benchJson(run: BenchRun): string {
  const [first, ...rest] = llamaBenchRows(run);
  const rows = [{ ...first, [RUN_KEY]: run }, ...rest];
  const clean = (key: string, value: unknown) =>
    typeof value === 'string' ? passable(value, LONG.has(key) ? MOST_MESSAGE : undefined) : value;
  return `${JSON.stringify(rows, clean, 1)}\n`;
}
