/** A history of thousands, in a real database: what is not shown is not read. */
import { afterEach, expect, test, vi } from 'vitest';
import { countBenches, listBenches } from '../../src/lib/storage/benches';
import { closeDatabase, withDatabase } from '../../src/lib/storage/database';
import { DATABASE } from '../../src/lib/storage/schema';
import { benchRun } from '../fixtures/bench-run';

const COUNT = 2000;
const RUN = benchRun();

afterEach(async () => {
  vi.restoreAllMocks();
  await closeDatabase();
  indexedDB.deleteDatabase(DATABASE);
});

test('of 2,000 results the 20 that came last are read, and the next 20 when they are asked for', async () => {
  await withDatabase(async (db) => {
    const { store, done } = db.transaction('benches', 'readwrite');
    for (let savedAt = 1; savedAt <= COUNT; savedAt++) {
      const id = RUN.id.slice(0, -4) + String(savedAt).padStart(4, '0');
      void store.put({ id, savedAt, run: { ...RUN, id } });
    }
    await done;
  });
  const values = vi.spyOn(IDBCursorWithValue.prototype, 'value', 'get');
  const whole = [IDBObjectStore.prototype, IDBIndex.prototype].map((at) => vi.spyOn(at, 'getAll'));

  const first = await listBenches(20);
  expect(await countBenches()).toBe(COUNT);
  expect(first.records.map(({ savedAt }) => savedAt)).toEqual(
    Array.from({ length: 20 }, (_, at) => COUNT - at),
  );
  expect(values).toHaveBeenCalledTimes(20);

  const second = await listBenches(20, first.end!);
  expect(second.records.map(({ savedAt }) => savedAt)).toEqual(
    Array.from({ length: 20 }, (_, at) => COUNT - 20 - at),
  );
  expect(values).toHaveBeenCalledTimes(40);
  for (const all of whole) expect(all).not.toHaveBeenCalled();
});
