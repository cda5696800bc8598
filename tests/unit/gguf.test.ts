import { describe, expect, test } from 'vitest';
import { parameterSize, readGgufHeader, type GgufOptions } from '#core/gguf';
import {
  ARCHITECTURE,
  ARRAY,
  BOOL,
  bytesOf,
  F32,
  gguf,
  pair,
  STRING,
  tensor,
  U32,
  U64,
} from '../fixtures/gguf-builder';

function read(file: Uint8Array, options?: GgufOptions) {
  const at = async (offset: number, length: number) => file.subarray(offset, offset + length);
  return readGgufHeader(at, file.length, options);
}

const words = (count: number) =>
  bytesOf(
    { u32: STRING },
    { u64: BigInt(count) },
    ...Array.from({ length: count }, (_, at) => ({ text: `token ${at}` })),
  );

describe('a good file', () => {
  test('gives its metadata, tensors, parameters and quantization', async () => {
    const header = await read(
      gguf({
        pairs: [
          ARCHITECTURE,
          pair('general.file_type', U32, { u32: 15 }),
          pair('a.flag', BOOL, { u8: 1 }),
          pair('a.long', U64, { u64: 2n ** 60n }),
          pair('a.small', F32, new Uint8Array(Float32Array.of(1e-5).buffer)),
          pair('a.list', ARRAY, words(3)),
        ],
        tensors: [tensor('w', [64n, 2n], 3, 0n), tensor('b', [64n], 0, 96n)],
      }),
    );
    expect(header.architecture).toBe('llama');
    expect(header.quantization).toBe('Q4_K_M');
    expect(header.parameterCount).toBe(192);
    expect(header.metadata.get('a.flag')).toBe(true);
    expect(header.metadata.get('a.long')).toBe(2n ** 60n);
    expect(header.metadata.get('a.list')).toEqual({ length: 3 });
    expect(header.tensors[0]).toEqual({
      name: 'w',
      dims: [64, 2],
      type: 'Q4_1',
      count: 128,
      offset: 0,
      size: 80,
    });
    expect(header.dataOffset % 32).toBe(0);
    expect(JSON.parse(JSON.stringify(header.modelInfo(false)))).toMatchObject({
      'a.list': null,
      'a.long': '1152921504606846976',
      'a.small': 1e-5,
      'general.parameter_count': 192,
    });
  });

  test('keeps a list that is asked for', async () => {
    const file = gguf({ pairs: [ARCHITECTURE, pair('a.list', ARRAY, words(3))] });
    const header = await read(file, { keepArray: (key) => key === 'a.list' });
    expect(header.modelInfo(true)['a.list']).toEqual(['token 0', 'token 1', 'token 2']);
  });

  test('is read across windows, a list of 100,000 texts and one of numbers in between', async () => {
    const numbers = bytesOf({ u32: U32 }, { u64: 100_000n }, new Uint8Array(400_000));
    const file = gguf({
      pairs: [
        pair('a.list', ARRAY, words(100_000)),
        pair('a.numbers', ARRAY, numbers),
        ARCHITECTURE,
      ],
    });
    const header = await read(file);
    expect(header.metadata.get('a.list')).toEqual({ length: 100_000 });
    expect(header.metadata.get('a.numbers')).toEqual({ length: 100_000 });
    expect(header.architecture).toBe('llama');
  });

  test('without a file type is labelled by its most common tensor type', async () => {
    const tensors = [tensor('w', [64n, 2n], 8, 0n), tensor('b', [64n], 0, 160n)];
    expect((await read(gguf({ tensors }))).quantization).toBe('Q8_0');
  });

  test('holds a key named __proto__ as a key', async () => {
    const file = gguf({ pairs: [ARCHITECTURE, pair('__proto__', STRING, { text: 'x' })] });
    const header = await read(file);
    expect(header.text('__proto__')).toBe('x');
    expect(Object.getPrototypeOf(header.modelInfo(false))).toBe(Object.prototype);
  });
});

const HUGE = 2n ** 60n;
const oneTensor = (dims: bigint[], type = 0, offset = 0n) => ({
  tensors: [tensor('w', dims, type, offset)],
});
const onePair = (bytes: Uint8Array) => ({ pairs: [ARCHITECTURE, bytes] });
const alignment = (value: number) => onePair(pair('general.alignment', U32, { u32: value }));

const hostile: [fault: string, file: Uint8Array, says: RegExp][] = [
  ['one byte', new Uint8Array([0x47]), /1 bytes/],
  ['an empty file', new Uint8Array(), /0 bytes/],
  ['another magic', gguf({ magic: 'GGML' }), /begin with "GGUF"/],
  ['a web page', new TextEncoder().encode('<!doctype html><title>x</title>'), /begin with/],
  ['version 1', gguf({ version: 1 }), /version is 1/],
  ['version 4', gguf({ version: 4 }), /version is 4/],
  ['big-endian', gguf({ version: 0x03000000 }), /big-endian/],
  ['2^60 keys', gguf({ pairCount: HUGE }), /number of keys/],
  ['2^60 tensors', gguf({ tensorCount: HUGE }), /number of tensors/],
  ['200,000 keys', gguf({ pairCount: 200_000n, data: 5_000_000 }), /200000 keys/],
  ['200,000 tensors', gguf({ tensorCount: 200_000n, data: 9_000_000 }), /200000 tensors/],
  [
    'a text of 2^63 bytes',
    gguf(onePair(pair('a', STRING, { u64: 2n ** 63n }))),
    /length of the value of "a"/,
  ],
  ['a key of 2^63 bytes', gguf(onePair(bytesOf({ u64: 2n ** 63n }))), /length of a key/],
  ['an empty key', gguf(onePair(pair('', U32, { u32: 1 }))), /key is empty/],
  [
    'a list of 2^60 numbers',
    gguf(onePair(pair('a', ARRAY, { u32: U32 }, { u64: HUGE }))),
    /length of "a"/,
  ],
  [
    'a list of lists',
    gguf(onePair(pair('a', ARRAY, { u32: ARRAY }, { u64: 1n }))),
    /list of type 9/,
  ],
  [
    'a text in a list that is longer than the file',
    gguf(onePair(pair('a', ARRAY, { u32: STRING }, { u64: 1n }, { u64: 9_999_999n }))),
    /text of "a"/,
  ],
  ['an unknown value type', gguf(onePair(pair('a', 99, { u32: 1 }))), /unknown type 99/],
  ['a truth value of 2', gguf(onePair(pair('a', BOOL, { u8: 2 }))), /truth value is 2/],
  ['a key twice', gguf({ pairs: [ARCHITECTURE, ARCHITECTURE] }), /there twice/],
  ['no architecture', gguf({ pairs: [] }), /no architecture/],
  ['alignment 3', gguf(alignment(3)), /power of two/],
  ['alignment 0', gguf(alignment(0)), /power of two/],
  [
    'alignment as a text',
    gguf(onePair(pair('general.alignment', STRING, { text: '32' }))),
    /power of two/,
  ],
  [
    'dimensions whose product wraps around',
    gguf(oneTensor([2n ** 32n, 2n ** 32n, 2n ** 32n])),
    /dimensions of "w"/,
  ],
  ['a negative dimension', gguf(oneTensor([2n ** 64n - 1n])), /dimensions of "w"/],
  ['a dimension of 0', gguf(oneTensor([0n])), /dimensions of "w"/],
  ['no dimensions', gguf(oneTensor([])), /0 dimensions/],
  ['5 dimensions', gguf(oneTensor([1n, 1n, 1n, 1n, 1n])), /5 dimensions/],
  [
    '2^32 - 1 dimensions',
    gguf({ tensors: [bytesOf({ text: 'w' }, { u32: 0xffffffff })] }),
    /dimensions/,
  ],
  ['an unknown tensor type', gguf(oneTensor([32n], 250)), /unknown type 250/],
  ['half a block', gguf(oneTensor([40n], 3)), /whole number of Q4_1 blocks/],
  ['a tensor larger than the file', gguf(oneTensor([1_000_000n])), /larger than the file/],
  ['an offset past the end', gguf(oneTensor([32n], 0, 1_000_000n)), /offset of "w"/],
  ['an offset of 2^64 - 32', gguf(oneTensor([32n], 0, 2n ** 64n - 32n)), /offset of "w"/],
  ['a tensor that ends past the end', gguf(oneTensor([32n], 0, 4000n)), /past the end/],
  ['a tensor 32 bytes past the end', gguf({ ...oneTensor([1024n], 0, 32n) }), /past the end/],
  ['an offset that is not aligned', gguf(oneTensor([32n], 0, 4n)), /not aligned/],
  [
    'a tensor twice',
    gguf({ tensors: [tensor('w', [32n], 0, 0n), tensor('w', [32n], 0, 128n)] }),
    /"w" is there twice/,
  ],
  [
    'a tensor name of 65 bytes',
    gguf({ tensors: [tensor('w'.repeat(65), [32n], 0, 0n)] }),
    /name of a tensor/,
  ],
];

/** A file of any size that is made as it is read: `head`, then `unit` again and again. */
function endlessFile(head: Uint8Array, unit: Uint8Array, size: number) {
  let reached = 0;
  const at = async (offset: number, length: number) => {
    reached = Math.max(reached, offset + length);
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const from = offset + at - head.length;
      const piece = from < 0 ? head.subarray(offset + at) : unit.subarray(from % unit.length);
      bytes.set(piece.subarray(0, length - at), at);
      at += Math.min(piece.length, length - at);
    }
    return bytes;
  };
  const result = readGgufHeader(at, size, { keepArray: () => true });
  return { result, reached: () => reached };
}

const MIB = 1024 * 1024;

test('keeps no more than 64 MiB of a list of texts, however long they are', async () => {
  const list = pair('a', ARRAY, { u32: STRING }, { u64: 1000n });
  const head = gguf({ pairs: [list], tensors: [], data: 0 });
  const unit = bytesOf({ text: 'x'.repeat(MIB) });
  const { result, reached } = endlessFile(head, unit, 2 ** 44);
  await expect(result).rejects.toMatchObject({
    code: 'model_unreadable',
    message: expect.stringMatching(/more than 67108864 bytes/) as string,
  });
  expect(reached()).toBeLessThan(70 * MIB);
});

test('keeps no more than 64 MiB of numbers', async () => {
  const list = pair('a', ARRAY, { u32: BOOL }, { u64: 16_000_000n });
  const head = gguf({ pairs: [list], tensors: [], data: 0 });
  const { result, reached } = endlessFile(head, new Uint8Array(4096), 2 ** 44);
  await expect(result).rejects.toMatchObject({
    message: expect.stringMatching(/more than 67108864 bytes/) as string,
  });
  expect(reached()).toBeLessThan(MIB);
});

test('keeps no more than 64 MiB of keys and texts', async () => {
  const long = (name: string) => pair(name, STRING, { text: 'x'.repeat(14 * MIB) });
  const pairs = ['a', 'b', 'c', 'd'].map(long);
  await expect(read(gguf({ pairs: [ARCHITECTURE, ...pairs] }))).resolves.toBeDefined();
  await expect(read(gguf({ pairs: [ARCHITECTURE, ...pairs, long('e')] }))).rejects.toMatchObject({
    message: expect.stringMatching(/more than 67108864 bytes/) as string,
  });
});

describe('a hostile file', () => {
  test.each(hostile)('%s', async (_fault, file, says) => {
    await expect(read(file)).rejects.toMatchObject({
      code: 'model_unreadable',
      message: expect.stringMatching(says) as string,
    });
  });

  test('cut off at any byte of its header', async () => {
    const pairs = [ARCHITECTURE, pair('a.list', ARRAY, words(3)), pair('z', U64, { u64: 1n })];
    const whole = gguf({ pairs, data: 0 });
    for (let length = 0; length < whole.length; length++) {
      await expect(read(whole.subarray(0, length))).rejects.toMatchObject({
        code: 'model_unreadable',
      });
    }
  });

  test('with any byte of its header changed never throws anything else', async () => {
    const pairs = [ARCHITECTURE, pair('a.list', ARRAY, words(3)), pair('z', U64, { u64: 1n })];
    const whole = gguf({ pairs });
    let refused = 0;
    for (let at = 0; at < whole.length - 4096; at++) {
      for (const value of [0x00, 0x7f, 0xff]) {
        const file = whole.slice();
        file[at] = value;
        const error = await read(file).then(
          () => null,
          (reason: unknown) => reason,
        );
        if (error) expect(error).toMatchObject({ code: 'model_unreadable' });
        if (error) refused++;
      }
    }
    expect(refused).toBeGreaterThan(100);
  });
});

test.each([
  [134_515_008, '134.52M'],
  [7_000_000_000, '7B'],
  [8_030_261_248, '8.0B'],
  [22_600_000, '22.60M'],
  [999, '999'],
  [1000, '1K'],
])('%i parameters are written %s', (count, text) => {
  expect(parameterSize(count)).toBe(text);
});
