/** A ledger that says more than is there: its file lost its end, or was taken away. */
import { beforeEach, expect, test } from 'vitest';
import { digestOf, type Digest } from '#core/digest';
import { SLICE } from '#store/blob-store';
import { filesPlan, hubBytes, hubDigest, HUB_FILE, sourceOf } from '../fixtures/file-plan';
import { pullAll, TestHouse } from '../fixtures/test-registry';

const NAME = 'repo:latest';
let house: TestHouse;

beforeEach(() => {
  house = new TestHouse();
  house.host.chunk = 200_000;
  house.host.files.set(HUB_FILE, hubBytes);
});

const open = () => house.open({ source: sourceOf(filesPlan(house.host.root, false)) });

async function ledger() {
  const [key] = await house.db.ledgerDigests();
  return (await house.db.ledger(key!))!;
}

/** Stops a pull that has fetched and kept so many bytes. */
async function stopAt(bytes: number) {
  house.host.served = 0;
  house.host.limit = bytes + 300_000;
  const stop = new AbortController();
  const stopped = pullAll(
    await open(),
    NAME,
    ({ completed }) => {
      if (completed && house.host.served >= bytes && completed >= bytes) stop.abort();
    },
    stop.signal,
  );
  await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  await house.quiet();
  house.host.limit = Infinity;
}

test('parts that are not there any more are not said to be, so nothing is mixed in', async () => {
  house.worthAConnection = 100 * SLICE;
  await stopAt(5 * SLICE);
  const before = await ledger();
  const had = before.parts.filter(Boolean).length;
  expect(had).toBeGreaterThan(3);
  // The disk lost all but the first part; the next session brings one more, and ends.
  const [key] = house.store.unfinished.keys();
  const lost = house.store.unfinished.get(key!)!;
  house.store.unfinished.set(key!, { ...lost, bytes: lost.bytes.slice(0, SLICE) });
  await house.db.putLedger({ ...before, hashed: 0, hashState: null });
  await stopAt(2 * SLICE);
  const after = await ledger();
  const there = house.store.unfinished.get(key!)!.bytes.length;
  after.parts.forEach((part: Digest | null, index) => {
    if (part) expect(Math.min(hubBytes.length, (index + 1) * SLICE)).toBeLessThanOrEqual(there);
  });
  // As where the last part came first: the file is as long as it will be, and has holes.
  const holed = new Uint8Array(hubBytes.length);
  holed.set(house.store.unfinished.get(key!)!.bytes);
  house.store.unfinished.set(key!, { ...lost, bytes: holed });
  await pullAll(await open(), NAME);
  const bytes = new Uint8Array(await (await house.store.open(hubDigest)).arrayBuffer());
  expect(await digestOf(bytes)).toBe(hubDigest);
});

test('a blob that came wrong leaves no ledger', async () => {
  const source = sourceOf(filesPlan(house.host.root, true));
  const wrong = hubBytes.slice();
  wrong[7]! ^= 1;
  house.host.files.set(HUB_FILE, wrong);
  const pulled = pullAll(await house.open({ source }), NAME);
  await expect(pulled).rejects.toMatchObject({ code: 'digest_mismatch' });
  expect(await house.db.ledgerDigests()).toEqual([]);
  expect(await house.store.listUnfinished()).toEqual([]);
});
