/** What is refused before any memory is claimed: models that the graph would compute wrongly. */
import { expect, it, describe } from 'vitest';
import { readGgufHeader, type GgufHeader } from '#core/gguf';
import type { GgufValue } from '#core/gguf/metadata';
import { openReader } from '../../workers/runner/engines/paddock/load/reader';
import { readRopeFactors } from '../../workers/runner/engines/paddock/load/vectors';
import { scratchBytes } from '../../workers/runner/engines/paddock/memory/sizes';
import { readSpec } from '../../workers/runner/engines/paddock/spec/read-spec';
import { findTensors } from '../../workers/runner/engines/paddock/spec/tensors';
import { compileKernels } from '../fixtures/compile-kernels';
import { randomModel } from '../fixtures/random-model';
import type { ModelOptions } from '../fixtures/random-model/options';

type Keys = Record<string, GgufValue | undefined>;

/** The header of a small model, with some keys of `llama.` changed; undefined removes one. */
async function headerOf(options: ModelOptions = {}, keys: Keys = {}): Promise<GgufHeader> {
  const bytes = randomModel({ type: 'F32', ...options });
  const read = async (offset: number, length: number) => bytes.subarray(offset, offset + length);
  const header = await readGgufHeader(read, bytes.length);
  for (const [key, value] of Object.entries(keys)) {
    const full = `${header.architecture}.${key}`;
    if (value === undefined) header.metadata.delete(full);
    else header.metadata.set(full, value);
  }
  return header;
}

async function specOf(options: ModelOptions = {}, keys: Keys = {}) {
  return readSpec(await headerOf(options, keys));
}

const refusal = (code: string, says: RegExp): unknown =>
  expect.objectContaining({ code, message: expect.stringMatching(says) as string });

it('reads a model that is as the graph expects', async () => {
  expect(await specOf()).toMatchObject({
    feedForward: 768,
    heads: 4,
    keyValueHeads: 2,
    rope: { base: 10_000, linear: 1, dimensions: 64, factors: undefined },
  });
});

it('leaves rows that are no whole groups to another engine', async () => {
  await expect(specOf({ size: { feedForward: 772 } })).rejects.toEqual(
    refusal('not_supported', /"llama\.feed_forward_length" is 772/),
  );
  expect((await specOf({ size: { feedForward: 776 } })).feedForward).toBe(776);
  await expect(specOf({ size: { headSize: 12 } })).rejects.toEqual(
    refusal('not_supported', /heads are 12 wide/),
  );
});

describe('heads that share keys and values', () => {
  const shared = (heads: number) => specOf({ size: { heads, keyValueHeads: 1, headSize: 8 } });

  it('are 48 at most', async () => {
    expect((await shared(48)).heads).toBe(48);
    await expect(shared(49)).rejects.toEqual(
      refusal('not_supported', /49 of its heads share keys and values/),
    );
  });

  // The compiler alone takes seconds.
  it('fit the scratch as the kernels lay it out', { timeout: 60_000 }, async () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
    const entry = `export { attendScratch } from './attention';`;
    const bytes = await compileKernels(entry, 'simd');
    const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
    const { attendScratch } = instance.exports as Record<string, (headSize: number) => number>;
    for (const headSize of [8, 64, 128, 256]) {
      const spec = { ...(await specOf()), headSize };
      expect(scratchBytes(spec)).toBeGreaterThanOrEqual(attendScratch!(headSize));
    }
  });
});

describe('rope', () => {
  const SCALED = { 'rope.scaling.type': 'linear', 'rope.scaling.factor': 4 };

  it.each<[name: string, keys: Keys, linear: number]>([
    ['linear', SCALED, 4],
    ['no type, which is linear', { 'rope.scaling.factor': 4 }, 4],
    ['an older key', { 'rope.scale_linear': 2 }, 2],
    ['a factor of 0, which is none', { ...SCALED, 'rope.scaling.factor': 0 }, 1],
    ['none', { ...SCALED, 'rope.scaling.type': 'none' }, 1],
  ])('scaling: %s', async (_, keys, linear) => {
    expect((await specOf({}, keys)).rope.linear).toBe(linear);
  });

  it('takes the scaling of Llama 3 from its factors alone', async () => {
    const keys = { ...SCALED, 'rope.scaling.type': 'llama3' };
    expect((await specOf({ ropeFactors: true }, keys)).rope.linear).toBe(1);
    await expect(specOf({}, keys)).rejects.toEqual(refusal('not_supported', /"llama3"/));
  });

  it.each<[name: string, options: ModelOptions, keys: Keys, code: string, says: RegExp]>([
    ['yarn', {}, { ...SCALED, 'rope.scaling.type': 'yarn' }, 'not_supported', /type" is "yarn"/],
    [
      'yarn beside factors',
      { ropeFactors: true },
      { ...SCALED, 'rope.scaling.type': 'yarn' },
      'not_supported',
      /type" is "yarn"/,
    ],
    ['a part of a head', {}, { 'rope.dimension_count': 32 }, 'not_supported', /turns 32 of 64/],
    [
      'a factor below 0',
      {},
      { ...SCALED, 'rope.scaling.factor': -2 },
      'model_unreadable',
      /factor" is -2/,
    ],
    ['a base of 0', {}, { 'rope.freq_base': 0 }, 'model_unreadable', /freq_base" is 0/],
  ])('refuses %s', async (_, options, keys, code, says) => {
    await expect(specOf(options, keys)).rejects.toEqual(refusal(code, says));
  });
});

it('leaves a model that makes embeddings to another engine', async () => {
  await expect(specOf({}, { pooling_type: 3 })).rejects.toEqual(
    refusal('not_supported', /it makes embeddings/),
  );
});

it('leaves a model that looks ahead to another engine', async () => {
  await expect(specOf({}, { 'attention.causal': false })).rejects.toEqual(
    refusal('not_supported', /"llama\.attention\.causal" is false/),
  );
  expect((await specOf({}, { 'attention.causal': true })).heads).toBe(4);
});

describe("Llama 3's factors of rope", () => {
  const tensorsOf = (header: GgufHeader) => findTensors(header, readSpec(header));
  const factorsOf = (header: GgufHeader) =>
    header.tensors.find(({ name }) => name === 'rope_freqs.weight')!;
  const read = (values: number[]) => {
    const length = values.length;
    const place = { offset: 4, count: length, size: 4 * length };
    const tensor = { name: 'rope_freqs.weight', dims: [length], type: 'F32', ...place };
    const weights = new Blob([Float32Array.of(NaN, NaN, ...values)]);
    return openReader(weights, undefined).then((reader) =>
      readRopeFactors(reader, 4, { tensor, length }),
    );
  };

  it('are found, one a pair', async () => {
    expect(tensorsOf(await headerOf()).ropeFactors).toBeUndefined();
    expect(tensorsOf(await headerOf({ ropeFactors: true })).ropeFactors!.length).toBe(32);
  });

  it('are refused in another type, of another length, in another architecture', async () => {
    const half = await headerOf({ ropeFactors: true });
    factorsOf(half).type = 'F16';
    expect(() => tensorsOf(half)).toThrow(refusal('not_supported', /rope_freqs.* type F16/));
    const short = await headerOf({ ropeFactors: true });
    factorsOf(short).dims = [16];
    expect(() => tensorsOf(short)).toThrow(
      refusal('model_unreadable', /rope_freqs.* is 16, and should be 32/),
    );
    const other = await headerOf({ ropeFactors: true, architecture: 'qwen2' });
    expect(() => tensorsOf(other)).toThrow(refusal('not_supported', /rope_freqs.* is not known/));
  });

  it('are finite and above 0', async () => {
    expect([...(await read([1, 8]))!]).toEqual([1, 8]);
    await expect(read([1, 0])).rejects.toEqual(refusal('model_unreadable', /not above 0/));
    await expect(read([1, -1])).rejects.toMatchObject({ detail: { tensor: 'rope_freqs.weight' } });
    await expect(read([1, Infinity])).rejects.toEqual(refusal('model_unreadable', /not numbers/));
  });
});
