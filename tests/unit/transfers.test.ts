import { expect, test } from 'vitest';
import { layersOf } from '#core/manifest';
import { parseName } from '#core/names';
import type { ManifestPlan } from '../../workers/host/registry/source';
import { Transfers } from '../../workers/host/registry/transfers';
import { TestHouse } from '../fixtures/test-registry';

async function setup() {
  const house = new TestHouse();
  const context = house.context();
  const name = parseName('smollm2:135m')!;
  const { signal } = new AbortController();
  const plan = (await context.source.resolve({ name }, signal)) as ManifestPlan;
  const [weights] = layersOf(plan.manifest, 'model');
  const origin = await plan.origin(weights!, signal);
  const transfers = new Transfers(context);
  const fetch = (stop = new AbortController()) => transfers.fetch(weights!, origin, stop.signal);
  return { house, weights: weights!, fetch };
}

async function last(progress: AsyncIterable<number>) {
  let completed = -1;
  for await (const step of progress) completed = step;
  return completed;
}

test('a transfer that begins while the one before is stopping waits for it, and succeeds', async () => {
  const { house, weights, fetch } = await setup();
  const first = fetch();
  while (Number((await first.next()).value) < 200_000);
  await first.return(weights.digest); // it has no reader any more and still holds the file
  expect(await last(fetch())).toBe(weights.size);
  expect(house.pullers).toBe(2);
  expect(await house.store.has(weights.digest)).toBe(true);
});

test('a reader that is slow, or gone, does not hold the others up', async () => {
  const { house, weights, fetch } = await setup();
  const slow = fetch();
  await slow.next();
  expect(await last(fetch())).toBe(weights.size);
  expect(await last(slow)).toBe(weights.size);
  expect(house.pullers).toBe(1);
});

test('a transfer of what is there already starts no puller', async () => {
  const { house, weights, fetch } = await setup();
  await last(fetch());
  expect(await last(fetch())).toBe(weights.size);
  expect(house.pullers).toBe(1);
});
