/** Files of an MLC model from a disk, and what is here of one already. */
import { beforeEach, describe, expect, test } from 'vitest';
import { digestOf } from '#core/digest';
import { parseName } from '#core/names';
import type { InstallFile, ResolvedPull } from '#core/paddock-api';
import { smallGguf } from '../fixtures/disk-gguf';
import { lines } from '../fixtures/house';
import { LISTED, LISTED_REPO, openMlcHouse } from '../fixtures/mlc-house';
import { changed, smallLibrary, tinyMlc } from '../fixtures/tiny-mlc';

let mlc: Awaited<ReturnType<typeof openMlcHouse>>;
beforeEach(async () => {
  mlc = await openMlcHouse();
});

/** The last line. */
async function store(bytes: Uint8Array<ArrayBuffer>, kind: string) {
  const response = await mlc.door.post(`api/paddock/blobs?kind=${kind}`, new Blob([bytes]));
  return (await lines(response)).at(-1)!;
}

test.each<[string, Uint8Array<ArrayBuffer>]>([
  ['a web page', new TextEncoder().encode('<!doctype html>')],
  ['a GGUF', smallGguf()],
  ['empty', new Uint8Array()],
])('a library that is %s is refused as one, and not stored', async (_, bytes) => {
  expect(await store(bytes, 'library')).toMatchObject({
    code: 'bad_library',
    error: expect.stringContaining('no WebAssembly') as string,
  });
  expect(await mlc.house.store.list()).toEqual([]);
});

test('a kind that no file has is the request’s fault', async () => {
  expect(await store(smallLibrary(), 'model')).toMatchObject({ code: 'bad_request' });
});

test('of two lists of shards the newer is taken', async () => {
  const older = changed(tinyMlc()['tensor-cache.json'], { records: [] });
  const files: InstallFile[] = [];
  const all = { ...tinyMlc(), 'ndarray-cache.json': older, 'any.wasm': smallLibrary() };
  for (const [name, bytes] of Object.entries(all)) {
    const kinds = { wasm: 'library', json: 'json', bin: 'tensor' } as const;
    const kind = kinds[name.split('.').at(-1) as keyof typeof kinds];
    const { digest } = await store(bytes, kind);
    files.push({ kind, name, digest: String(digest) });
  }
  await mlc.door.ask('api/paddock/manifests', { name: 'tiny', files });
  const { manifest } = (await mlc.door.registry.get(parseName('tiny')!))!;
  const names = manifest.layers.map(({ name }) => name);
  expect(names).toContain('tensor-cache.json');
  expect(names).not.toContain('ndarray-cache.json');
  expect(await mlc.prepare('tiny')).toBeDefined();
});

describe('a library for files from a disk', () => {
  const fetchIt = async (more: object = {}) => {
    const body = { library: mlc.library, ...more };
    return (await lines(await mlc.door.post('api/paddock/libraries', body))).at(-1)!;
  };

  const install = async (library: string, more: object = {}) => {
    const files: InstallFile[] = [{ kind: 'library', name: 'library.wasm', digest: library }];
    for (const [name, bytes] of Object.entries(tinyMlc())) {
      const kind = name.endsWith('.json') ? 'json' : 'tensor';
      files.push({ kind, name, digest: String((await store(bytes, kind)).digest) });
    }
    const body = { name: 'tiny', files, ...more };
    return (await (await mlc.door.post('api/paddock/manifests', body)).json()) as object;
  };

  test('comes from its address, is known by it, and the model says where it came from', async () => {
    const digest = await digestOf(smallLibrary(1));
    expect(await fetchIt()).toEqual({ status: 'success', completed: 10, total: 10, digest });
    expect(await mlc.house.db.library(mlc.library)).toBe(digest);
    expect(await install(digest, { library: mlc.library })).toEqual({ status: 'success' });
    const { config } = (await mlc.door.registry.get(parseName('tiny')!))!;
    expect(config.library).toEqual({ url: mlc.library });
  });

  test('that changed there is refused until it is accepted', async () => {
    await fetchIt();
    mlc.world.file('/tiny.wasm', smallLibrary(2));
    const found = await digestOf(smallLibrary(2));
    expect(await fetchIt()).toMatchObject({ code: 'library_changed', detail: { found } });
    expect(await fetchIt({ accept_library: found })).toMatchObject({ status: 'success' });
  });

  test('that is a web page is refused', async () => {
    mlc.world.file('/tiny.wasm', new TextEncoder().encode('<!doctype html>'));
    expect(await fetchIt()).toMatchObject({ code: 'bad_library' });
    expect(await mlc.house.db.library(mlc.library)).toBeNull();
  });

  test('is not believed to come from where nothing came from', async () => {
    const { digest } = await store(smallLibrary(5), 'library');
    const answer = await install(String(digest), { library: mlc.library });
    expect(answer).toMatchObject({ code: 'bad_library' });
    expect(await mlc.house.db.library(mlc.library)).toBeNull();
  });

  test('has to have an address', async () => {
    const { digest } = await store(smallLibrary(5), 'library');
    for (const library of [digest, undefined]) {
      expect(await fetchIt({ library })).toMatchObject({ code: 'bad_request' });
    }
  });
});

test('a preview counts no library that is here', async () => {
  const preview = () => mlc.door.ask<ResolvedPull>('api/paddock/resolve', { model: LISTED });
  const before = await preview();
  expect(before.needed).toBe(before.size);
  await mlc.outcome(LISTED);
  // Of none of its own files anybody knows which they are.
  mlc.world.repo(LISTED_REPO, tinyMlc(), { plain: () => true });
  const { needed, size } = await preview();
  expect(size - needed).toBe(smallLibrary().length);
});
