/** The history of benchmarks in the page's database, and how an older database gets it. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { beforeEach, expect, it } from 'vitest';
import { deleteBench, listBenches, putBench } from '$lib/storage/benches';
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

it('a database of the version before gets the store, and keeps its chats', async () => {
  const old = await openDB<PageSchema>(DATABASE, 1, {
    upgrade: (db, _old, _new, transaction) => MIGRATIONS[0]!(db, transaction),
  });
  await old.put('conversations', conversation('one', 1));
  expect([...old.objectStoreNames]).not.toContain('benches');
  old.close();
  await putBench(RECORD);
  expect(await listBenches()).toEqual([RECORD]);
  expect((await listConversations()).map(({ id }) => id)).toEqual(['one']);
});

it('lists the latest run first, and only what can be used', async () => {
  const later = benchRun({ id: RUN.id.replace(/.$/, '2'), started: '2026-04-01T00:00:00Z' });
  await putBench(RECORD);
  await putBench({ id: later.id, savedAt: 0, from: 'x.json', run: later });
  for (const [id, value] of Object.entries({
    newer: { savedAt: 1, run: { ...RUN, version: 2 } },
    torn: { savedAt: 1, run: { ...RUN, candidates: [{}] } },
    timeless: { run: RUN },
  })) {
    await withDatabase((db) => db.put('benches', { id, ...value } as never));
  }
  const listed = await listBenches();
  expect(listed.map(({ id, from }) => [id, from])).toEqual([
    [later.id, 'x.json'],
    [RUN.id, undefined],
  ]);
  await deleteBench(later.id);
  expect(await listBenches()).toEqual([RECORD]);
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
  const [kept] = await listBenches();
  expect(kept?.run.candidates[0]?.error?.message).toMatch(/^shader\.wgsl:3 x{900}/);
  expect(kept?.run.candidates[0]?.tests[0]?.redone).toHaveLength(400);
});
