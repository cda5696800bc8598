/** `/api/paddock/storage`: what lies on the device, whether it is whole, and its repair, by the front door. */
import { beforeEach, describe, expect, test } from 'vitest';
import { parseDigest, type Digest } from '#core/digest';
import { blobsOf, layersOf } from '#core/manifest';
import { nameKey, parseName } from '#core/names';
import type { CheckLine, StorageReport } from '#core/paddock-api';
import type { Registry } from '../../workers/host/registry/registry';
import { fakeConfig, noise, publish } from '../fixtures/fake-registry';
import { lines, openHouse } from '../fixtures/house';
import { pullAll, TestHouse } from '../fixtures/test-registry';
import { createHandle } from '../../workers/host/server/handle';

const SITE = 'https://site.test/';
const STARTER = 'smollm2:135m';
const FAKE = 'fake:latest';
const stray = parseDigest(`sha256:${'5'.repeat(64)}`)!;

let house: TestHouse;
let registry: Registry;
let call: (method: string, path: string, body?: object) => Promise<Response>;

beforeEach(async () => {
  house = new TestHouse();
  registry = await house.open();
  await pullAll(registry, STARTER);
  await pullAll(registry, FAKE);
  await house.quiet();
  const { deps } = openHouse();
  const handle = createHandle({ ...deps, registry }, SITE);
  call = (method, path, body) =>
    handle(new Request(SITE + path, { method, body: body && JSON.stringify(body) }));
});

const report = async () =>
  (await (await call('GET', 'api/paddock/storage')).json()) as StorageReport;

const check = async (body = {}) =>
  (await lines(await call('POST', 'api/paddock/storage/check', body))) as unknown as CheckLine[];

const repair = async (model: string) =>
  lines(await call('POST', 'api/paddock/storage/repair', { model }));

async function weightsOf(name: string): Promise<Digest> {
  const record = await house.db.manifest(nameKey(parseName(name)!));
  return layersOf(record!.manifest, 'model')[0]!.digest;
}

/** As a disk that loses a bit. */
async function flip(name: string, at = 7): Promise<Digest> {
  const digest = await weightsOf(name);
  house.store.committed.get(digest)!.bytes[at]! ^= 1;
  return digest;
}

const blobRequests = () => house.host.requests.filter((url) => url.includes('/blobs/'));

describe('the report', () => {
  test('names each model with its bytes, and the browser’s figures', async () => {
    house.space = { quota: 500_000_000, usage: 2_000_000 };
    const { models, ...rest } = await report();
    expect(rest).toEqual({
      kind: 'memory',
      quota: 500_000_000,
      usage: 2_000_000,
      orphans: { count: 0, size: 0 },
      unfinished: { count: 0, size: 0 },
      corrupt: 0,
      corrupt_names: [],
    });
    expect(models.map(({ name }) => name).sort()).toEqual([FAKE, STARTER]);
    const starter = models.find(({ name }) => name === STARTER)!;
    expect(starter.size).toBeGreaterThan(1_000_000);
    // The licence is the other one's too.
    expect(starter.own_size).toBeLessThan(starter.size);
    expect(starter.own_size).toBeGreaterThanOrEqual(1_000_000);
    expect(starter).toMatchObject({ last_used: null });
    expect(starter).not.toHaveProperty('state');
  });

  test('says nothing of the quota where the browser does not', async () => {
    house.space = {};
    expect(await report()).toMatchObject({ quota: null, usage: null });
  });

  test('counts what no model names, and what is unfinished', async () => {
    house.store.put(stray, new Uint8Array(300));
    house.store.unfinished.set(stray, { bytes: new Uint8Array(70), modifiedAt: 0 });
    expect(await report()).toMatchObject({
      orphans: { count: 1, size: 300 },
      unfinished: { count: 1, size: 70 },
    });
  });

  test('lists a model without its weights as missing', async () => {
    house.store.committed.delete(await weightsOf(FAKE));
    const { models } = await report();
    expect(models.find(({ name }) => name === FAKE)).toMatchObject({ state: 'missing' });
  });
});

describe('a check', () => {
  test('hashes each blob once, and says how far it is', async () => {
    const all = await check();
    const last = all.at(-1)!;
    expect(last).toMatchObject({ status: 'success', damaged: [] });
    expect(last.completed).toBe(last.total);
    const records = (await house.db.manifests()).good;
    const digests = new Set(
      records.flatMap(({ manifest }) => blobsOf(manifest).map(({ digest }) => digest)),
    );
    expect(last.total).toBe(
      [...digests].reduce(
        (sum, digest) => sum + house.store.committed.get(digest)!.bytes.length,
        0,
      ),
    );
    const steps = all.map(({ completed }) => completed!);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
  });

  test('finds a flipped bit; the model is not loaded any more, and others are', async () => {
    const digest = await flip(STARTER);
    expect(await registry.get(parseName(STARTER)!)).not.toHaveProperty('damaged');
    const last = (await check()).at(-1)!;
    expect(last.damaged).toEqual([{ model: STARTER, blobs: [{ digest, state: 'damaged' }] }]);
    const { models } = await report();
    expect(models.find(({ name }) => name === STARTER)).toMatchObject({ state: 'damaged' });
    const refused = await call('POST', 'api/generate', { model: STARTER, prompt: 'a' });
    expect(refused.status).toBe(500);
    expect(await refused.json()).toMatchObject({
      code: 'model_unreadable',
      error: expect.stringContaining(`a file of ${STARTER} damaged`) as string,
    });
    const other = await call('POST', 'api/generate', { model: FAKE, prompt: 'a', stream: false });
    expect(other.status).toBe(200);
  });

  test('of one model reads that one only, and finds what is missing', async () => {
    await flip(STARTER);
    const digest = await weightsOf(FAKE);
    house.store.committed.delete(digest);
    const last = (await check({ model: 'fake' })).at(-1)!;
    expect(last.damaged).toEqual([{ model: FAKE, blobs: [{ digest, state: 'missing' }] }]);
    expect(last.total).toBeLessThan(1_000_000);
  });

  test('takes a mark back when the blob is whole again', async () => {
    await flip(STARTER);
    await check();
    await flip(STARTER);
    await check();
    expect(await registry.get(parseName(STARTER)!)).not.toHaveProperty('damaged');
  });

  test('of a name that nobody has is a 404', async () => {
    const response = await call('POST', 'api/paddock/storage/check', { model: 'nobody' });
    expect(response.status).toBe(404);
  });

  test('outlives the session', async () => {
    await flip(STARTER);
    await check();
    const later = await house.open();
    expect(await later.get(parseName(STARTER)!)).toMatchObject({ damaged: true });
    expect((await later.list()).find(({ name }) => name === STARTER)).toMatchObject({
      damaged: true,
    });
  });
});

describe('a repair', () => {
  test('fetches the damaged blob and nothing else', async () => {
    const digest = await flip(STARTER);
    await check();
    house.host.requests.length = 0;
    const all = await repair(STARTER);
    expect(all.at(-1)).toEqual({ status: 'success' });
    const hex = digest.slice(7);
    expect(all.filter(({ status }) => status === `pulling ${hex.slice(0, 12)}`).at(-1)).toEqual({
      status: `pulling ${hex.slice(0, 12)}`,
      digest,
      total: 1_000_000,
      completed: 1_000_000,
    });
    const pulled = all
      .map(({ status }) => status as string)
      .filter((one) => /^pulling [0-9a-f]/.test(one));
    expect(new Set(pulled)).toEqual(new Set([`pulling ${hex.slice(0, 12)}`]));
    const published = new Set(parts());
    for (const url of blobRequests()) {
      expect(url.includes(hex) || published.has(url.slice(-64))).toBe(true);
    }
    expect((await check()).at(-1)!.damaged).toEqual([]);
    expect(await registry.get(parseName(STARTER)!)).not.toHaveProperty('damaged');
  });

  test('does not need a check before', async () => {
    await flip(FAKE);
    expect((await repair(FAKE)).at(-1)).toEqual({ status: 'success' });
    expect((await check()).at(-1)!.damaged).toEqual([]);
  });

  test('of a whole model asks for nothing', async () => {
    house.host.requests.length = 0;
    expect((await repair(STARTER)).at(-1)).toEqual({ status: 'success' });
    expect(house.host.requests).toEqual([]);
  });

  test('brings back what is missing', async () => {
    house.store.committed.delete(await weightsOf(FAKE));
    expect((await repair(FAKE)).at(-1)).toEqual({ status: 'success' });
    expect(await registry.get(parseName(FAKE)!)).toMatchObject({ name: FAKE });
  });

  test('keeps the manifest, though the site publishes a newer one', async () => {
    await flip(FAKE);
    const before = await house.db.manifest(nameKey(parseName(FAKE)!));
    const config = fakeConfig('1K');
    publish(house.host.files, { path: FAKE, weights: noise(900, 3), params: {}, config });
    expect((await repair(FAKE)).at(-1)).toEqual({ status: 'success' });
    expect(await house.db.manifest(nameKey(parseName(FAKE)!))).toEqual(before);
  });

  test('of a model that is nowhere else says so, and the model stays as it is', async () => {
    const record = (await house.db.manifest(nameKey(parseName(FAKE)!)))!;
    const own = parseName('mine:latest')!;
    await house.db.putManifest({ ...record, key: nameKey(own), name: own });
    await flip(FAKE);
    expect((await repair('mine')).at(-1)).toMatchObject({ code: 'not_in_registry' });
    expect(house.store.committed.has(await weightsOf(FAKE))).toBe(true);
  });

  test('a pull repairs too', async () => {
    await flip(FAKE);
    await check();
    await pullAll(registry, FAKE);
    expect((await check()).at(-1)!.damaged).toEqual([]);
  });
});

describe('collecting', () => {
  const collect = () => call('POST', 'api/paddock/storage/collect');

  test('removes what nothing needs, however young, and nothing else', async () => {
    const before = [...house.store.committed.keys()];
    house.store.put(stray, new Uint8Array(300));
    house.store.unfinished.set(stray, { bytes: new Uint8Array(70), modifiedAt: house.time });
    expect(await (await collect()).json()).toEqual({ removed: 2, size: 370 });
    expect([...house.store.committed.keys()]).toEqual(before);
    expect(house.store.unfinished.size).toBe(0);
    expect(await (await collect()).json()).toEqual({ removed: 0, size: 0 });
  });

  test('leaves what a running pull needs', async () => {
    await registry.delete(parseName(STARTER)!);
    const statuses = registry.pull({ name: parseName(STARTER)! }, new AbortController().signal);
    for await (const { total, completed } of statuses) {
      if (total !== 1_000_000 || !completed) continue;
      expect(await (await collect()).json()).toMatchObject({ removed: 0 });
    }
    expect(await registry.get(parseName(STARTER)!)).toMatchObject({ name: STARTER });
  });

  test('stops before a manifest that cannot be read, until that is deleted by its name', async () => {
    house.store.put(stray, new Uint8Array(300));
    const record = (await house.db.manifest(nameKey(parseName(FAKE)!)))!;
    await house.db.putManifest({ ...record, text: 'damaged' });
    expect(await report()).toMatchObject({ corrupt: 1, corrupt_names: [FAKE] });
    const refused = await collect();
    expect(refused.status).toBe(500);
    expect(await refused.json()).toMatchObject({ code: 'storage_failed' });
    expect(house.store.committed.has(stray)).toBe(true);

    expect((await call('DELETE', 'api/delete', { model: FAKE })).status).toBe(200);
    expect(await report()).toMatchObject({ corrupt: 0 });
    expect((await collect()).status).toBe(200);
    expect(house.store.committed.has(stray)).toBe(false);
  });
});

/** Hex digits of the starter's published parts. */
function parts(): string[] {
  const list = [...house.host.files.keys()].find((path) => path.endsWith('.parts.json'))!;
  const { parts } = JSON.parse(new TextDecoder().decode(house.host.files.get(list))) as {
    parts: { digest: string }[];
  };
  return parts.map(({ digest }) => digest.slice(7));
}
