/** MLC models from the hub: the library comes with them, and what cannot run is refused before its weights come. */
import { beforeEach, describe, expect, test } from 'vitest';
import { digestOf } from '#core/digest';
import { layersOf, type Manifest } from '#core/manifest';
import { parseName } from '#core/names';
import { LISTED, LISTED_LIBRARY, openMlcHouse, OWN, OWN_REPO } from '../fixtures/mlc-house';
import { ADAPTER } from '../fixtures/test-registry';
import { changed, smallLibrary, tinyMlc } from '../fixtures/tiny-mlc';

type House = Awaited<ReturnType<typeof openMlcHouse>>;
let mlc: House;
beforeEach(async () => {
  mlc = await openMlcHouse();
});

const found = async (model: string) => mlc.door.registry.get(parseName(model)!);

function named(manifest: Manifest): string[] {
  return manifest.layers.map(({ mediaType, name }) => `${mediaType.split('.').at(-1)} ${name}`);
}

/** Paths of shards that were asked for. */
function shardsAsked(): string[] {
  return mlc.world.log.map(({ path }) => path).filter((path) => path.includes('params_shard'));
}

const TINY_FILES = [
  'json mlc-chat-config.json',
  'json tensor-cache.json',
  'json tokenizer.json',
  'library library.wasm',
  'tensor params_shard_0.bin',
];

describe('a model that WebLLM lists', () => {
  test('comes with its library, from where the list has it', async () => {
    expect(await mlc.outcome(LISTED)).toEqual({ status: 'success' });
    const { manifest, config } = (await found(LISTED))!;
    expect(named(manifest)).toEqual(TINY_FILES);
    const [library] = layersOf(manifest, 'library');
    expect(library).toMatchObject({ size: 10, digest: await digestOf(smallLibrary()) });
    expect(config).toEqual({
      model_format: 'mlc',
      model_family: 'llama',
      model_families: ['llama'],
      model_type: expect.stringMatching(/K$/) as string,
      file_type: 'q4f16_1',
      context_length: 512,
      capabilities: ['completion'],
      library: { url: LISTED_LIBRARY, version: 'v0_2_86/base' },
    });
    expect(await mlc.house.db.library(LISTED_LIBRARY)).toBe(library!.digest);
  });

  test('is counted with its library before anything is stored', async () => {
    const preview = await mlc.door.ask<Record<string, unknown>>('api/paddock/resolve', {
      model: LISTED,
    });
    const files = { ...tinyMlc(), library: smallLibrary() };
    expect(preview.files).toContainEqual({ name: 'library.wasm', size: 10 });
    expect(preview.library).toEqual({ from: LISTED_LIBRARY });
    expect(preview).not.toHaveProperty('refused');
    const sum = Object.values(files).reduce((total, { length }) => total + length, 0);
    // The list's own quantization stands in the config that the hub has.
    expect(Math.abs((preview.size as number) - sum)).toBeLessThan(1000);
    expect(await mlc.house.store.list()).toEqual([]);
  });
});

describe('a model that WebLLM does not list', () => {
  test('is refused without a library, before any of its files is asked for', async () => {
    const { code, error, detail } = await mlc.outcome(OWN);
    expect(code).toBe('bad_library');
    expect(detail).toEqual({ wanted: true });
    expect(error).toContain(OWN_REPO);
    expect(mlc.world.asked('hub').some((path) => path.includes('/resolve/'))).toBe(false);
    const preview = await mlc.door.ask('api/paddock/resolve', { model: OWN });
    expect(preview).toMatchObject({ library: { from: null } });
  });

  test('comes with the library whose address is given, and finds it again', async () => {
    expect(await mlc.outcome(OWN, { library: mlc.library })).toEqual({ status: 'success' });
    const model = (await found(OWN))!;
    expect(named(model.manifest)).toEqual(TINY_FILES);
    expect(model.config).toMatchObject({ file_type: 'q0f32', library: { url: mlc.library } });
    expect(await mlc.outcome(OWN)).toEqual({ status: 'success' });
    expect((await found(OWN))!.digest).toBe(model.digest);
  });

  test('comes with a library from disk, named by its digest', async () => {
    const bytes = smallLibrary(7);
    const stored = await mlc.door.post('api/paddock/blobs', new Blob([bytes]));
    const library = await digestOf(bytes);
    expect(await stored.text()).toContain(library);
    expect(await mlc.outcome(OWN, { library })).toEqual({ status: 'success' });
    const model = (await found(OWN))!;
    expect(layersOf(model.manifest, 'library')).toMatchObject([{ digest: library }]);
    expect(model.config.library).toEqual({});
    expect(await mlc.outcome(OWN)).toEqual({ status: 'success' });
    expect((await found(OWN))!.digest).toBe(model.digest);
  });

  test('comes by the queue, which keeps what was said of the library', async () => {
    await mlc.door.ask('api/paddock/pulls', { model: OWN });
    await mlc.door.until(({ state }) => state === 'failed');
    expect(mlc.door.pulls.state.pulls[0]!.error).toMatchObject({ code: 'bad_library' });
    await mlc.door.ask('api/paddock/pulls', { model: OWN, library: mlc.library });
    await mlc.door.until(({ state }) => state === 'done');
    expect((await found(OWN))!.config.library).toEqual({ url: mlc.library });
  });

  test('is pulled with the same library by the next host', async () => {
    mlc.world.failAlways('cdn', mlc.shard, { type: 'status', status: 403 });
    await mlc.door.ask('api/paddock/pulls', { model: OWN, library: mlc.library });
    await mlc.door.until(({ state }) => state === 'failed');
    mlc.world.failAlways('cdn', mlc.shard, null);
    const next = await mlc.open();
    await next.ask('api/paddock/pulls/resume', { model: `${OWN}:latest` });
    await next.until(({ state }) => state === 'done');
    const model = await next.registry.get(parseName(OWN)!);
    expect(model!.config.library).toEqual({ url: mlc.library });
  });

  test.each([
    ['no address', 'tiny.wasm'],
    ['plain HTTP elsewhere', 'http://files.test/tiny.wasm'],
    ['a password', 'https://me:you@files.test/tiny.wasm'],
    ['half a digest', 'sha256:123'],
  ])('%s for a library is the request’s fault', async (_what, library) => {
    const response = await mlc.door.post('api/pull', { model: OWN, library });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'bad_request' });
  });

  test.each<[what: string, bytes: Uint8Array, words: RegExp]>([
    ['a web page', new TextEncoder().encode('<!doctype html>'), /no WebAssembly/],
    ['empty', new Uint8Array(), /0 bytes/],
    ['a header that ends too soon', smallLibrary().subarray(0, 6), /no WebAssembly/],
    ['of another version of WebAssembly', smallLibrary().with(4, 2), /no WebAssembly/],
  ])('a library that is %s is refused before the weights', async (_what, bytes, words) => {
    const library = mlc.world.file('/bad.wasm', bytes);
    const { code, error } = await mlc.outcome(OWN, { library });
    expect(code).toBe('bad_library');
    expect(error).toMatch(words);
    expect(shardsAsked()).toEqual([]);
    expect(await mlc.house.db.library(library)).toBeNull();
    expect(await found(OWN)).toBeNull();
  });

  test('a library that is not there, or is a page that says so, is refused', async () => {
    const { origins } = mlc.world;
    const library = `${origins.files}/none.wasm`;
    expect(await mlc.outcome(OWN, { library })).toMatchObject({ code: 'bad_library' });
    mlc.world.failAlways('files', '/tiny.wasm', { type: 'page' });
    const page = await mlc.outcome(OWN, { library: mlc.library });
    expect(page).toMatchObject({ code: 'bad_library' });
    const gone = await digestOf(smallLibrary(9));
    expect(await mlc.outcome(OWN, { library: gone })).toMatchObject({ code: 'bad_library' });
  });
});

describe('a library that changed where it is', () => {
  const first = smallLibrary(1);
  const second = smallLibrary(2);

  test('is refused until the new one is accepted, and the model stays as it is', async () => {
    await mlc.outcome(OWN, { library: mlc.library });
    const before = (await found(OWN))!;
    mlc.world.file('/tiny.wasm', second);
    const [recorded, now] = [await digestOf(first), await digestOf(second)];
    const refused = await mlc.outcome(OWN, { library: mlc.library });
    expect(refused).toMatchObject({
      code: 'library_changed',
      detail: { url: mlc.library, recorded, found: now },
    });
    expect((await found(OWN))!.digest).toBe(before.digest);
    expect(await mlc.house.db.library(mlc.library)).toBe(recorded);
    // To accept one is to accept that one.
    const another = { library: mlc.library, accept_library: await digestOf(smallLibrary(3)) };
    expect(await mlc.outcome(OWN, another)).toMatchObject({ code: 'library_changed' });
    const accepting = { library: mlc.library, accept_library: now };
    expect(await mlc.outcome(OWN, accepting)).toEqual({ status: 'success' });
    expect(layersOf((await found(OWN))!.manifest, 'library')).toMatchObject([{ digest: now }]);
    expect(await mlc.house.db.library(mlc.library)).toBe(now);
    expect(await mlc.outcome(OWN)).toEqual({ status: 'success' });
  });

  test('is known by its address, whatever model brought it', async () => {
    await mlc.outcome(LISTED);
    mlc.world.library(LISTED_LIBRARY, second);
    mlc.world.repo('acme/other-MLC', tinyMlc());
    const other = { library: LISTED_LIBRARY };
    const answer = await mlc.outcome('hf.co/acme/other-MLC', other);
    expect(answer).toMatchObject({ code: 'library_changed', detail: { url: LISTED_LIBRARY } });
    expect(shardsAsked()).toHaveLength(1); // the first model's
  });
});

describe('on a device that cannot run it', () => {
  test('a model is refused before the download, with the one that would run', async () => {
    mlc.house.adapter = { ...ADAPTER, f16: false };
    const refusal = {
      code: 'no_gpu',
      detail: { missing: 'shader-f16', twin: LISTED.replace('q4f16', 'q4f32') },
    };
    expect(await mlc.outcome(LISTED)).toMatchObject(refusal);
    expect(mlc.world.asked('hub').some((path) => path.includes('/resolve/'))).toBe(false);
    const preview = await mlc.door.ask('api/paddock/resolve', { model: LISTED });
    expect(preview).toMatchObject({ refused: refusal });
    expect(await mlc.outcome(OWN, { library: mlc.library })).toEqual({ status: 'success' });
    expect(await mlc.outcome(LISTED, { force: true })).toEqual({ status: 'success' });
  });

  test('one is refused too that only its config says to be of 16 bits', async () => {
    mlc.house.adapter = { ...ADAPTER, f16: false };
    const files = tinyMlc();
    const config = changed(files['mlc-chat-config.json'], { quantization: 'q0f16' });
    mlc.world.repo('acme/silent', { ...files, 'mlc-chat-config.json': config });
    const answer = await mlc.outcome('hf.co/acme/silent', { library: mlc.library });
    expect(answer).toMatchObject({ code: 'no_gpu', detail: { missing: 'shader-f16' } });
    expect(shardsAsked()).toEqual([]);
  });

  test('without an adapter every one is refused', async () => {
    mlc.house.adapter = null;
    const answer = await mlc.outcome(OWN, { library: mlc.library });
    expect(answer).toMatchObject({ code: 'no_gpu', detail: { missing: 'adapter' } });
  });
});
