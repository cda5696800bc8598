/** Trust on first use: by what a library is known, of which of two, and whose a model has. */
import { beforeEach, describe, expect, test } from 'vitest';
import { digestOf } from '#core/digest';
import { layersOf } from '#core/manifest';
import { parseName } from '#core/names';
import { LISTED, LISTED_LIBRARY, openMlcHouse, OWN } from '../fixtures/mlc-house';
import { smallLibrary, tinyMlc } from '../fixtures/tiny-mlc';

const OTHER = 'hf.co/acme/other-q0f32-MLC';

let mlc: Awaited<ReturnType<typeof openMlcHouse>>;
beforeEach(async () => {
  mlc = await openMlcHouse();
  mlc.world.repo('acme/other-q0f32-MLC', tinyMlc());
});

const model = async (name: string) => (await mlc.door.registry.get(parseName(name)!))!;
const libraryOf = async (name: string) => {
  const { manifest } = await model(name);
  return layersOf(manifest, 'library')[0]!.digest;
};

test('a library is known by its address without query and fragment', async () => {
  const signed = (name: string) => `${mlc.library}?signature=${name}#${name}`;
  expect(await mlc.outcome(OWN, { library: signed('one') })).toEqual({ status: 'success' });
  expect(await mlc.house.db.library(mlc.library)).toBe(await digestOf(smallLibrary(1)));
  mlc.world.file('/tiny.wasm', smallLibrary(2));
  expect(await mlc.outcome(OTHER, { library: signed('two') })).toMatchObject({
    code: 'library_changed',
    detail: { url: mlc.library },
  });
});

test('of two first pulls at once whose libraries differ, one is trusted', async () => {
  const target = { name: parseName(OWN)!, library: mlc.library };
  const slow = mlc.door.registry.pull(target, new AbortController().signal);
  const shard = await digestOf(tinyMlc()['params_shard_0.bin']);
  for (let step = await slow.next(); !step.done; step = await slow.next()) {
    if (step.value.digest === shard) break; // its library has come
  }
  mlc.world.file('/tiny.wasm', smallLibrary(2));
  expect(await mlc.outcome(OTHER, { library: mlc.library })).toEqual({ status: 'success' });
  const rest = async () => {
    for (let step = await slow.next(); !step.done; step = await slow.next());
  };
  await expect(rest()).rejects.toMatchObject({ code: 'library_changed' });
  expect(await model(OWN)).toBeNull();
  expect(await mlc.house.db.library(mlc.library)).toBe(await digestOf(smallLibrary(2)));
});

describe('a listed model with a library that somebody named', () => {
  test.each(['an address', 'a file from disk'])('keeps %s at the next plain pull', async (what) => {
    const bytes = smallLibrary(7);
    let library = mlc.world.file('/mine.wasm', bytes);
    if (what === 'a file from disk') {
      await (await mlc.door.post('api/paddock/blobs', new Blob([bytes]))).text();
      library = await digestOf(bytes);
    }
    expect(await mlc.outcome(LISTED, { library })).toEqual({ status: 'success' });
    expect(await mlc.outcome(LISTED)).toEqual({ status: 'success' });
    expect(await mlc.outcome(LISTED)).toEqual({ status: 'success' }); // it is said of the second time too
    expect(await libraryOf(LISTED)).toBe(await digestOf(bytes));
    const preview = await mlc.door.ask('api/paddock/resolve', { model: LISTED });
    expect(preview).toMatchObject({ library: { from: library } });

    // Until the list's is named, or the model was deleted.
    expect(await mlc.outcome(LISTED, { library: LISTED_LIBRARY })).toEqual({ status: 'success' });
    expect(await libraryOf(LISTED)).toBe(await digestOf(smallLibrary()));
  });

  test('has the list’s where it was deleted before', async () => {
    await mlc.outcome(LISTED, { library: mlc.library });
    await mlc.door.registry.delete(parseName(LISTED)!);
    await mlc.outcome(LISTED);
    expect(await libraryOf(LISTED)).toBe(await digestOf(smallLibrary()));
  });
});
