/** The history as the page has it: a page of it at a time, and what other tabs do to it. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Change } from '#core/changes';
import { BENCH_PAGE, benchHistory } from '$lib/state/bench-history.svelte';
import { deleteBench, listBenches, putBench } from '$lib/storage/benches';
import { joinChanges, leaveChanges } from '$lib/storage/changes';
import { closeDatabase, withDatabase } from '$lib/storage/database';
import { benchRun } from '../fixtures/bench-run';
import { openOtherTab, type OtherTab } from '../fixtures/other-tab';

const { id: ID } = benchRun();
const idOf = (at: number) => ID.slice(0, -4) + String(at).padStart(4, '0');

const record = (at: number) => ({
  id: idOf(at),
  savedAt: at,
  run: benchRun({ id: idOf(at), candidates: [] }),
});

let other: OtherTab;

beforeEach(async () => {
  await closeDatabase();
  globalThis.indexedDB = new IDBFactory();
  joinChanges();
  other = openOtherTab();
});

afterEach(() => {
  other.close();
  leaveChanges();
});

const shown = () => benchHistory.all?.map(({ savedAt }) => savedAt);
const told = (id: string): Change => ({ type: 'benches', ids: [id] });

async function fill(count: number) {
  for (let at = 1; at <= count; at++) await putBench(record(at));
  await benchHistory.refresh();
}

it('is read a page at a time, and says how much is left', async () => {
  await fill(2 * BENCH_PAGE + 3);
  const newest = Array.from({ length: 2 * BENCH_PAGE + 3 }, (_, at) => 2 * BENCH_PAGE + 3 - at);
  expect(shown()).toEqual(newest.slice(0, BENCH_PAGE));
  expect(benchHistory.left).toBe(BENCH_PAGE + 3);
  await benchHistory.more();
  expect([shown()?.length, benchHistory.left]).toEqual([2 * BENCH_PAGE, 3]);
  await benchHistory.more();
  expect([shown(), benchHistory.left]).toEqual([newest, 0]);
  await benchHistory.more();
  expect(shown()).toEqual(newest);
});

it('finds one that no page has had yet, and says of one that is not here that it is not', async () => {
  await fill(BENCH_PAGE + 1);
  expect(benchHistory.find(idOf(1))).toBeUndefined();
  await benchHistory.ask([idOf(1), idOf(99)]);
  expect(benchHistory.find(idOf(1))).toEqual(record(1));
  expect(benchHistory.find(idOf(99))).toBeNull();
  await benchHistory.bring(record(99).run, 'x.json');
  expect(benchHistory.find(idOf(99))).toMatchObject({ from: 'x.json' });
});

it('does not write over what was measured here when it is brought again', async () => {
  await fill(1);
  await benchHistory.bring(record(1).run, 'copy.json');
  expect((await listBenches(9)).records).toEqual([record(1)]);
});

it('counts what cannot be read, says so, and keeps it', async () => {
  await putBench(record(1));
  const newer = { ...record(2), run: { version: 2 } };
  await withDatabase((db) => db.put('benches', newer as never));
  await benchHistory.refresh();
  expect([shown(), benchHistory.unreadable, benchHistory.left]).toEqual([[1], [idOf(2)], 0]);
  expect((await listBenches(9)).unreadable).toEqual([idOf(2)]);
});

describe('another tab', () => {
  it('hears of what was brought, deleted and brought back here', async () => {
    await benchHistory.refresh();
    await benchHistory.bring(record(1).run, 'x.json');
    await vi.waitFor(() => expect(other.heard).toEqual([told(idOf(1))]));
    const undo = await benchHistory.remove(benchHistory.find(idOf(1))!);
    await vi.waitFor(() => expect(other.heard).toHaveLength(2));
    await undo?.();
    await vi.waitFor(() => expect(other.heard).toHaveLength(3));
  });

  it('does not hear of a run that is still measured, but of its end', async () => {
    await benchHistory.refresh();
    await benchHistory.keep(record(1).run);
    await benchHistory.keep(record(1).run);
    await benchHistory.settle(idOf(1));
    await vi.waitFor(() => expect(other.heard).not.toEqual([]));
    expect(other.heard).toEqual([told(idOf(1))]);
  });

  it('adds and removes what is shown here', async () => {
    await fill(2);
    await putBench(record(3));
    other.tell(told(idOf(3)));
    await vi.waitFor(() => expect(shown()).toEqual([3, 2, 1]));
    await benchHistory.ask([idOf(2)]);
    await deleteBench(idOf(2));
    other.tell(told(idOf(2)));
    await vi.waitFor(() => expect(shown()).toEqual([3, 1]));
    expect(benchHistory.find(idOf(2))).toBeNull();
  });
});

it('says why it could not be read, removed or brought back', async () => {
  await fill(1);
  const open = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
    throw new DOMException('The disk is gone.', 'NotReadableError');
  });
  expect(await benchHistory.remove(record(1))).toBeNull();
  expect(benchHistory.error?.code).toBe('storage_failed');
  expect(shown()).toEqual([1]);
  open.mockRestore();
  await benchHistory.refresh();
  expect([benchHistory.error, shown()]).toEqual([null, [1]]);
});
