/** Models that are cut in several files: which order is theirs, what they are together, and what makes no whole model. */
import { describe, expect, it } from 'vitest';
import { factsOf } from '#core/model-file';
import { readWeightsHeader } from '#store/blob-header';
import { joinReaders } from '../../workers/runner/engines/paddock/load/files';
import type { WeightsReader } from '../../workers/runner/engines/paddock/load/reader';
import { smallGguf, smallPart as part } from '../fixtures/disk-gguf';
import { randomModel, randomParts } from '../fixtures/random-model';

const blobs = (files: Uint8Array[]) =>
  files.map((file) => new Blob([file as Uint8Array<ArrayBuffer>]));

async function refusal(...files: Uint8Array[]): Promise<{ code?: string; message?: string }> {
  return readWeightsHeader(blobs(files)).then(
    () => expect.fail('they were joined'),
    (error: Error) => error,
  );
}

const OPTIONS = { type: 'Q4_0', seed: 3 } as const;

it.each([
  [0, 1, 2],
  [2, 0, 1],
  [1, 2, 0],
])('three parts given in the order %i, %i, %i are the whole model', async (...given) => {
  const file = randomModel(OPTIONS);
  const whole = (await readWeightsHeader(blobs([file]))).header;
  const parts = randomParts(OPTIONS, 3);
  const { header, order } = await readWeightsHeader(blobs(given.map((at) => parts[at]!)));
  expect(order.map((at) => given[at])).toEqual([0, 1, 2]);
  expect(header.tensorList()).toEqual(whole.tensorList());
  expect(header.parameterCount).toBe(whole.parameterCount);
  expect(header.architecture).toBe('llama');
  const joined = Buffer.concat(parts);
  header.tensors.forEach(({ offset, size, name }, at) => {
    const start = whole.dataOffset + whole.tensors[at]!.offset;
    const bytes = joined.subarray(header.dataOffset + offset, header.dataOffset + offset + size);
    expect(bytes.equals(file.subarray(start, start + size)), name).toBe(true);
  });
});

it('leaves the header of a model in one file as it is', async () => {
  const { header, order } = await readWeightsHeader(blobs([smallGguf()]));
  expect(order).toEqual([0]);
  expect(header.dataOffset).toBeGreaterThan(0);
});

it('takes a model that was put together again, which counts no parts, for a whole one', async () => {
  const file = smallGguf({ numbers: { 'split.no': 0, 'split.count': 0 } });
  const { header, order } = await readWeightsHeader(blobs([file]));
  expect(order).toEqual([0]);
  expect(factsOf(header, 'merged.gguf')).toMatchObject({ kind: 'model', part: null });
});

describe('files that make no whole model', () => {
  const whole = smallGguf({ texts: { 'general.architecture': 'llama' } });
  const counted = (number: number, tensors: number) =>
    part(number, 2, { numbers: { 'split.tensors.count': tensors } });
  it.each<[string, Uint8Array[], RegExp]>([
    ['one is missing', [part(1, 3), part(3, 3)], /part 2 of 3 is missing/],
    ['the first is missing', [part(2, 2)], /part 1 of 2 is missing/],
    ['more are missing', [part(2, 4)], /parts 1, 3, 4 of 4 are missing/],
    [
      'thousands are missing',
      [part(1, 5000)],
      /parts 2, 3, 4, .* and 4991 more of 5000 are missing/,
    ],
    ['one is there twice', [part(1, 2), part(2, 2), part(2, 2)], /part 2 of 2 is there twice/],
    ['another number of parts', [part(1, 2), part(2, 3)], /different models, one cut in 2 .* in 3/],
    ['another number of tensors', [counted(1, 2), counted(2, 9)], /numbers of tensors are 2 and 9/],
    [
      'fewer tensors than it says',
      [counted(1, 3), counted(2, 3)],
      /hold 2 tensors, and should hold 3/,
    ],
    ['a tensor in two', [part(1, 2), part(2, 2, {}, 'w1')], /"w1" is in two of them/],
    ['whole models', [whole, whole], /file 1 of 2 is no part of a model/],
    ['a part and a whole model', [part(1, 2), whole], /file 2 of 2 is no part of a model/],
    [
      'another architecture',
      [part(1, 2), part(2, 2, { texts: { 'general.architecture': 'qwen2' } })],
      /architectures are llama and qwen2/,
    ],
    ['a part 4 of 3', [part(1, 3), part(2, 3), part(4, 3)], /part 4 of 3/],
    ['a damaged part', [part(1, 2), part(2, 2).slice(0, -4000)], /^Of file 2 of 2: .*larger than/],
    ['an empty part', [part(1, 2), new Uint8Array()], /^Of file 2 of 2: .*it has 0 bytes/],
  ])('%s', async (_what, files, words) => {
    const error = await refusal(...files);
    expect(error).toMatchObject({ code: 'model_unreadable' });
    expect(error.message).toMatch(words);
  });
});

it('several files are read as one', async () => {
  const closed: number[] = [];
  const reader = (id: number, bytes: number[]): WeightsReader => ({
    size: bytes.length,
    read: (target, offset) => target.set(bytes.slice(offset, offset + target.length)),
    bytes: async (offset, length) => Uint8Array.from(bytes.slice(offset, offset + length)),
    close: () => closed.push(id),
  });
  const joined = joinReaders([reader(0, [1, 2, 3]), reader(1, [4, 5]), reader(2, [6, 7, 8])]);
  expect(joined.size).toBe(8);
  const target = new Uint8Array(2);
  for (const offset of [0, 1, 3, 5, 6]) {
    joined.read(target, offset);
    expect([...target]).toEqual([offset + 1, offset + 2]);
    expect([...(await joined.bytes(offset, 2))]).toEqual([offset + 1, offset + 2]);
  }
  joined.close();
  expect(closed).toEqual([0, 1, 2]);
});
