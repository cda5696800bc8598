/** Models that come as files of a hub or an address, which nobody has put in a manifest. */
import { beforeEach, describe, expect, test } from 'vitest';
import { digestOf } from '#core/digest';
import { blobsOf, LAYER_PREFIX, layersOf } from '#core/manifest';
import { parseName } from '#core/names';
import { SLICE } from '#store/blob-store';
import { filesPlan, hubBytes, hubDigest, HUB_FILE, sourceOf } from '../fixtures/file-plan';
import type { Fault } from '../fixtures/fake-host';
import { noise } from '../fixtures/fake-registry';
import { pullAll, TestHouse } from '../fixtures/test-registry';
import type { PullStatus } from '../../workers/host/registry/registry';

const NAME = 'repo:latest';
const name = parseName(NAME)!;

let house: TestHouse;
beforeEach(() => {
  house = new TestHouse();
  house.host.chunk = 200_000;
  house.host.files.set(HUB_FILE, hubBytes);
});

const open = (known = true) => house.open({ source: sourceOf(filesPlan(house.host.root, known)) });

/** Pulls until so many bytes are there, and stops as a closed tab would: no byte more is on its way. */
async function stopAt(bytes: number, known = true) {
  house.host.limit = bytes + 300_000;
  const stop = new AbortController();
  const onStatus = ({ completed }: PullStatus) => {
    if (completed && completed >= bytes) stop.abort();
  };
  const stopped = pullAll(await open(known), NAME, onStatus, stop.signal);
  await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  await house.quiet();
  house.host.limit = Infinity;
}

async function stored() {
  return digestOf(new Uint8Array(await (await house.store.open(hubDigest)).arrayBuffer()));
}

/** Bytes of the parts that the one ledger names. */
async function kept(): Promise<number> {
  const [key] = await house.db.ledgerDigests();
  const ledger = await house.db.ledger(key!);
  return ledger!.parts.reduce((sum, part) => sum + (part ? SLICE : 0), 0);
}

describe.each([
  ['told', true],
  ['not told', false],
])('a file whose digest is %s', (_what, known) => {
  test('becomes a model with its name, its address and a manifest of its own', async () => {
    const registry = await open(known);
    const { words } = await pullAll(registry, NAME);
    expect(words.filter((word) => !word.startsWith('pulling '))).toEqual([
      'verifying sha256 digest',
      'writing manifest',
      'success',
    ]);
    const model = (await registry.get(name))!;
    expect(layersOf(model.manifest, 'tensor')).toEqual([
      {
        mediaType: `${LAYER_PREFIX}tensor`,
        digest: hubDigest,
        size: hubBytes.length,
        name: 'weights.bin',
      },
    ]);
    expect(await stored()).toBe(hubDigest);
    const record = (await house.db.manifest(model.key))!;
    expect(record.from).toBe(`${house.host.root}user/repo@abc`);
    expect(await house.db.ledgerDigests()).toEqual([]);
    expect(await house.store.listUnfinished()).toEqual([]);
    expect((await house.db.verified(hubDigest))!.parts).toHaveLength(7);
  });

  test('goes on after a reload from what is there', async () => {
    await stopAt(5 * SLICE, known);
    const there = await kept();
    expect(there).toBeGreaterThan(0);
    const before = house.host.served;
    const { statuses } = await pullAll(await open(known), NAME);
    expect(statuses.find(({ total }) => total === hubBytes.length)!.completed).toBe(there);
    expect(house.host.served - before).toBe(hubBytes.length - there);
    expect(await stored()).toBe(hubDigest);
  });

  test('that has changed since is fetched anew, and nothing is mixed', async () => {
    house.host.etags.set(HUB_FILE, '"one"');
    house.host.files.set(HUB_FILE, noise(hubBytes.length, 4));
    await stopAt(5 * SLICE, known);
    house.host.etags.set(HUB_FILE, '"two"');
    house.host.files.set(HUB_FILE, hubBytes);
    await pullAll(await open(known), NAME);
    expect(await stored()).toBe(hubDigest);
  });

  test('of a host that has no ranges any more is fetched anew', async () => {
    await stopAt(5 * SLICE, known);
    house.host.hasRanges = false;
    const { statuses } = await pullAll(await open(known), NAME);
    for (const { completed = 0, total = 0 } of statuses) {
      expect(completed).toBeLessThanOrEqual(total);
    }
    expect(await stored()).toBe(hubDigest);
  });

  test('of a host that answers 416 is fetched anew', async () => {
    await stopAt(5 * SLICE, known);
    house.host.fail(HUB_FILE, { type: 'status', status: 416 });
    await pullAll(await open(known), NAME);
    expect(await stored()).toBe(hubDigest);
  });

  test('of another length now is refused, and what was kept goes', async () => {
    await stopAt(5 * SLICE, known);
    house.host.files.set(HUB_FILE, noise(hubBytes.length + 5, 4));
    await expect(pullAll(await open(known), NAME)).rejects.toMatchObject({ code: 'network' });
    expect(await house.db.ledgerDigests()).toEqual([]);
    expect(await house.store.listUnfinished()).toEqual([]);
    expect(await (await open(known)).list()).toEqual([]);
  });

  test('keeps its parts when the network goes', async () => {
    const cut: Fault = { type: 'cut', after: SLICE + 10 };
    const offline = Array.from({ length: 40 }, (): Fault => ({ type: 'offline' }));
    house.host.fail(HUB_FILE, cut, cut, ...offline);
    await expect(pullAll(await open(known), NAME)).rejects.toMatchObject({ code: 'network' });
    await house.quiet();
    const there = await kept();
    expect(there).toBeGreaterThanOrEqual(SLICE);
    house.host.fail(HUB_FILE);
    const before = house.host.served;
    await pullAll(await open(known), NAME);
    expect(house.host.served - before).toBe(hubBytes.length - there);
    expect(await stored()).toBe(hubDigest);
  });
});

test('a validator that differs from request to request does not keep a known digest from coming', async () => {
  let version = 0;
  const { fetch } = house.host;
  const source = sourceOf(filesPlan(house.host.root, true));
  Object.assign(house.gate, {
    fetch: async (...asked: Parameters<typeof fetch>) => {
      house.host.etags.set(HUB_FILE, `"${version++}"`);
      return fetch(...asked);
    },
  });
  await pullAll(await house.open({ source }), NAME);
  expect(await stored()).toBe(hubDigest);
});

test('space is asked for over all files before the first byte', async () => {
  const origin = { kind: 'file', url: `${house.host.root}other` } as const;
  const other = { digest: null, size: 5_000_000, mediaType: 'x', name: 'other', origin };
  const plan = filesPlan(house.host.root, true, [other]);
  house.space = { quota: 9_000_000, usage: 0 };
  const registry = await house.open({ source: sourceOf(plan) });
  await expect(pullAll(registry, NAME)).rejects.toMatchObject({
    code: 'storage_full',
    detail: { needed: hubBytes.length + 5_000_000, free: 9_000_000 },
  });
  expect(house.host.requests).toEqual([]);
});

test('two pulls of one file share its transfer, and one that stops does not stop the other', async () => {
  const registry = await open(false);
  const stop = new AbortController();
  const first = pullAll(registry, NAME, () => {}, stop.signal);
  const second = pullAll(registry, 'other', ({ completed }) => {
    if (completed) stop.abort();
  });
  await expect(first).rejects.toMatchObject({ code: 'aborted' });
  await second;
  expect(house.pullers).toBe(1);
  expect(house.host.served).toBe(hubBytes.length);
  const model = (await registry.get(parseName('other')!))!;
  expect(blobsOf(model.manifest).map(({ digest }) => digest)).toContain(hubDigest);
});
