/** Blobs on their way from a disk to a model: what a cleaning, or a wrong one, does in the middle. */
import { beforeEach, describe, expect, test } from 'vitest';
import { digestOf } from '#core/digest';
import { NetworkGate } from '#core/network-gate';
import type { StorageReport } from '#core/paddock-api';
import { SLICE } from '#store/blob-store';
import { smallGguf } from '../fixtures/disk-gguf';
import { settled } from '../fixtures/fake-pulls';
import { filesPlan, HUB_FILE, hubBytes, hubDigest, sourceOf } from '../fixtures/file-plan';
import { SITE } from '../fixtures/house';
import { openPullHouse } from '../fixtures/pull-house';
import { TestHouse } from '../fixtures/test-registry';

const HOUR = 60 * 60_000;
const bytes = smallGguf();
const digest = await digestOf(bytes);

let house: TestHouse;
let door: Awaited<ReturnType<typeof openPullHouse>>;
beforeEach(async () => {
  house = new TestHouse();
  door = await openPullHouse(house);
});

const orphans = async () => (await door.ask<StorageReport>('api/paddock/storage')).orphans.count;
const collect = () => door.ask('api/paddock/storage/collect', {});

async function upload(path: string): Promise<void> {
  const response = await door.post(path, new Blob([bytes]));
  expect([200, 201]).toContain(response.status);
  await response.text();
}

describe.each([`api/blobs/${digest}`, 'api/paddock/blobs', `api/paddock/blobs?digest=${digest}`])(
  'what came by %s',
  (path) => {
    test('is no leftover until a model is made of it', async () => {
      await upload(path);
      expect(await orphans()).toBe(0);
      expect(await collect()).toEqual({ removed: 0, size: 0 });
      const files = { 'model.gguf': digest };
      await door.ask('api/create', { model: 'mine', files, stream: false });
      expect((await door.registry.list()).map(({ name }) => name)).toEqual(['mine:latest']);
    });

    test('is one after an hour in which nobody made anything of it', async () => {
      await upload(path);
      house.time += HOUR;
      expect(await orphans()).toBe(0);
      house.time += 1;
      expect(await orphans()).toBe(1);
      expect(await collect()).toEqual({ removed: 1, size: bytes.length });
      expect(await orphans()).toBe(0);
    });

    test('goes with the model that was made of it, however young', async () => {
      await upload(path);
      await door.ask('api/create', { model: 'mine', files: { m: digest }, stream: false });
      const body = JSON.stringify({ model: 'mine' });
      const gone = await door.handle(new Request(`${SITE}api/delete`, { method: 'DELETE', body }));
      expect(gone.status).toBe(200);
      expect([...house.store.committed.keys()]).toEqual([]);
    });

    test('survives a cleaning between its last byte and its answer', async () => {
      const { commit } = house.store;
      const cleanings: Promise<unknown>[] = [];
      house.store.commit = async (...which) => {
        await commit(...which);
        if (cleanings.length === 0) cleanings.push(collect());
      };
      await upload(path);
      await Promise.all(cleanings);
      expect(cleanings).toHaveLength(1);
      expect(await house.store.has(digest)).toBe(true);
    });
  },
);

test('other leftovers are removed at once, and those of a download that waits are none', async () => {
  house.store.put(hubDigest, hubBytes);
  expect(await orphans()).toBe(1);
  await house.db.putPull({
    ...{ key: 'k', model: 'other:1', insecure: false, state: 'paused', addedAt: 1 },
    ...{ completed: 0, total: 0, blobs: [hubDigest] },
  });
  expect(await orphans()).toBe(0);
  expect(await collect()).toEqual({ removed: 0, size: 0 });
  await house.db.deletePull('k');
  expect(await collect()).toEqual({ removed: 1, size: hubBytes.length });
});

describe('beside a download that waits', () => {
  const MODEL = 'hf.co/user/repo:latest';

  /** Parts that its ledger has, each of `SLICE` bytes but the last. */
  const wholeParts = async () =>
    (await house.db.ledger(hubDigest))?.parts.filter((part) => part !== null).length ?? 0;

  /** More than half of the file has come, and of its parts some are whole: how many depends on the moment. */
  beforeEach(async () => {
    house.host.chunk = 200_000;
    house.host.files.set(HUB_FILE, hubBytes);
    house.host.limit = 5_000_000;
    door = await openPullHouse(house, { source: sourceOf(filesPlan(house.host.root, true)) });
    await door.ask('api/paddock/pulls', { model: MODEL });
    await door.until(({ completed }) => completed >= 4_000_000);
    await expect.poll(wholeParts).toBeGreaterThan(0);
    await door.ask('api/paddock/pulls/pause', { model: MODEL });
    await house.quiet();
    house.host.limit = Infinity;
    house.host.served = 0;
  });

  const resume = async () => {
    await door.ask('api/paddock/pulls/resume', { model: MODEL });
    await door.until(({ state }) => state === 'done');
  };

  test.each(['api/blobs/', 'api/paddock/blobs?digest='])(
    'wrong bytes for its digest cost it nothing: %s',
    async (path) => {
      const kept = house.store.unfinished.get(hubDigest)!.bytes.length;
      const whole = await wholeParts();
      const answer = await door.post(path + hubDigest, new Blob(['something else']));
      expect(await answer.text()).toContain('expected');
      expect(house.store.unfinished.get(hubDigest)?.bytes.length).toBe(kept);
      await resume();
      expect(house.host.served).toBeLessThanOrEqual(hubBytes.length - (whole - 1) * SLICE - 1000);
      expect(await house.store.has(hubDigest)).toBe(true);
    },
  );

  test('the right ones complete it, and nothing half is left', async () => {
    const answer = await door.post(`api/blobs/${hubDigest}`, new Blob([hubBytes]));
    expect(answer.status).toBe(201);
    expect([...house.store.unfinished.keys()]).toEqual([]);
    expect(await house.db.ledgerDigests()).toEqual([]);
    await resume();
    expect(house.host.served).toBe(0);
  });

  test('what was sent stays for who sent it, when the download is cancelled', async () => {
    await door.post(`api/blobs/${hubDigest}`, new Blob([hubBytes]));
    await door.ask('api/paddock/pulls/cancel', { model: MODEL });
    expect(await house.store.has(hubDigest)).toBe(true);
    house.time += HOUR + 1;
    expect(await collect()).toEqual({ removed: 1, size: hubBytes.length });
  });
});

test('a download that fails fails nothing that came from a disk for its digest', async () => {
  let refuse = () => {};
  const refused = new Promise<void>((resolve) => (refuse = resolve));
  const away = async () => {
    await refused;
    throw new TypeError('Failed to fetch');
  };
  house.gate = new NetworkGate({ siteUrl: house.host.root, fetch: away });
  door = await openPullHouse(house, { source: sourceOf(filesPlan(house.host.root, true)) });
  await door.ask('api/paddock/pulls', { model: 'hf.co/user/repo:latest' });
  await settled();
  const answer = door.post(`api/blobs/${hubDigest}`, new Blob([hubBytes]));
  await settled();
  refuse();
  await door.until(({ state }) => state === 'failed');
  expect((await answer).status).toBe(201);
  expect(await house.store.has(hubDigest)).toBe(true);
});
