/** The history of benchmarks in the page's database. Every function rejects with a PaddockError. */
import { passableRun } from '#core/bench/passable-run';
import { readRun } from '#core/bench/read-run';
import type { BenchRun } from '#core/bench/run';
import { isObject } from '#core/is-object';
import { announce } from './changes';
import { withDatabase } from './database';
import type { BenchRecord } from './records';

/** Of the runs that this build reads. */
const VERSION: BenchRun['version'] = 1;

/** Numbers: what else a record may have there is sorted behind them, and is no time. */
const times = () => IDBKeyRange.upperBound(Infinity);

/** A record's place in the order of the history. */
export type BenchPlace = Pick<BenchRecord, 'savedAt' | 'id'>;

export interface BenchPage {
  /** The one that came to this device last first: a clock that is wrong moves none of them. */
  records: BenchRecord[];
  /** Ids of those among them that cannot be used. */
  unreadable: string[];
  /** Behind which the next page begins; null: there is none. */
  end: BenchPlace | null;
}

/** At most `most` records, those behind `after`: no other is read. */
export function listBenches(most: number, after?: BenchPlace): Promise<BenchPage> {
  return withDatabase(async (db) => {
    const page: BenchPage = { records: [], unreadable: [], end: null };
    const range = after ? IDBKeyRange.upperBound(after.savedAt) : times();
    const index = db.transaction('benches').store.index('bySavedAt');
    let last: BenchPlace | null = null;
    let count = 0;
    for (
      let cursor = await index.openCursor(range, 'prev');
      cursor;
      cursor = await cursor.continue()
    ) {
      const { key: savedAt, primaryKey: id } = cursor;
      if (after && savedAt === after.savedAt && id >= after.id) continue;
      if (count++ === most) return { ...page, end: last };
      const record = parseBench(cursor.value);
      if (record) page.records.push(record);
      else page.unreadable.push(id);
      last = { savedAt, id };
    }
    return page;
  });
}

/** How many there are, those that cannot be used too. */
export function countBenches(): Promise<number> {
  return withDatabase((db) => db.countFromIndex('benches', 'bySavedAt', times()));
}

/** Null where it is not there, or cannot be used. */
export async function readBench(id: string): Promise<BenchRecord | null> {
  return parseBench(await withDatabase((db) => db.get('benches', id)));
}

/** Compares two for a sort as `listBenches` has them. */
export function latestFirst(a: BenchPlace, b: BenchPlace): number {
  return b.savedAt - a.savedAt || (a.id < b.id ? 1 : -1);
}

/** Writes it over what has its id; a text that could not be read back would lose the whole run. */
export async function putBench(record: BenchRecord): Promise<void> {
  const readable = { ...record, run: passableRun(record.run) };
  await withDatabase((db) => db.put('benches', readable));
}

export async function deleteBench(id: string): Promise<void> {
  await withDatabase((db) => db.delete('benches', id));
}

/** Tells other tabs, which read it again; not while it is measured: their reading would be measured too. */
export function tellBench(id: string): void {
  announce({ type: 'benches', ids: [id] });
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
