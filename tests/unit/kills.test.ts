/** A pull that is killed again and again loses at most one part a connection each time. */
import { expect, test } from 'vitest';
import { digestOf } from '#core/digest';
import { parseName } from '#core/names';
import { SLICE } from '#store/blob-store';
import { filesPlan, hubBytes, hubDigest, HUB_FILE, sourceOf } from '../fixtures/file-plan';
import { Random } from '../fixtures/random-model/random';
import { pullAll, TestHouse } from '../fixtures/test-registry';
import { CONNECTIONS } from '../../workers/puller/job';

const KILLS = 20;

test(`${KILLS} kills at random bytes cost a part a connection each, and no byte is wrong`, async () => {
  const house = new TestHouse();
  const { host, store } = house;
  host.files.set(HUB_FILE, hubBytes);
  const source = sourceOf(filesPlan(host.root, false));
  const random = new Random(7);
  let downloads = 0;
  for (let kills = 0; kills < KILLS;) {
    const stop = new AbortController();
    host.limit = host.served + random.uniform() * hubBytes.length;
    host.onSilence = () => stop.abort();
    const registry = await house.open({ source });
    try {
      await pullAll(registry, 'repo', () => {}, stop.signal);
    } catch (error) {
      expect(error).toMatchObject({ code: 'aborted' });
      await house.quiet();
      kills++;
      continue;
    }
    downloads++;
    const bytes = new Uint8Array(await (await store.open(hubDigest)).arrayBuffer());
    expect(await digestOf(bytes)).toBe(hubDigest);
    await registry.delete(parseName('repo')!);
  }
  expect(downloads).toBeGreaterThan(0);
  const useful = (downloads + 1) * hubBytes.length;
  expect(host.served).toBeLessThanOrEqual(useful + KILLS * CONNECTIONS * SLICE);
}, 30_000);
