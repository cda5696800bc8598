/** Files of an MLC model from a disk, and what is here of one already. */
import { beforeEach, expect, test } from 'vitest';
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
