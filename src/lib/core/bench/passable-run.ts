/** A run's texts as `read-run.ts` lets them pass: engines and adapters write what they like. */
import { passable } from '#core/bench/fields';
import { MOST_MESSAGE } from '#core/bench/read-result';
import type { BenchRun } from '#core/bench/run';

/** Messages, which come from engines and may be long. */
const LONG = new Set(['message', 'reason']);

/** For `JSON.stringify`: a text that can be read back, anything else as it is. */
export function passableAt(key: string, value: unknown): unknown {
  return typeof value === 'string'
    ? passable(value, LONG.has(key) ? MOST_MESSAGE : undefined)
    : value;
}

/** The run with the texts that would be refused made passable: nothing else of it changes. */
export function passableRun(run: BenchRun): BenchRun {
  return JSON.parse(JSON.stringify(run, passableAt)) as BenchRun;
}
