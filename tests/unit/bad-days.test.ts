/** Hosts on a bad day, through the public doors: what is said of it, and what is left. */
import { expect, test } from 'vitest';
import { digestOf } from '#core/digest';
import { smallGguf } from '../fixtures/disk-gguf';
import { openDiskHouse } from '../fixtures/disk-house';
import { SITE } from '../fixtures/house';
import { committed, file, FILE, fileDigest, setupFile } from '../fixtures/transfer-setup';
import { SLICE } from '#store/blob-store';
import type { Fault } from '../fixtures/fake-host';

const MODEL = 'smollm2:135m';
const LINES = 6;

/** The lines of a stream. */
async function lines(response: Response): Promise<Record<string, unknown>[]> {
  const text = await response.text();
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('what comes again from its first byte is never more than all of it', async () => {
  const { host, chunks, store, run } = setupFile({ whole: true });
  host.hasRanges = false;
  host.fail(FILE, { type: 'cut', after: 12 * SLICE + 500 }, { type: 'cut', after: SLICE + 500 });
  await run();
  const figures = chunks.flatMap((chunk) => (chunk.type === 'progress' ? [chunk.completed] : []));
  expect(figures.length).toBeGreaterThan(LINES);
  expect(Math.max(...figures)).toBeLessThanOrEqual(file.length);
  expect(await committed(store, fileDigest)).toBe(fileDigest);
});

test('a host that cuts every try off: an error line, nothing listed, and the next pull goes on', async () => {
  const { house, handle, post } = await openDiskHouse();
  const part = [...house.host.files].filter(([, bytes]) => bytes.length === 200_000)[3]![0];
  const cut: Fault = { type: 'cut', after: 1000 };
  house.host.fail(part, ...Array.from({ length: 6 }, () => cut));
  const said = await lines(await post('api/pull', { model: MODEL }));
  expect(said.at(-1)).toMatchObject({ error: expect.any(String) as string, code: 'network' });
  expect(said.filter(({ error }) => error !== undefined)).toHaveLength(1);
  expect(said.some(({ status }) => status === 'success')).toBe(false);
  const tags = async () => {
    const response = await handle(new Request(`${SITE}api/tags`));
    return ((await response.json()) as { models: { name: string }[] }).models;
  };
  expect(await tags()).toEqual([]);
  house.host.requests.length = 0;
  const next = await lines(await post('api/pull', { model: MODEL }));
  expect(next.at(-1)).toEqual({ status: 'success' });
  expect(await tags()).toMatchObject([{ name: MODEL }]);
  const again = house.host.requests.filter(
    (url) => house.host.files.get(url.slice(house.host.root.length))?.length === 200_000,
  );
  expect(again).toHaveLength(2); // the part that was cut off, and the one behind it
});

test('a hostile file does not stand in the way of the next good one', async () => {
  const { house, post } = await openDiskHouse();
  const good = smallGguf();
  const bad = good.slice(0, 40);
  const digest = await digestOf(bad);
  await post(`api/blobs/${digest}`, new Blob([bad]));
  const refused = await post('api/create', { model: 'bad', files: { a: digest }, stream: false });
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ code: 'bad_request' });
  expect((await house.db.manifests()).good).toEqual([]);
  const whole = await digestOf(good);
  await post(`api/blobs/${whole}`, new Blob([good]));
  const made = await post('api/create', { model: 'good', files: { a: whole }, stream: false });
  expect(made.status).toBe(200);
});
