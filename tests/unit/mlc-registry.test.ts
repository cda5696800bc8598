/** An MLC model of a registry, or of a manifest that somebody brings: its library passes the door that a hub's does. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Layer } from '#core/manifest';
import { parseName } from '#core/names';
import { lines } from '../fixtures/house';
import { keep, publishMlc, serve, type Published } from '../fixtures/mlc-manifest';
import { openPullHouse } from '../fixtures/pull-house';
import { ADAPTER, TestHouse } from '../fixtures/test-registry';
import { changed, smallLibrary, tinyMlc } from '../fixtures/tiny-mlc';

const NAME = 'tiny:latest';
const KEY = 'registry.ollama.ai/library/tiny:latest';
const ADDRESS = 'https://files.test/tiny.wasm';

let house: TestHouse;
let door: Awaited<ReturnType<typeof openPullHouse>>;
beforeEach(async () => {
  house = new TestHouse();
  door = await openPullHouse(house);
});

/** How each way ends that brings such a model under `NAME`. */
const WAYS = {
  pull: async (published: Published, more: object = {}) => {
    serve(house.host, NAME, published);
    return (await lines(await door.post('api/pull', { model: NAME, ...more }))).at(-1)!;
  },
  import: async (published: Published, more: object = {}) => {
    keep(house.store, published);
    const body = { name: NAME, manifest: published.text, ...more };
    return (await (await door.post('api/paddock/manifests', body)).json()) as object;
  },
};

const installed = async () => (await door.registry.get(parseName(NAME)!))?.digest ?? null;

/** Whether the weights were asked for. */
function weightsAsked({ layers }: Published): boolean {
  const weights = layers.filter(({ mediaType }) => mediaType.endsWith('tensor'));
  return weights.some(({ digest }) =>
    house.host.requests.some((url) => url.includes(digest.replace('sha256:', ''))),
  );
}

describe.each(Object.entries(WAYS))('%s', (_way, bring) => {
  test('a library is known by the model’s name from the first time on', async () => {
    const first = await publishMlc();
    expect(await bring(first)).toEqual({ status: 'success' });
    expect(await house.db.library(KEY)).toBe(first.library);
    const before = await installed();

    const second = await publishMlc({ library: smallLibrary(2) });
    const detail = { model: NAME, recorded: first.library, found: second.library };
    expect(await bring(second)).toMatchObject({ code: 'library_changed', detail });
    expect(await installed()).toBe(before);
    const other = { accept_library: first.library };
    expect(await bring(second, other)).toMatchObject({ code: 'library_changed' });
    expect(await house.db.library(KEY)).toBe(first.library);

    expect(await bring(second, { accept_library: second.library })).toEqual({ status: 'success' });
    expect(await house.db.library(KEY)).toBe(second.library);
    expect(await bring(second)).toEqual({ status: 'success' });
  });

  test('a library that is no WebAssembly is refused before the weights', async () => {
    const page = await publishMlc({ library: new TextEncoder().encode('<!doctype html>') });
    expect(await bring(page)).toMatchObject({ code: 'bad_library' });
    expect(weightsAsked(page)).toBe(false);
    expect(await house.db.library(KEY)).toBeNull();
    expect(await installed()).toBeNull();
  });

  test.each<[string, () => Promise<Published>]>([
    ['its own configuration', () => publishMlc({ config: { file_type: 'q4f16_1' } })],
    [
      'its chat configuration alone',
      async () => {
        const config = changed(tinyMlc()['mlc-chat-config.json'], { quantization: 'q0f16' });
        return publishMlc({ files: { 'mlc-chat-config.json': config } });
      },
    ],
  ])(
    'one that needs what the device lacks, by %s, is refused before the weights',
    async (_, of) => {
      house.adapter = { ...ADAPTER, f16: false };
      const half = await of();
      const refusal = { code: 'no_gpu', detail: { missing: 'shader-f16' } };
      expect(await bring(half)).toMatchObject(refusal);
      expect(weightsAsked(half)).toBe(false);
      expect(await bring(half, { force: true })).toEqual({ status: 'success' });
    },
  );

  test('without an adapter it is refused', async () => {
    house.adapter = null;
    const refusal = { code: 'no_gpu', detail: { missing: 'adapter' } };
    expect(await bring(await publishMlc())).toMatchObject(refusal);
  });

  const isLibrary = ({ mediaType }: Layer) => mediaType.endsWith('library');
  test.each<[string, string, (layers: Layer[]) => Layer[]]>([
    ['no library', 'bad_library', (all) => all.filter((layer) => !isLibrary(layer))],
    ['two of them', 'bad_library', (all) => [...all, all.find(isLibrary)!]],
    [
      'a shard that is called as the library',
      'bad_',
      (all) => all.map((layer) => ({ ...layer, name: 'library.wasm' })),
    ],
    [
      'a library under another name',
      'bad_',
      (all) => all.map((layer) => (isLibrary(layer) ? { ...layer, name: 'x.wasm' } : layer)),
    ],
  ])('a manifest with %s is refused before the weights', async (_, code, layers) => {
    const odd = await publishMlc({ layers });
    expect(await bring(odd)).toMatchObject({ code: expect.stringContaining(code) as string });
    expect(weightsAsked(odd)).toBe(false);
    expect(await installed()).toBeNull();
  });
});

test('an address that the configuration claims is no other than one that a library may have', async () => {
  const config = { library: { url: 'http://192.168.0.1/x.wasm', version: 'v0_2_86/base' } };
  expect(await WAYS.pull(await publishMlc({ config }))).toEqual({ status: 'success' });
  const model = await door.registry.get(parseName(NAME)!);
  expect(model!.config.library).toEqual({ version: 'v0_2_86/base' });
});

test('what is claimed to come from an address that is known has to be what came from there', async () => {
  const known = (await publishMlc({ library: smallLibrary(3) })).library;
  await house.db.noteLibrary({ url: ADDRESS, digest: known });
  const claiming = await publishMlc({ config: { library: { url: `${ADDRESS}?x` } } });
  const detail = { url: ADDRESS, recorded: known, found: claiming.library };
  expect(await WAYS.pull(claiming)).toMatchObject({ code: 'library_changed', detail });
  const accepting = { accept_library: claiming.library };
  expect(await WAYS.pull(claiming, accepting)).toEqual({ status: 'success' });
  expect(await house.db.library(ADDRESS)).toBe(known);
});

test('a copy of it is pulled from where it came, and its library is known by that name', async () => {
  const first = await publishMlc();
  await WAYS.pull(first);
  await door.post('api/copy', { source: NAME, destination: 'twin' });
  const second = await publishMlc({ library: smallLibrary(2) });
  serve(house.host, NAME, second);
  const [last] = (await lines(await door.post('api/pull', { model: 'twin' }))).slice(-1);
  expect(last).toMatchObject({ code: 'library_changed', detail: { model: NAME } });
});

test('a preview says that it cannot run without an adapter', async () => {
  serve(house.host, NAME, await publishMlc());
  expect(await door.ask('api/paddock/resolve', { model: NAME })).not.toHaveProperty('refused');
  house.adapter = null;
  const refused = { code: 'no_gpu', detail: { missing: 'adapter' } };
  expect(await door.ask('api/paddock/resolve', { model: NAME })).toMatchObject({ refused });
});
