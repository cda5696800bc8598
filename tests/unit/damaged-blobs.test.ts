/** What comes for a blob that is known to be damaged takes its place, whichever way it comes. */
import { beforeEach, expect, test } from 'vitest';
import { digestOf, type Digest } from '#core/digest';
import { blobsOf } from '#core/manifest';
import { nameKey, parseName } from '#core/names';
import { putBytes } from '#store/put-bytes';
import { filesPlan, hubBytes, hubDigest, HUB_FILE, sourceOf } from '../fixtures/file-plan';
import { pullAll, TestHouse } from '../fixtures/test-registry';
import type { Registry } from '../../workers/host/registry/registry';

const NAME = 'repo:latest';
const name = parseName(NAME)!;
const { signal } = new AbortController();

let house: TestHouse;
let registry: Registry;

beforeEach(async () => {
  house = new TestHouse();
  house.host.chunk = 200_000;
  house.host.files.set(HUB_FILE, hubBytes);
  registry = await house.open({ source: sourceOf(filesPlan(house.host.root, false)) });
  await pullAll(registry, NAME);
});

async function damage(digest: Digest): Promise<void> {
  house.store.committed.get(digest)!.bytes[5]! ^= 1;
  house.time += 1000;
  for await (const line of registry.storage.check(name, signal)) {
    if (line.status === 'success') expect(line.damaged).toHaveLength(1);
  }
  expect((await registry.get(name))!.damaged).toBe(true);
}

async function isWhole(): Promise<void> {
  await house.quiet();
  for (const { digest } of blobsOf((await house.db.manifest(nameKey(name)))!.manifest)) {
    const bytes = await (await house.store.open(digest)).arrayBuffer();
    expect(await digestOf(new Uint8Array(bytes))).toBe(digest);
  }
  expect((await registry.get(name))!.damaged).toBeUndefined();
  expect((await house.db.damaged()).size).toBe(0);
  expect(await house.store.listUnfinished()).toEqual([]);
}

const configDigest = async () => (await registry.get(name))!.manifest.config.digest;

async function repair(): Promise<void> {
  for await (const { status } of registry.storage.repair(name, signal)) {
    expect(status).not.toBe('');
  }
}

test('a pull of a file whose digest nobody tells', async () => {
  await damage(hubDigest);
  await pullAll(registry, NAME);
  await isWhole();
});

test('a repair of a file whose digest nobody tells', async () => {
  await damage(hubDigest);
  await repair();
  await isWhole();
});

test('a repair of the configuration that was made here', async () => {
  await damage(await configDigest());
  await repair();
  await isWhole();
});

test('a small layer that is stored again', async () => {
  const bytes = new TextEncoder().encode('You are a pirate.');
  const digest = await putBytes(house.store, bytes.slice());
  house.store.committed.get(digest)!.bytes[0]! ^= 1;
  await putBytes(house.store, bytes);
  expect(await (await house.store.open(digest)).text()).toBe('You are a pirate.');
});

test.each([
  ['told', hubDigest],
  ['not told', null],
])('a file from disk whose digest is %s', async (_what, expected) => {
  await damage(hubDigest);
  expect(await registry.blobSize(hubDigest)).toBeNull();
  const steps = registry.storeBytes(new Blob([hubBytes]), expected, signal);
  while (!(await steps.next()).done);
  await registry.list();
  await isWhole();
});

test('wrong bytes from disk leave the damaged blob for a repair', async () => {
  await damage(hubDigest);
  const steps = registry.storeBytes(new Blob(['else']), hubDigest, signal);
  const all = async () => {
    while (!(await steps.next()).done);
  };
  await expect(all()).rejects.toMatchObject({ code: 'digest_mismatch' });
  expect(await house.store.size(hubDigest)).toBe(hubBytes.length);
});

test('what is known of a blob goes with it', async () => {
  await damage(hubDigest);
  await registry.delete(name);
  expect((await house.db.damaged()).size).toBe(0);
  expect(await house.db.verified(hubDigest)).toBeNull();
});
