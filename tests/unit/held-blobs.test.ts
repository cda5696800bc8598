/** A cleaning that comes in the middle takes nothing that a pull, a creation or a repair needs. */
import { beforeEach, expect, test } from 'vitest';
import type { Digest } from '#core/digest';
import { blobsOf, LAYER_PREFIX } from '#core/manifest';
import { parseName } from '#core/names';
import { filesPlan, hubBytes, hubDigest, HUB_FILE, sourceOf } from '../fixtures/file-plan';
import { pullAll, TestHouse } from '../fixtures/test-registry';
import type { Registry } from '../../workers/host/registry/registry';

const NAME = 'repo:latest';
const name = parseName(NAME)!;
const { signal } = new AbortController();

let house: TestHouse;
let registry: Registry;
let cleanings: Promise<unknown>[];

beforeEach(async () => {
  house = new TestHouse();
  house.host.chunk = 200_000;
  house.host.files.set(HUB_FILE, hubBytes);
  cleanings = [];
  registry = await house.open({ source: sourceOf(filesPlan(house.host.root, false)) });
});

/** Somebody cleans up at every commit, before the one who committed can go on. */
function cleanAtEachCommit(): void {
  const { commit } = house.store;
  house.store.commit = async (key, digest) => {
    await commit(key, digest);
    cleanings.push(registry.storage.collect());
  };
}

async function isWhole(): Promise<void> {
  await Promise.all(cleanings);
  const [model] = await registry.list();
  for (const { digest, size } of blobsOf(model!.manifest)) {
    expect(await house.store.size(digest)).toBe(size);
  }
}

test('a pull of files that nobody told the digests of', async () => {
  cleanAtEachCommit();
  await pullAll(registry, NAME);
  expect(cleanings.length).toBeGreaterThan(1);
  await isWhole();
});

test('a creation with texts of its own', async () => {
  house.store.put(hubDigest, hubBytes);
  const holdFirst = registry.install(name, {
    format: 'fake',
    files: [{ mediaType: `${LAYER_PREFIX}model`, digest: hubDigest, size: hubBytes.length }],
    texts: [{ kind: 'system', text: 'You are a pirate.' }],
  });
  cleanAtEachCommit();
  await holdFirst;
  expect(cleanings.length).toBeGreaterThan(1);
  await isWhole();
});

test('a repair that a cleaning meets', async () => {
  await pullAll(registry, 'other:latest');
  const known = filesPlan(house.host.root, true);
  registry = await house.open({ source: sourceOf(known) });
  house.store.committed.get(hubDigest)!.bytes[5]! ^= 1;
  const { writer } = house.store;
  let key: Digest | undefined;
  house.store.writer = async (digest) => {
    const opened = await writer(digest);
    key = digest;
    return {
      ...opened,
      // Its file is nobody's for a moment, and is not the finished one yet.
      close: async () => {
        await opened.close();
        cleanings.push(registry.storage.collect());
        await cleanings.at(-1);
      },
    };
  };
  for await (const { status } of registry.storage.repair(parseName('other')!, signal)) {
    expect(status).not.toBe('');
  }
  expect(key).not.toBe(hubDigest);
  expect(cleanings).toHaveLength(1);
  await isWhole();
});
