import { expect, it } from 'vitest';
import { groupFiles, type DiskFile } from '#core/disk-files';
import type { FileFacts } from '#core/paddock-api';

function file(path: string, facts: Partial<FileFacts> = {}): DiskFile {
  const rest = { architecture: 'llama', parameter_size: '1B', quantization_level: 'Q4_0' };
  return { path, facts: { kind: 'model', name: `${path}:q4_0`, part: null, ...rest, ...facts } };
}

const part = (path: string, number: number, of: number) => file(path, { part: { number, of } });
const projector = (path: string) => file(path, { kind: 'projector' });

function paths(files: DiskFile[]) {
  return groupFiles(files).map((group) => group.files.map(({ path }) => path));
}

it('makes a model of each file', () => {
  expect(paths([file('a.gguf'), file('b.gguf')])).toEqual([['a.gguf'], ['b.gguf']]);
});

it('puts parts in their order, whatever order they were picked in', () => {
  const picked = [3, 1, 2].map((number) => part(`big-0000${number}-of-00003.gguf`, number, 3));
  const [group] = groupFiles(picked);
  expect(group!.files.map(({ facts }) => facts.part!.number)).toEqual([1, 2, 3]);
  expect(group).toMatchObject({ missing: [], name: 'big-00001-of-00003.gguf:q4_0' });
});

it('names the parts that are missing', () => {
  const [group] = groupFiles([part('big-00002-of-00004.gguf', 2, 4)]);
  expect(group!.missing).toEqual([1, 3, 4]);
});

it('does not mix parts of two models, nor one part with itself', () => {
  const picked = [part('a-00001-of-00002.gguf', 1, 2), part('b-00002-of-00002.gguf', 2, 2)];
  expect(groupFiles(picked).map(({ missing }) => missing)).toEqual([[2], [1]]);
  const twice = [part('a-00001-of-00002.gguf', 1, 2), part('a-00001-of-00002.gguf', 1, 2)];
  expect(groupFiles(twice)).toMatchObject([{ missing: [2] }]);
});

it('does not mix the parts of two quantizations', () => {
  const names = ['big-Q4_0', 'big-Q8_0'].flatMap((stem) =>
    [2, 1].map((number) => part(`${stem}-0000${number}-of-00002.gguf`, number, 2)),
  );
  expect(paths(names)).toEqual([
    ['big-Q4_0-00001-of-00002.gguf', 'big-Q4_0-00002-of-00002.gguf'],
    ['big-Q8_0-00001-of-00002.gguf', 'big-Q8_0-00002-of-00002.gguf'],
  ]);
});

it('gives a projector to the only model', () => {
  expect(paths([projector('mmproj.gguf'), file('gemma.gguf')])).toEqual([
    ['gemma.gguf', 'mmproj.gguf'],
  ]);
});

it('gives a projector to the model of its folder, or of its name', () => {
  expect(paths([file('a/x.gguf'), file('b/y.gguf'), projector('b/mmproj.gguf')])).toEqual([
    ['a/x.gguf'],
    ['b/y.gguf', 'b/mmproj.gguf'],
  ]);
  const named = [file('gemma-Q4_0.gguf'), file('qwen.gguf'), projector('mmproj-gemma-f16.gguf')];
  expect(paths(named)).toEqual([['gemma-Q4_0.gguf', 'mmproj-gemma-f16.gguf'], ['qwen.gguf']]);
});

it('leaves what belongs to no model, or to several, alone', () => {
  expect(groupFiles([projector('mmproj.gguf')])).toMatchObject([{ alone: 'projector' }]);
  const adapter = file('lora.gguf', { kind: 'adapter' });
  const groups = groupFiles([file('a.gguf'), file('b.gguf'), adapter]);
  expect(groups.map(({ alone }) => alone)).toEqual([null, null, 'adapter']);
});
