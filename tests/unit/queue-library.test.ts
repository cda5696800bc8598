/** A library from disk, chosen for a download that waits: it is needed before the download comes to it. */
import { expect, test } from 'vitest';
import { digestOf } from '#core/digest';
import { FakePulls } from '../fixtures/fake-pulls';
import { memoryPulls } from '../fixtures/house';
import { openMlcHouse, OWN, OWN_REPO } from '../fixtures/mlc-house';
import { smallLibrary } from '../fixtures/tiny-mlc';

test('outlives the grace of an hour, and the host', async () => {
  const mlc = await openMlcHouse();
  const bytes = smallLibrary(7);
  await mlc.door.post('api/paddock/blobs', new Blob([bytes]));
  const library = await digestOf(bytes);
  const asked = `/api/models/${OWN_REPO}`;
  mlc.world.failAlways('hub', asked, { type: 'status', status: 500 });
  await mlc.door.ask('api/paddock/pulls', { model: OWN, library });
  await mlc.door.until(({ state }) => state === 'failed');
  expect(mlc.door.pulls.state.pulls[0]!.error).toMatchObject({ code: 'network' });
  mlc.world.failAlways('hub', asked, null);
  mlc.house.time += 2 * 60 * 60_000; // more than the grace of what no model names
  const next = await mlc.open(); // which goes on by itself
  expect(await mlc.house.store.has(library)).toBe(true);
  await next.until(({ state }) => state === 'done');
});

test.each([
  ['waits', 'c:1'],
  ['runs', 'a:1'],
])('is noted at once for a download that %s already', async (_what, model) => {
  const db = memoryPulls();
  const queue = new FakePulls().queue(db);
  for (const one of ['a:1', 'b:1', 'c:1']) await queue.add(one);
  const library = await digestOf(smallLibrary(7));
  await queue.add(model, false, { library });
  const record = (await db.pulls()).find((one) => one.model === model);
  expect(record).toMatchObject({ wishes: { library }, blobs: [library] });
});
