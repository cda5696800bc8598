/** The history of benchmarks in the page's database, and how an older database gets it. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { beforeEach, expect, it } from 'vitest';
import {
  countBenches,
  deleteBench,
  latestFirst,
  listBenches,
  putBench,
  readBench,
  type BenchPlace,
} from '$lib/storage/benches';
import { listConversations } from '$lib/storage/conversations';
import { closeDatabase, withDatabase } from '$lib/storage/database';
import { DATABASE, MIGRATIONS, type PageSchema } from '$lib/storage/schema';
import { benchRun } from '../fixtures/bench-run';
import { conversation } from '../fixtures/other-tab';

const RUN = benchRun();
const RECORD = { id: RUN.id, savedAt: 1, run: RUN };

beforeEach(async () => {
  await closeDatabase();
  globalThis.indexedDB = new IDBFactory();
});

async function oldDatabase(version: number) {
  return openDB<PageSchema>(DATABASE, version, {
    upgrade: (db, _old, _new, transaction) => {
      for (const migrate of MIGRATIONS.slice(0, version)) void migrate(db, transaction);
    },
  });
}

it('a database of the version before gets the store, and keeps its chats', async () => {
  const old = await oldDatabase(1);
  await old.put('conversations', conversation('one', 1));
  expect([...old.objectStoreNames]).not.toContain('benches');
  old.close();
  await putBench(RECORD);
  expect((await listBenches(9)).records).toEqual([RECORD]);
  expect((await listConversations()).map(({ id }) => id)).toEqual(['one']);
});

it('a history that was kept without an order gets one', async () => {
  const old = await oldDatabase(2);
  await old.put('benches', RECORD);
  old.close();
  expect((await listBenches(9)).records).toEqual([RECORD]);
});

it('lists what came last first, whenever it ran, and only what can be used', async () => {
  const later = benchRun({ id: RUN.id.replace(/.$/, '2'), started: '2031-04-01T00:00:00Z' });
  await putBench(RECORD);
  await putBench({ id: later.id, savedAt: 0, from: 'x.json', run: later });
  for (const [id, value] of Object.entries({
    newer: { savedAt: 1, run: { ...RUN, version: 2 } },
    torn: { savedAt: 1.5, run: { ...RUN, candidates: [{}] } },
    timeless: { run: RUN },
    strange: { savedAt: 'now', run: RUN },
  })) {
    await withDatabase((db) => db.put('benches', { id, ...value } as never));
  }
  const { records, unreadable, end } = await listBenches(9);
  expect(records.map(({ id, from }) => [id, from])).toEqual([
    [RUN.id, undefined],
    [later.id, 'x.json'],
  ]);
  expect([unreadable, end]).toEqual([['torn', 'newer'], null]);
  expect(await countBenches()).toBe(4);
  await deleteBench(later.id);
  expect((await listBenches(9)).records).toEqual([RECORD]);
  expect([await readBench(RUN.id), await readBench(later.id)]).toEqual([RECORD, null]);
});

it('is read page by page, each record once, also of those that came at the same moment', async () => {
  const ids = Array.from({ length: 7 }, (_, at) => RUN.id.replace(/.$/, `${at}`));
  for (const [at, id] of ids.entries()) {
    await putBench({ id, savedAt: [1, 1, 1, 1, 2, 2, 3][at]!, run: benchRun({ id }) });
  }
  const pages: string[][] = [];
  let end: BenchPlace | null | undefined;
  do {
    const page = await listBenches(2, end ?? undefined);
    pages.push(page.records.map(({ id }) => id));
    ({ end } = page);
  } while (end);
  expect(pages.map(({ length }) => length)).toEqual([2, 2, 2, 1]);
  expect(pages.flat()).toEqual(ids.toReversed());
  const whole = await listBenches(7);
  expect(whole.end).toBeNull();
  expect(whole.records.toSorted(latestFirst)).toEqual(whole.records);
});

it('keeps a run whose engine wrote a long message in lines, and one that was disturbed all the time', async () => {
  const [one, ...others] = RUN.candidates;
  const error = { code: 'engine_failed' as const, message: `shader.wgsl:3\n${'x'.repeat(2000)}` };
  const redone = Array.from({ length: 400 }, () => 'hidden' as const);
  const tests = one!.tests.map((tested) => ({ ...tested, redone }));
  await putBench({
    ...RECORD,
    run: { ...RUN, candidates: [{ ...one!, error, tests }, ...others] },
  });
  const [kept] = (await listBenches(9)).records;
  expect(kept?.run.candidates[0]?.error?.message).toMatch(/^shader\.wgsl:3 x{900}/);
  expect(kept?.run.candidates[0]?.tests[0]?.redone).toHaveLength(400);
});
