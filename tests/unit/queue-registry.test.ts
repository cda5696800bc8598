/** The queue over a real registry: what a pause, a cancel and the death of a host leave on the device. */
import { beforeEach, expect, test } from 'vitest';
import { layersOf } from '#core/manifest';
import { parseName } from '#core/names';
import type { PullQueue } from '../../workers/host/registry/queue';
import type { Registry } from '../../workers/host/registry/registry';
import { settled } from '../fixtures/fake-pulls';
import { openPullHouse, untilFirst } from '../fixtures/pull-house';
import { TestHouse } from '../fixtures/test-registry';

const MODEL = 'smollm2:135m';
let house: TestHouse;

beforeEach(() => {
  house = new TestHouse();
});

async function open(): Promise<{ registry: Registry; queue: PullQueue }> {
  const { registry, pulls } = await openPullHouse(house);
  return { registry, queue: pulls };
}

const done = (queue: PullQueue) => untilFirst(queue, ({ state }) => state === 'done');

/** A host that dies in the middle: the third part never comes. */
async function cutAt400() {
  const parts = await partPaths();
  house.host.fail(parts[2]!, { type: 'silence', after: 1000 });
  const { queue } = await open();
  await queue.add(MODEL);
  await untilFirst(queue, ({ completed }) => completed >= 400_000);
  return { queue, parts };
}

async function partPaths(): Promise<string[]> {
  const list = [...house.host.files.keys()].find((path) => path.endsWith('.parts.json'))!;
  const { parts } = JSON.parse(new TextDecoder().decode(house.host.files.get(list))) as {
    parts: { digest: string }[];
  };
  return parts.map(({ digest }) => `v2/library/smollm2/blobs/${digest.replace(':', '-')}`);
}

const asked = (paths: string[]) =>
  house.host.requests
    .map((url) => paths.indexOf(url.slice(house.host.root.length)))
    .filter((index) => index !== -1);

test('a model comes by the queue and is installed; its record is gone', async () => {
  const { registry, queue } = await open();
  await queue.add(MODEL);
  await done(queue);
  expect((await registry.list()).map(({ name }) => name)).toEqual([MODEL]);
  expect(await house.db.pulls()).toEqual([]);
});

test('what was under way when the host died goes on by itself with the next, from the last part', async () => {
  const { queue, parts } = await cutAt400();
  await queue.pause(MODEL); // as far as its files go: a dead worker lets go of them too
  await settled();
  const [record] = await house.db.pulls();
  await house.db.putPull({ ...record!, state: 'running' });
  house.host.requests.length = 0;
  house.time += 2 * 60 * 60_000; // more than the grace of what no model names
  const next = await open();
  await done(next.queue);
  expect(asked(parts)).toEqual([2, 3, 4]);
  expect((await next.registry.list()).map(({ name }) => name)).toEqual([MODEL]);
});

test('one that was paused stays so, and keeps what it has', async () => {
  const { queue, parts } = await cutAt400();
  await queue.pause(MODEL);
  await settled();
  house.host.requests.length = 0;
  const next = await open();
  const [job] = next.queue.state.pulls;
  expect(job).toMatchObject({ state: 'paused', total: 1_000_183 });
  expect(job!.completed).toBeGreaterThanOrEqual(400_000);
  expect(house.host.requests).toEqual([]);
  await next.queue.resume(MODEL);
  await done(next.queue);
  expect(asked(parts)).toEqual([2, 3, 4]);
});

test('a cancelled one leaves no bytes and no ledger', async () => {
  const { queue } = await cutAt400();
  await queue.cancel(MODEL);
  expect([house.store.committed.size, house.store.unfinished.size]).toEqual([0, 0]);
  expect(await house.db.ledgerDigests()).toEqual([]);
  expect(await house.db.pulls()).toEqual([]);
});

test('what another download needs, running or waiting, stays when one is cancelled', async () => {
  const { queue, parts } = await cutAt400();
  const root = 'v2/library/';
  for (const [path, bytes] of [...house.host.files]) {
    if (path.startsWith(`${root}smollm2/`)) {
      house.host.files.set(path.replace('smollm2', 'twin'), bytes);
    }
  }
  await queue.pause(MODEL);
  await settled();
  const [record] = await house.db.pulls();
  await house.db.putPull({
    ...record!,
    key: 'registry.ollama.ai/library/twin:135m',
    model: 'twin:135m',
  });
  const next = await open();
  await next.queue.cancel(MODEL);
  expect(house.store.unfinished.size).toBe(1);
  await next.queue.resume('twin:135m');
  house.host.requests.length = 0;
  await done(next.queue);
  const twins = parts.map((path) => path.replace('smollm2', 'twin'));
  expect(asked(twins)).toEqual([2, 3, 4]);
});

test('finished blobs of a download that waits outlive the grace of an hour', async () => {
  const { registry, queue } = await open();
  await queue.add(MODEL);
  await done(queue);
  const model = (await registry.get(parseName(MODEL)!))!;
  const [weights] = layersOf(model.manifest, 'model');
  await house.db.putPull({
    ...{ key: 'k', model: 'other:1', insecure: false, state: 'paused', addedAt: 1 },
    ...{ completed: 0, total: 0, blobs: [weights!.digest] },
  });
  await registry.delete(parseName(MODEL)!);
  house.time += 2 * 60 * 60_000;
  await open();
  expect([...house.store.committed.keys()]).toEqual([weights!.digest]);
});
