/** A file that takes a damaged model's place gets its name, and no other does. */
import { beforeEach, expect, it, vi } from 'vitest';
import { PaddockError } from '#core/errors';
import type { FileFacts } from '#core/paddock-api';
import { diskImport } from '$lib/state/disk-import.svelte';

const { inspect } = vi.hoisted(() => ({ inspect: vi.fn<(file: File) => Promise<FileFacts>>() }));
vi.mock('$lib/client/disk-import', () => ({ inspectFile: inspect }));

function pick(...paths: string[]) {
  const entries = paths.map((path) => ({
    path,
    open: () => Promise.resolve(new File([new Uint8Array(4)], path)),
  }));
  return diskImport.add(Promise.resolve(entries));
}

const names = () => diskImport.models.map(({ name }) => name);

beforeEach(() => {
  diskImport.clear();
  inspect.mockImplementation(({ name }) => {
    if (name.startsWith('bad')) throw new PaddockError('model_unreadable', 'no');
    const facts = { kind: 'model', name: name.replace('.gguf', ':f32'), part: null };
    return Promise.resolve(facts as FileFacts);
  });
});

it('also beside files that were picked before', async () => {
  await pick('one.gguf');
  diskImport.mend('damaged:latest');
  await pick('two.gguf');
  expect(names()).toEqual(['one:f32', 'damaged:latest']);
  expect(diskImport.mending).toBeNull();
});

it('is waited for when what was picked cannot be read, and what was there keeps its name', async () => {
  await pick('one.gguf');
  diskImport.mend('damaged:latest');
  await pick('bad.gguf');
  expect(names()).toEqual(['one:f32']);
  expect(diskImport.mending).toBe('damaged:latest');
  await pick('two.gguf');
  expect(names()).toEqual(['one:f32', 'damaged:latest']);
});
