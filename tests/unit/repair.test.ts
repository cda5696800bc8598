/** A blob that the device has damaged is made whole again, part by part where its parts are known. */
import { beforeEach, expect, test } from 'vitest';
import { digestOf } from '#core/digest';
import { layersOf } from '#core/manifest';
import type { BlobOrigin } from '#core/methods';
import { parseName } from '#core/names';
import { SLICE } from '#store/blob-store';
import { hubBytes, hubDigest, HUB_FILE } from '../fixtures/file-plan';
import { pullAll, TestHouse } from '../fixtures/test-registry';
import type { ManifestPlan } from '../../workers/host/registry/source';
import { Transfers } from '../../workers/host/registry/transfers';

const blob = { digest: hubDigest, size: hubBytes.length };
let house: TestHouse;
let origin: BlobOrigin;
let transfers: Transfers;

beforeEach(async () => {
  house = new TestHouse();
  house.host.chunk = 200_000;
  house.host.files.set(HUB_FILE, hubBytes);
  origin = { kind: 'file', url: house.host.root + HUB_FILE };
  transfers = new Transfers(house.context());
  await toEnd(transfers.fetch(blob, origin, new AbortController().signal));
  house.host.served = 0;
  house.host.ranges.length = 0;
});

async function toEnd(steps: AsyncIterable<number>): Promise<void> {
  for await (const completed of steps) expect(completed).toBeLessThanOrEqual(blob.size);
}

const repair = () => toEnd(transfers.repair(blob, origin, new AbortController().signal));

function damage(...offsets: number[]) {
  for (const offset of offsets) house.store.committed.get(hubDigest)!.bytes[offset]! ^= 1;
}

async function isWhole() {
  await house.quiet();
  const { store } = house;
  const bytes = new Uint8Array(await (await store.open(hubDigest)).arrayBuffer());
  expect(await digestOf(bytes)).toBe(hubDigest);
  expect(await store.list()).toHaveLength(1);
  expect(await store.listUnfinished()).toEqual([]);
  expect(await house.db.ledgerDigests()).toEqual([]);
}

test('only the damaged parts are fetched', async () => {
  damage(SLICE + 5, 4 * SLICE);
  await repair();
  expect(house.host.served).toBe(2 * SLICE);
  expect(house.host.ranges.sort()).toEqual([
    `${SLICE}-${2 * SLICE - 1}`,
    `${4 * SLICE}-${5 * SLICE - 1}`,
  ]);
  await isWhole();
});

test('a blob that lost its end gets it back', async () => {
  const stored = house.store.committed.get(hubDigest)!;
  house.store.put(hubDigest, stored.bytes.slice(0, 5 * SLICE + 100));
  await repair();
  expect(house.host.served).toBe(blob.size - 5 * SLICE);
  await isWhole();
});

test('all of it is fetched where its parts are not known', async () => {
  await house.db.deleteVerified(hubDigest);
  damage(5);
  await repair();
  expect(house.host.served).toBe(blob.size);
  await isWhole();
});

test('a repair that the network ends leaves the damaged blob, and goes on later', async () => {
  damage(5, 3 * SLICE);
  house.worthAConnection = 100 * SLICE;
  const cut = { type: 'cut', after: 10 } as const;
  house.host.fail(HUB_FILE, ...Array.from({ length: 6 }, () => cut));
  await expect(repair()).rejects.toMatchObject({ code: 'network' });
  expect(await house.store.has(hubDigest)).toBe(true);
  house.host.served = 0;
  await repair();
  expect(house.host.served).toBe(2 * SLICE);
  await isWhole();
});

test('a host that has other bytes now repairs nothing', async () => {
  damage(5);
  const other = hubBytes.slice();
  other[6]! ^= 1;
  house.host.files.set(HUB_FILE, other);
  await expect(repair()).rejects.toMatchObject({ code: 'digest_mismatch' });
  expect(await house.store.has(hubDigest)).toBe(true);
});

test('published parts repair a blob that never had a record of its parts', async () => {
  const registry = await house.open();
  await pullAll(registry, 'smollm2:135m');
  const name = parseName('smollm2:135m')!;
  const [weights] = layersOf((await registry.get(name))!.manifest, 'model');
  await house.db.deleteVerified(weights!.digest);
  house.store.committed.get(weights!.digest)!.bytes[450_000]! ^= 1;
  const { signal } = new AbortController();
  const plan = (await house.context().source.resolve({ name }, signal)) as ManifestPlan;
  house.host.served = 0;
  const published = await plan.origin(weights!, signal);
  house.host.served = 0;
  await toEnd(transfers.repair(weights!, published, signal));
  expect(house.host.served).toBe(200_000);
  const bytes = new Uint8Array(await (await house.store.open(weights!.digest)).arrayBuffer());
  expect(await digestOf(bytes)).toBe(weights!.digest);
});
