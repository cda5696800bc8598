/** A folder of an MLC model, as the Models page imports it, by the host's front door. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { digestOf } from '#core/digest';
import { PaddockError, type WireError } from '#core/errors';
import { CHAT_CONFIG } from '#core/mlc/chat-config';
import { LIBRARY_NAME } from '#core/mlc/library';
import { parseName } from '#core/names';
import { diskImport } from '$lib/state/disk-import.svelte';
import type { DiskModel } from '$lib/state/disk-model.svelte';
import { problemText } from '$lib/ui/models/disk-words';
import { SITE } from '../fixtures/house';
import { LISTED_LIBRARY, LISTED_REPO, openMlcHouse } from '../fixtures/mlc-house';
import { ADAPTER } from '../fixtures/test-registry';
import { changed, smallLibrary, tinyMlc } from '../fixtures/tiny-mlc';

const { askHost } = vi.hoisted(() => ({
  askHost: vi.fn<(path: string, init?: RequestInit) => Promise<Response>>(),
}));

vi.mock('$lib/client/ask-host', () => {
  const post = (path: string, body: object, signal?: AbortSignal) =>
    askHost(path, { method: 'POST', body: JSON.stringify(body), signal });
  const getJson = async (path: string) => (await askHost(path)).json() as Promise<unknown>;
  return { askHost, post, getJson };
});
vi.mock('$lib/state/models.svelte', () => ({
  models: { installed: [], refresh: () => Promise.resolve() },
}));

let mlc: Awaited<ReturnType<typeof openMlcHouse>>;
beforeEach(async () => {
  diskImport.clear();
  mlc = await openMlcHouse();
  // As the page's port: an error is thrown, whether a status says it or the last line.
  askHost.mockImplementation(async (path, init) => {
    const response = await mlc.door.handle(new Request(SITE + path, init));
    const text = await response.text();
    const last = JSON.parse(text.trim().split('\n').at(-1)!) as Partial<WireError> & Body;
    if (last.error !== undefined) throw new PaddockError(last.code!, last.error, last.detail);
    return new Response(text);
  });
});

interface Body {
  error?: string;
}

type Files = Record<string, Uint8Array<ArrayBuffer>>;

/** What the page shows of `folder` once it was picked. */
async function pick(folder: string, files: Files): Promise<DiskModel> {
  const entries = Object.entries(files).map(([name, bytes]) => ({
    path: `${folder}/${name}`,
    open: () => Promise.resolve(new File([bytes], name)),
  }));
  await diskImport.add(Promise.resolve(entries));
  expect(diskImport.error).toBeNull();
  expect(diskImport.models).toHaveLength(1);
  return diskImport.models[0]!;
}

async function run(model: DiskModel) {
  await diskImport.start([model]);
  return model.error ?? model.phase;
}

const installed = async (name: string) => (await mlc.door.registry.get(parseName(name)!))!;
const words = ({ problem }: DiskModel) => problem && problemText(problem);
const whole = (): Files => ({ ...tinyMlc(), [LIBRARY_NAME]: smallLibrary(3) });

it('is one model with its files, called after the folder, and takes the library that is in it', async () => {
  const model = await pick('Tiny-Chat-q0f32-MLC', { ...whole(), 'README.md': smallLibrary() });
  expect([model.name, model.problem, model.asksLibrary]).toEqual(['tiny-chat:q0f32', null, false]);
  expect(await run(model)).toBe('done');
  const { manifest, config } = await installed('tiny-chat:q0f32');
  expect(manifest.layers.map(({ name }) => name).sort()).toEqual(Object.keys(whole()).sort());
  expect(config.library).toEqual({});
  expect(await mlc.prepare('tiny-chat:q0f32')).toBeDefined();
});

it('of two lists of shards the newer is taken, and a library of any name', async () => {
  const { [LIBRARY_NAME]: library, ...rest } = whole();
  const older = changed(rest['tensor-cache.json']!, { records: [] });
  const files = { ...rest, 'ndarray-cache.json': older, 'tiny-webgpu.wasm': library! };
  expect(await run(await pick('tiny', files))).toBe('done');
  const names = (await installed('tiny:q0f32')).manifest.layers.map(({ name }) => name);
  expect(names).toContain('library.wasm');
  expect(names).not.toContain('ndarray-cache.json');
});

it('without a library, of a model that the list has: it comes from there', async () => {
  const model = await pick(LISTED_REPO.split('/')[1]!, tinyMlc());
  expect([model.library, model.asksLibrary]).toEqual([LISTED_LIBRARY, false]);
  expect(await run(model)).toBe('done');
  const { config } = await installed(model.name);
  expect(config.library?.url).toBe(LISTED_LIBRARY);
});

describe('without a library, of any other model', () => {
  it('waits until an address is given', async () => {
    const model = await pick('tiny', tinyMlc());
    expect([model.library, model.wantsLibrary]).toEqual(['', true]);
    model.library = mlc.library;
    expect(model.wantsLibrary).toBe(false);
    expect(await run(model)).toBe('done');
    expect((await installed('tiny:q0f32')).config.library).toEqual({ url: mlc.library });
  });

  it('says what is wrong with the address, before the weights are stored', async () => {
    const model = await pick('tiny', tinyMlc());
    model.library = `${mlc.world.origins.files}/none.wasm`;
    expect(await run(model)).toMatchObject({ code: 'bad_library' });
    expect(await mlc.house.store.list()).toEqual([]);
  });

  it('takes one that changed at its address where that is accepted', async () => {
    const first = await pick('tiny', tinyMlc());
    first.library = mlc.library;
    await run(first);
    mlc.world.file('/tiny.wasm', smallLibrary(9));
    diskImport.clear();
    const model = await pick('tiny', tinyMlc());
    model.library = mlc.library;
    const found = await digestOf(smallLibrary(9));
    expect(await run(model)).toMatchObject({ code: 'library_changed', detail: { found } });
    model.accept(found);
    expect(await run(model)).toBe('done');
  });
});

it('that lacks files names them in one sentence', async () => {
  const gone = ['tokenizer.json', 'params_shard_0.bin'];
  const rest = Object.entries(whole()).filter(([name]) => !gone.includes(name));
  const model = await pick('tiny', Object.fromEntries(rest));
  expect(words(model)).toContain('tokenizer.json, params_shard_0.bin are missing.');
  expect(model.open).toBe(false);
});

it.each<[string, Files, RegExp]>([
  ['a list of shards', { 'tensor-cache.json': new Uint8Array([0x5b]) }, /tensor-cache\.json/],
  ['a chat configuration', { [CHAT_CONFIG]: new Uint8Array([0x7b]) }, /mlc-chat-config\.json/],
  ['a shard of another length', { 'params_shard_0.bin': new Uint8Array(5) }, /has 5 bytes/],
])('with %s that cannot be read says so', async (_, files, why) => {
  expect(words(await pick('tiny', { ...whole(), ...files }))).toMatch(why);
});

it('that this device cannot run is not begun', async () => {
  mlc.house.adapter = { ...ADAPTER, f16: false };
  const files = tinyMlc();
  const half = changed(files[CHAT_CONFIG], { quantization: 'q0f16' });
  const model = await pick('tiny', { ...whole(), [CHAT_CONFIG]: half });
  expect(words(model)).toContain('lacks shader-f16');
  expect(model.open).toBe(false);
});

it('files that were chosen one by one are a model too, beside a GGUF that is refused', async () => {
  const entries = Object.entries({ ...whole(), 'x.gguf': smallLibrary() }).map(([path, bytes]) => ({
    path,
    open: () => Promise.resolve(new File([bytes], path)),
  }));
  await diskImport.add(Promise.resolve(entries));
  expect(diskImport.models.map(({ name }) => name)).toEqual(['model:q0f32']);
  expect(diskImport.refused.map(({ path }) => path)).toEqual(['x.gguf']);
});

it('a folder whose files cannot be read is told of by itself, and the others are there', async () => {
  const entries = ['broken', 'tiny'].flatMap((folder) =>
    Object.entries(whole()).map(([name, bytes]) => ({
      path: `${folder}/${name}`,
      open: () =>
        folder === 'broken'
          ? Promise.reject(new DOMException('It changed on the disk.', 'NotReadableError'))
          : Promise.resolve(new File([bytes], name)),
    })),
  );
  await diskImport.add(Promise.resolve(entries));
  expect(diskImport.error).toBeNull();
  expect(diskImport.models.map(({ name }) => name)).toEqual(['tiny:q0f32']);
  expect(diskImport.refused.map(({ path }) => path)).toEqual([`broken/${CHAT_CONFIG}`]);
});
