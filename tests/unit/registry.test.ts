import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Caller } from '#core/caller';
import { digestOf, parseDigest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { blobsOf, layersOf } from '#core/manifest';
import type { PullerMethods } from '#core/methods';
import { parseName } from '#core/names';
import { fakeConfig, fakeRegistry, noise, publish } from '../fixtures/fake-registry';
import type { PullStatus } from '../../workers/host/registry/registry';
import { emptyLedger, moved, pullAll, TestHouse } from '../fixtures/test-registry';
import type { ManifestPlan, Source } from '../../workers/host/registry/source';

const STARTER = 'smollm2:135m';
const starter = parseName(STARTER)!;
const HOUR = 3_600_000;

let house: TestHouse;
beforeEach(() => {
  house = new TestHouse();
});

const partRequests = () => house.host.requests.filter((url) => /sha256-[0-9a-f]{64}$/.test(url));

/** Publishes another set of weights under a name that exists. */
function republish(path: string, seed: number) {
  const change = { path, weights: noise(1000, seed), params: { seed }, config: fakeConfig('1K') };
  publish(house.host.files, change);
}

describe('a pull', () => {
  test('yields Ollama’s statuses, and the model is there', async () => {
    const registry = await house.open();
    const { statuses, words } = await pullAll(registry, STARTER);
    const model = (await registry.get(starter))!;
    const hex = blobsOf(model.manifest).map(({ digest }) => digest.slice(7, 19));
    expect(words).toEqual([
      'pulling manifest',
      ...hex.map((digits) => `pulling ${digits}`),
      'verifying sha256 digest',
      'writing manifest',
      'success',
    ]);
    const weights = statuses.filter(({ total }) => total === 1_000_000);
    expect(weights.at(-1)).toMatchObject({ completed: 1_000_000 });
    for (const { completed } of weights) expect(completed).toBeLessThanOrEqual(1_000_000);
    expect(model).toMatchObject({ name: STARTER, modifiedAt: house.time });
    expect(model.config).toEqual(fakeConfig('134.52M'));
    expect(model.size).toBe(blobsOf(model.manifest).reduce((sum, { size }) => sum + size, 0));
    const [params] = layersOf(model.manifest, 'params');
    expect(JSON.parse(await registry.readText(params!.digest))).toHaveProperty('stop');
    expect(await house.db.ledgerDigests()).toEqual([]);
  });

  test('of a model that is there fetches its manifest only', async () => {
    const registry = await house.open();
    await pullAll(registry, STARTER);
    house.host.requests.length = 0;
    const { words } = await pullAll(registry, STARTER);
    expect(words.at(-1)).toBe('success');
    expect(house.host.requests).toHaveLength(1);
  });

  test('that is stopped keeps its parts, and after a reload goes on from them', async () => {
    const registry = await house.open();
    const stop = new AbortController();
    const stopped = pullAll(
      registry,
      STARTER,
      ({ total, completed }) => {
        if (total === 1_000_000 && completed! >= 400_000) stop.abort();
      },
      stop.signal,
    );
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    await house.quiet();
    expect(await registry.list()).toEqual([]);
    const [unfinished] = await house.db.ledgerDigests();
    const done = (await house.db.ledger(unfinished!))!.parts.filter(Boolean).length;
    expect(done).toBeGreaterThanOrEqual(1);

    house.host.requests.length = 0;
    const again = await house.open();
    const { statuses } = await pullAll(again, STARTER);
    expect(statuses.find(({ total }) => total === 1_000_000)!.completed).toBe(done * 200_000);
    // The parts that are missing, and three small blobs.
    expect(partRequests()).toHaveLength(5 - done + 3);
    const { size } = await again.store.open(unfinished!);
    expect(size).toBe(1_000_000);
  });

  test('starts anew when the site has cut the same weights in other parts', async () => {
    const stop = new AbortController();
    const onStatus = ({ completed }: PullStatus) => {
      if (completed && completed >= 400_000) stop.abort();
    };
    const stopped = pullAll(await house.open(), STARTER, onStatus, stop.signal);
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    await house.quiet();
    expect(await house.db.ledgerDigests()).toHaveLength(1);
    publish(house.host.files, {
      path: STARTER,
      weights: noise(1_000_000, 135),
      partSize: 250_000,
      params: {},
      config: fakeConfig('134.52M'),
    });
    house.host.requests.length = 0;
    const registry = await house.open();
    expect((await pullAll(registry, STARTER)).words.at(-1)).toBe('success');
    expect(partRequests()).toHaveLength(4 + 3);
  });

  test('that damaged data ends is not installed, and the next one works', async () => {
    const registry = await house.open();
    const { digest } = layersOf((await pullInfo()).manifest, 'license')[0]!;
    house.host.fail(`v2/library/smollm2/blobs/${digest.replace(':', '-')}`, {
      type: 'flip',
      at: 0,
    });
    await expect(pullAll(registry, STARTER)).rejects.toMatchObject({ code: 'digest_mismatch' });
    expect(await registry.list()).toEqual([]);
    expect(await registry.get(starter)).toBeNull();
    expect((await pullAll(registry, STARTER)).words.at(-1)).toBe('success');
  });

  /** The starter's manifest, without leaving a trace in the house. */
  async function pullInfo() {
    const other = new TestHouse();
    const registry = await other.open({ db: house.db });
    await pullAll(registry, STARTER);
    const model = (await registry.get(starter))!;
    await registry.delete(starter);
    return model;
  }

  test('without enough space ends before the first byte, naming both figures', async () => {
    house.space = { quota: 1_000_000, usage: 400_000 };
    const registry = await house.open();
    await expect(pullAll(registry, STARTER)).rejects.toMatchObject({
      code: 'storage_full',
      detail: { free: 600_000, needed: expect.any(Number) as number },
    });
    expect(house.pullers).toBe(0);
    expect(await house.store.listUnfinished()).toEqual([]);
  });

  test('of a name that the registry lacks says so', async () => {
    const registry = await house.open();
    await expect(pullAll(registry, 'nothing')).rejects.toMatchObject({ code: 'not_in_registry' });
  });

  test('with the network off asks no other host for a part, while the site’s own still come', async () => {
    const { source } = house.context();
    const elsewhere: Source = {
      async resolve(...asked) {
        const plan = (await source.resolve(...asked)) as ManifestPlan;
        const origin: ManifestPlan['origin'] = async (...blob) => moved(await plan.origin(...blob));
        return { ...plan, origin };
      },
    };
    house.gate.switch(true);
    const registry = await house.open({ source: elsewhere });
    await expect(pullAll(registry, STARTER)).rejects.toMatchObject({ code: 'network_off' });
    expect(house.refused).toHaveLength(1);
    expect(house.refused[0]).toMatch(/^https:\/\/elsewhere\.test\/v2\//);
    expect(house.host.requests.filter((url) => url.includes('elsewhere'))).toEqual([]);

    const { words } = await pullAll(await house.open(), STARTER); // the site's own parts, still off
    expect(words.at(-1)).toBe('success');
  });

  test('ends with an error when its puller dies', async () => {
    const dead = () => {
      const { port1, port2 } = new MessageChannel();
      const caller = new Caller<PullerMethods>(port2);
      queueMicrotask(() => caller.fail(new PaddockError('internal', 'It stopped.')));
      return { caller, terminate: () => (port1.close(), port2.close()) };
    };
    const registry = await house.open({ startPuller: dead });
    await expect(pullAll(registry, STARTER)).rejects.toMatchObject({ code: 'internal' });
  });

  test('repairs a model whose weights are gone; until then it is not listed', async () => {
    const registry = await house.open();
    await pullAll(registry, STARTER);
    const [weights] = layersOf((await registry.get(starter))!.manifest, 'model');
    house.store.committed.delete(weights!.digest);
    expect(await registry.list()).toEqual([]);
    expect(await registry.get(starter)).toBeNull();
    await pullAll(registry, STARTER);
    expect(await registry.list()).toHaveLength(1);
  });
});

test('a blob of the wrong size is fetched again', async () => {
  const registry = await house.open();
  await pullAll(registry, STARTER);
  const [weights] = layersOf((await registry.get(starter))!.manifest, 'model');
  house.store.put(weights!.digest, noise(10, 1));
  expect(await registry.list()).toEqual([]);
  await pullAll(registry, STARTER);
  expect(await registry.list()).toHaveLength(1);
});

test('a pull and a delete are told, when the model is there and when it is gone', async () => {
  const changes: number[] = [];
  const registry = await house.open({
    changed: () => void registry.list().then((models) => changes.push(models.length)),
  });
  await pullAll(registry, STARTER);
  await vi.waitFor(() => expect(changes).toEqual([1]));
  await registry.delete(starter);
  await vi.waitFor(() => expect(changes).toEqual([1, 0]));
});

describe('two pulls at once', () => {
  test('of one name share each transfer', async () => {
    const registry = await house.open();
    const both = await Promise.all([pullAll(registry, STARTER), pullAll(registry, STARTER)]);
    for (const { words } of both) expect(words.at(-1)).toBe('success');
    expect(house.pullers).toBe(4);
    expect(partRequests()).toHaveLength(5 + 3);
    expect(await registry.list()).toHaveLength(1);
  });

  test('one that is stopped does not stop the other', async () => {
    const registry = await house.open();
    const stop = new AbortController();
    const first = pullAll(registry, STARTER, () => {}, stop.signal);
    const second = pullAll(registry, STARTER, ({ completed }) => {
      if (completed) stop.abort(); // both read the same transfer by now
    });
    await expect(first).rejects.toMatchObject({ code: 'aborted' });
    expect((await second).words.at(-1)).toBe('success');
    expect(partRequests()).toHaveLength(5 + 3);
  });
});

describe('the installed models', () => {
  test('are listed newest first, by any spelling', async () => {
    const registry = await house.open();
    await pullAll(registry, STARTER);
    house.time += 1000;
    await pullAll(registry, 'Fake');
    expect((await registry.list()).map(({ name }) => name)).toEqual(['Fake:latest', STARTER]);
    expect(await registry.get(parseName('FAKE:Latest')!)).toMatchObject({ name: 'Fake:latest' });
    await pullAll(registry, 'fake'); // the first spelling stays
    expect((await registry.list()).map(({ name }) => name)).toContain('Fake:latest');
    expect(await registry.list()).toHaveLength(2);
  });

  test('a deleted one leaves the blobs that another shares', async () => {
    const registry = await house.open();
    await pullAll(registry, STARTER);
    await pullAll(registry, 'fake'); // the same licence
    const fake = (await registry.get(parseName('fake')!))!;
    expect(await registry.delete(starter)).toBe(true);
    expect(await registry.delete(starter)).toBe(false);
    expect(new Set(house.store.committed.keys())).toEqual(
      new Set(blobsOf(fake.manifest).map(({ digest }) => digest)),
    );
    expect(await registry.list()).toHaveLength(1);
    await registry.delete(parseName('fake')!);
    expect(house.store.committed.size).toBe(0);
  });

  test('goes when its file is in use, and the file goes at a later start', async () => {
    const registry = await house.open();
    await pullAll(registry, 'fake');
    const free = house.store.delete;
    const locked = layersOf((await registry.list())[0]!.manifest, 'model')[0]!.digest;
    house.store.delete = (digest) =>
      digest === locked
        ? Promise.reject(new PaddockError('storage_failed', 'It is in use.', { busy: true }))
        : free(digest);
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    expect(await registry.delete(parseName('fake')!)).toBe(true);
    expect(warn).toHaveBeenCalledOnce();
    warn.mockRestore();
    expect(await registry.list()).toEqual([]);
    expect([...house.store.committed.keys()]).toEqual([locked]);
    house.store.delete = free;
    house.time += 2 * HOUR;
    await house.open();
    expect(house.store.committed.size).toBe(0);
  });

  test('says so when its file cannot be deleted for another reason', async () => {
    const registry = await house.open();
    await pullAll(registry, 'fake');
    house.store.delete = () => Promise.reject(new PaddockError('storage_failed', 'No.'));
    await expect(registry.delete(parseName('fake')!)).rejects.toMatchObject({
      code: 'storage_failed',
    });
  });

  test('one that is pulled anew drops what it no longer needs', async () => {
    const registry = await house.open();
    await pullAll(registry, 'fake');
    const before = new Set(house.store.committed.keys());
    republish('fake:latest', 77);
    const { words } = await pullAll(registry, 'fake');
    expect(words).toContain('removing unused layers');
    const model = (await registry.get(parseName('fake')!))!;
    expect(new Set(house.store.committed.keys())).toEqual(
      new Set(blobsOf(model.manifest).map(({ digest }) => digest)),
    );
    expect(new Set(house.store.committed.keys())).not.toEqual(before);
  });

  test('a damaged record hides no other, keeps every blob, and can be deleted', async () => {
    const registry = await house.open();
    await pullAll(registry, STARTER);
    await pullAll(registry, 'fake');
    const record = (await house.db.manifest('registry.ollama.ai/library/fake:latest'))!;
    await house.db.putManifest({ ...record, text: '{"schemaVersion":2' });
    expect((await registry.list()).map(({ name }) => name)).toEqual([STARTER]);
    expect(await registry.get(parseName('fake')!)).toBeNull();

    const before = house.store.committed.size;
    house.time += 2 * HOUR;
    const again = await house.open();
    await again.delete(starter);
    expect(house.store.committed.size).toBe(before);
    expect(await again.delete(parseName('fake')!)).toBe(true);
    house.time += 2 * HOUR;
    await house.open();
    expect(house.store.committed.size).toBe(0);
  });
});

describe('the cleaning at start', () => {
  const bytes = noise(100, 5);

  test('removes old blobs that no manifest names, and no others', async () => {
    const registry = await house.open();
    await pullAll(registry, 'fake');
    const used = house.store.committed.size;
    const orphan = await digestOf(bytes);
    house.store.put(orphan, bytes, house.time - HOUR + 1000);
    await house.open();
    expect(await house.store.has(orphan)).toBe(true); // within the hour's grace
    house.time += 2000;
    await house.open();
    expect(await house.store.has(orphan)).toBe(false);
    expect(house.store.committed.size).toBe(used);
  });

  test('removes an unfinished blob without a ledger, and a ledger without one', async () => {
    const orphan = await digestOf(bytes);
    await (await house.store.writer(orphan)).close();
    const lost = parseDigest(`sha256:${'2'.repeat(64)}`)!;
    await house.db.putLedger(emptyLedger(lost));
    await house.open();
    expect(await house.store.listUnfinished()).toEqual([]);
    expect(await house.db.ledgerDigests()).toEqual([]);
  });

  test('keeps an unfinished blob that has a ledger', async () => {
    const digest = await digestOf(bytes);
    await (await house.store.writer(digest)).close();
    await house.db.putLedger(emptyLedger(digest));
    await house.open();
    expect(await house.store.listUnfinished()).toHaveLength(1);
  });

  test('goes on past a blob that cannot be removed', async () => {
    house.time += 2 * HOUR;
    const stuck = await digestOf(bytes);
    house.store.put(stuck, bytes, 0);
    house.store.delete = () => Promise.reject(new Error('in use'));
    await expect(house.open()).resolves.toBeDefined();
  });
});

test('deleting another model takes no blob of a running pull', async () => {
  const registry = await house.open();
  await pullAll(registry, 'fake');
  let deleted = false;
  for await (const { status } of registry.pull({ name: starter }, new AbortController().signal)) {
    // Its shared licence is skipped as present, then its only other owner goes.
    if (status === 'verifying sha256 digest') deleted = await registry.delete(parseName('fake')!);
  }
  expect(deleted).toBe(true);
  const model = (await registry.list())[0]!;
  for (const { digest } of blobsOf(model.manifest))
    expect(await house.store.has(digest)).toBe(true);
});

test('the fake registry is the same every time', async () => {
  const digests = (files: Map<string, Uint8Array>) =>
    Promise.all([...files].map(async ([path, bytes]) => [path, await digestOf(bytes.slice())]));
  expect(await digests(fakeRegistry())).toEqual(await digests(fakeRegistry()));
});
