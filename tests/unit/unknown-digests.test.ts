/** Downloads of files whose digests nobody tells: what is left of one that is cancelled, or that waits for a week. */
import { beforeEach, expect, test } from 'vitest';
import { digestOf } from '#core/digest';
import { LAYER_PREFIX } from '#core/manifest';
import { SLICE } from '#store/blob-store';
import { filesPlan, HUB_FILE, hubBytes, sourceOf } from '../fixtures/file-plan';
import { noise } from '../fixtures/fake-registry';
import { openPullHouse } from '../fixtures/pull-house';
import { TestHouse } from '../fixtures/test-registry';
import { settled } from '../fixtures/fake-pulls';

const MODEL = 'hf.co/user/repo:latest';
const FIRST = 'user/repo/first.bin';
const first = noise(1_500_000, 31);
const firstDigest = await digestOf(first);
const WEEK = 7 * 24 * 60 * 60_000;

let house: TestHouse;
beforeEach(() => {
  house = new TestHouse();
  house.host.chunk = 200_000;
  house.worthAConnection = 100 * SLICE;
  house.host.files.set(HUB_FILE, hubBytes);
  house.host.files.set(FIRST, first);
});

/** Two files, a small one first. */
function open() {
  const plan = filesPlan(house.host.root, false);
  const small = {
    digest: null,
    size: first.length,
    mediaType: `${LAYER_PREFIX}tensor`,
    name: 'first.bin',
    origin: { kind: 'file', url: house.host.root + FIRST },
  } as const;
  return openPullHouse(house, { source: sourceOf({ ...plan, files: [small, ...plan.files] }) });
}

/** The first file is here, and more than half of the second. */
async function half() {
  house.host.limit = first.length + 5_000_000;
  const door = await open();
  await door.ask('api/paddock/pulls', { model: MODEL });
  await door.until(({ completed }) => completed >= first.length + 4_000_000);
  expect(await house.store.has(firstDigest)).toBe(true);
  return door;
}

async function nothingIsLeft() {
  await house.quiet();
  expect([...house.store.committed.keys(), ...house.store.unfinished.keys()]).toEqual([]);
  expect(await house.db.ledgerDigests()).toEqual([]);
  expect(await house.db.pulls()).toEqual([]);
}

test('a cancelled one takes with it what came whole', async () => {
  const door = await half();
  await door.ask('api/paddock/pulls/cancel', { model: MODEL });
  await nothingIsLeft();
});

test('so does one that waited, and is cancelled by the next host', async () => {
  const door = await half();
  await door.ask('api/paddock/pulls/pause', { model: MODEL });
  await house.quiet();
  house.time += WEEK;
  const next = await open();
  expect(await house.store.has(firstDigest)).toBe(true);
  await next.ask('api/paddock/pulls/cancel', { model: MODEL });
  await nothingIsLeft();
});

test('a file that came whole just when it was cancelled goes too', async () => {
  const door = await open();
  const { commit } = house.store;
  let begun = () => {};
  const committing = new Promise<void>((resolve) => (begun = resolve));
  let cancelled: Promise<unknown> | undefined;
  house.store.commit = async (...which) => {
    await commit(...which);
    await settled();
    cancelled ??= door.ask('api/paddock/pulls/cancel', { model: MODEL });
    begun();
    await settled(); // nobody hears any more that it is finished
  };
  await door.ask('api/paddock/pulls', { model: MODEL });
  await committing;
  await cancelled;
  await nothingIsLeft();
});

test('what is part of an installed model stays', async () => {
  const door = await open();
  await door.ask('api/pull', { model: 'other', stream: false });
  const before = [...house.store.committed.keys()].sort();
  await door.ask('api/paddock/pulls', { model: MODEL });
  await door.until(({ state }) => state === 'running' || state === 'done');
  await door.ask('api/paddock/pulls/cancel', { model: MODEL });
  expect([...house.store.committed.keys()].sort()).toEqual(before);
});

test('one that waits goes on after a week in a closed tab, from where it was', async () => {
  const door = await half();
  await door.ask('api/paddock/pulls/pause', { model: MODEL });
  await house.quiet();
  const [key] = house.store.unfinished.keys();
  const before = (await house.db.ledger(key!))!;
  expect(before.parts.filter(Boolean).length).toBeGreaterThan(2);
  expect(before.hashState).not.toBeNull();
  house.host.limit = Infinity;
  house.time += WEEK;
  const next = await open();
  const [job] = (
    await next.ask<{ pulls: { state: string; completed: number }[] }>('api/paddock/pulls')
  ).pulls;
  expect(job).toMatchObject({ state: 'paused' });
  expect(job!.completed).toBeGreaterThanOrEqual(4_000_000);
  expect(await house.db.ledger(key!)).toEqual(before);
  house.host.requests.length = 0;
  house.host.ranges.length = 0;
  await next.ask('api/paddock/pulls/resume', { model: MODEL });
  await next.until(({ state }) => state === 'done');
  const starts = house.host.requests.flatMap((url, at) =>
    url.endsWith(HUB_FILE) ? Number(house.host.ranges[at]!.split('-')[0]) : [],
  );
  // None of the parts that the ledger knows.
  const missing = before.parts.findIndex((part) => part === null);
  expect(Math.min(...starts)).toBeGreaterThanOrEqual(missing * before.partSize);
  expect((await next.registry.list()).map(({ name }) => name)).toEqual([MODEL]);
});
