/** An MLC model that the device has damaged: its library is asked for where it is the damaged file, and only there. */
import { beforeEach, describe, expect, test } from 'vitest';
import { digestOf } from '#core/digest';
import { layersOf } from '#core/manifest';
import { nameKey, parseName } from '#core/names';
import { lines } from '../fixtures/house';
import { LISTED, LISTED_LIBRARY, openMlcHouse, OWN } from '../fixtures/mlc-house';
import { smallLibrary } from '../fixtures/tiny-mlc';

let mlc: Awaited<ReturnType<typeof openMlcHouse>>;
beforeEach(async () => {
  mlc = await openMlcHouse();
});

const record = async (model: string) => (await mlc.house.db.manifest(nameKey(parseName(model)!)))!;

async function damage(model: string, name: string) {
  const { manifest } = await record(model);
  const layer = manifest.layers.find((one) => one.name === name) ?? manifest.config;
  mlc.house.store.committed.get(layer.digest)!.bytes[9]! ^= 1;
}

async function repair(model: string, more: object = {}) {
  const body = { model, ...more };
  return (await lines(await mlc.door.post('api/paddock/storage/repair', body))).at(-1)!;
}

async function isWhole(model: string) {
  const check = await lines(await mlc.door.post('api/paddock/storage/check', { model }));
  expect(check.at(-1)).toMatchObject({ status: 'success', damaged: [] });
}

describe.each([
  ['listed', LISTED, LISTED_LIBRARY],
  ['with a library of its own', OWN, ''],
])('%s', (_, model, listed) => {
  test.each(['mlc-chat-config.json', 'tensor-cache.json', 'tokenizer.json', 'its configuration'])(
    'a damaged %s is repaired without its library’s host',
    async (name) => {
      const library = listed === '' ? mlc.library : listed;
      expect(await mlc.outcome(model, { library })).toEqual({ status: 'success' });
      const before = await record(model);
      const role = listed === '' ? 'files' : 'code';
      mlc.world.failAlways(role, new URL(library).pathname, { type: 'offline' });
      await damage(model, name);
      expect(await repair(model)).toEqual({ status: 'success' });
      await isWhole(model);
      expect(await record(model)).toEqual(before);
    },
  );
});

test('a damaged library comes again from its address', async () => {
  await mlc.outcome(OWN, { library: mlc.library });
  const before = await record(OWN);
  await damage(OWN, 'library.wasm');
  expect(await repair(OWN)).toEqual({ status: 'success' });
  await isWhole(OWN);
  expect((await record(OWN)).digest).toBe(before.digest);
});

test('one that has changed there meanwhile is taken by who agrees, and by nobody else', async () => {
  await mlc.outcome(OWN, { library: mlc.library });
  const before = await record(OWN);
  await damage(OWN, 'library.wasm');
  mlc.world.file('/tiny.wasm', smallLibrary(2));
  const found = await digestOf(smallLibrary(2));
  const refusal = { code: 'library_changed', detail: { url: mlc.library, found } };
  expect(await repair(OWN)).toMatchObject(refusal);
  const other = await digestOf(smallLibrary(3));
  expect(await repair(OWN, { accept_library: other })).toMatchObject(refusal);
  expect((await record(OWN)).digest).toBe(before.digest);

  expect(await repair(OWN, { accept_library: found })).toEqual({ status: 'success' });
  await isWhole(OWN);
  expect(layersOf((await record(OWN)).manifest, 'library')).toMatchObject([{ digest: found }]);
  expect(await mlc.house.db.library(mlc.library)).toBe(found);
});
