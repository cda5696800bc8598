/** The history of benchmarks in the page's database. Every function rejects with a PaddockError. */
import { passableRun } from '#core/bench/passable-run';
import { readRun } from '#core/bench/read-run';
import type { BenchRun } from '#core/bench/run';
import { isObject } from '#core/is-object';
import { withDatabase } from './database';
import type { BenchRecord } from './records';

/** Of the runs that this build reads. */
const VERSION: BenchRun['version'] = 1;

/** All that can be used, the latest run first. */
export function listBenches(): Promise<BenchRecord[]> {
  return withDatabase(async (db) => {
    const values: unknown[] = await db.getAll('benches');
    return values
      .map(parseBench)
      .filter((record) => record !== null)
      .sort(latestFirst);
  });
}

/** Compares two for a sort by when they ran. */
export function latestFirst(a: BenchRecord, b: BenchRecord): number {
  return Date.parse(b.run.started) - Date.parse(a.run.started);
}

/** Writes it over what has its id; a text that could not be read back would lose the whole run. */
export async function putBench(record: BenchRecord): Promise<void> {
  const readable = { ...record, run: passableRun(record.run) };
  await withDatabase((db) => db.put('benches', readable));
}

export async function deleteBench(id: string): Promise<void> {
  await withDatabase((db) => db.delete('benches', id));
}

/** Null when it cannot be used: another build, a broken disk or a hand may have written it. */
function parseBench(value: unknown): BenchRecord | null {
  if (!isObject(value) || typeof value.savedAt !== 'number') return null;
  const { savedAt, from } = value;
  if (!isObject(value.run) || value.run.version !== VERSION) return null;
  try {
    const run = readRun(value.run);
    return { id: run.id, savedAt, ...(typeof from === 'string' ? { from } : {}), run };
  } catch {
    return null;
  }
}
