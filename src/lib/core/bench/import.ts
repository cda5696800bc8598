/** A file with a result, from another machine or an earlier day: ours, or llama-bench's. */
import { RUN_KEY } from '#core/bench/export-json';
import { readLlamaBench } from '#core/bench/read-llama-bench';
import { readRun } from '#core/bench/read-run';
import type { BenchRun } from '#core/bench/run';
import { toPaddockError } from '#core/errors';
import { formatBytes } from '#core/format';
import { isObject } from '#core/is-object';
import * as m from '#core/messages/bench';
import type { Explanation } from '#core/sentences';

/** Bytes of a file: a run of 32 candidates with 100 repetitions of a set's three tests is 5 MB. */
export const MOST_IMPORT = 10_000_000;

/** The version of runs that this build reads. */
const VERSION = 1;

export type Imported = { run: BenchRun } | { fault: Explanation };

/**
 * The run that `text` holds; nothing of it is believed before it was checked.
 * @param id for a run that has none, a UUID
 */
export function importRun(text: string, id: string): Imported {
  // UTF-16 units are never more than the bytes, so a text of gigabytes is not copied to be counted.
  const tooLong = text.length > MOST_IMPORT || new TextEncoder().encode(text).length > MOST_IMPORT;
  if (tooLong) {
    return fault(m.bench_fault_long({ bytes: formatBytes(MOST_IMPORT) }), m.bench_fault_long_do());
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fault(m.bench_fault_json(), m.bench_fault_json_do());
  }
  const ours = runIn(value);
  if (isObject(ours) && isNewer(ours.version)) {
    return fault(m.bench_fault_newer(), m.bench_fault_newer_do());
  }
  try {
    return { run: ours === undefined ? readLlamaBench(value, id) : checked(ours) };
  } catch (error) {
    const { message } = toPaddockError(error);
    return fault(m.bench_fault_other({ reason: message }), m.bench_fault_other_do());
  }
}

function checked(ours: unknown): BenchRun {
  const version = isObject(ours) && Object.hasOwn(ours, 'version') ? ours.version : undefined;
  return readRun(version === VERSION ? ours : { version });
}

/** Within llama-bench's rows, or by itself; undefined: there is none. */
function runIn(value: unknown): unknown {
  const rows: unknown[] = Array.isArray(value) ? value : [value];
  const row = rows.find((one) => isObject(one) && Object.hasOwn(one, RUN_KEY));
  if (isObject(row)) return row[RUN_KEY];
  const [only] = rows;
  return isObject(only) && Object.hasOwn(only, 'version') ? only : undefined;
}

function isNewer(version: unknown): boolean {
  return typeof version === 'number' && Number.isInteger(version) && version > VERSION;
}

function fault(sentence: string, remedy: string): { fault: Explanation } {
  return { fault: { sentence, remedy } };
}
