/** The library of an MLC model from a file: what is named while it is read stands. */
import { expect, it, vi } from 'vitest';
import { PaddockError } from '#core/errors';
import { LibraryFile } from '$lib/state/library-file.svelte';

type Store = (file: File, digest: null, told: () => void, signal: AbortSignal) => Promise<string>;
const { store } = vi.hoisted(() => ({ store: vi.fn<Store>() }));
vi.mock('$lib/client/disk-import', () => ({ storeFile: store }));

const FILE = new File([new Uint8Array(10)], 'model.wasm');

/** Settled by the test, whether or not it is still wanted. */
function later() {
  let end = (_: string) => {};
  let fail = (_: Error) => {};
  store.mockImplementationOnce(
    () => new Promise((resolve, reject) => ([end, fail] = [resolve, reject])),
  );
  return { end: (digest: string) => end(digest), fail: (error: Error) => fail(error) };
}

it('is stored, and named by its digest', async () => {
  const library = new LibraryFile();
  store.mockResolvedValueOnce('sha256:1');
  expect(await library.read(FILE)).toBe('sha256:1');
  expect(library.said).toBe('model.wasm (10 bytes) is its library.');
});

it('does not take the place of an address that was typed while it was read', async () => {
  const library = new LibraryFile();
  const stored = later();
  const read = library.read(FILE);
  library.drop();
  expect(store.mock.lastCall?.[3].aborted).toBe(true);
  stored.end('sha256:1');
  expect(await read).toBeNull();
  expect(library.said).toBe('');
});

it('that fails after something else was named is no error of that', async () => {
  const library = new LibraryFile();
  const first = later();
  const early = library.read(FILE);
  const second = later();
  const late = library.read(new File([], 'other.wasm'));
  first.fail(new PaddockError('bad_library', 'no'));
  expect(await early).toBeNull();
  expect([library.error, library.said]).toEqual([null, 'Reading other.wasm.']);
  second.fail(new PaddockError('bad_library', 'no'));
  expect(await late).toBeNull();
  expect(library.error?.code).toBe('bad_library');
});
