/** The arithmetic of the fit: against what the engine really plans for the starter, then its verdicts. */
import { beforeAll, describe, expect, it } from 'vitest';
import { catalogue, type CatalogueEntry } from '#core/catalogue/catalogue';
import { runBy } from '#core/catalogue/run-by';
import { fit, fitSum } from '#core/fit';
import { sumLines, verdictText } from '#core/fit-words';
import { readGgufHeader } from '#core/gguf';
import { STARTER } from '#core/starter';
import { fitContext } from '../../workers/runner/engines/paddock/load/fit';
import { CACHE_16 } from '../../workers/runner/engines/paddock/kernels/program-layout';
import { readSpec } from '../../workers/runner/engines/paddock/spec/read-spec';
import { findTensors } from '../../workers/runner/engines/paddock/spec/tensors';
import { starterBytes } from '../../scripts/fixtures/starter-bytes';
import { LIMITS } from '../fixtures/house';

const GB = 1e9;
const find = (name: string) => catalogue().find(({ names }) => names.includes(name))!;
const starter = find(STARTER.name);

function within(value: number, of: number, share: number) {
  expect(value / of).toBeGreaterThan(1 - share);
  expect(value / of).toBeLessThan(1 + share);
}

describe('the starter, whose true figures are known', () => {
  let real: (context: number, threads: number) => ReturnType<typeof fitContext>;
  beforeAll(async () => {
    const bytes = await starterBytes();
    const read = (offset: number, length: number) =>
      Promise.resolve(bytes.slice(offset, offset + length));
    const header = await readGgufHeader(read, bytes.length);
    const spec = readSpec(header);
    const tensors = findTensors(header, spec);
    real = (context, threads) =>
      fitContext(spec, tensors, context, { threads, cacheKind: CACHE_16, plain: false });
  });

  it.each([
    [512, 1],
    [4096, 2],
    [8192, 2],
    [4096, 8],
  ])(
    '%d tokens on %d threads: the sum and the cache are within a twentieth',
    (context, threads) => {
      const sum = fitSum(starter, 'paddock', context, threads);
      const { bytes, cacheBytes } = real(context, threads);
      within(sum.cache, cacheBytes, 0.05);
      within(sum.total, bytes, 0.05);
      expect(sum.weights).toBe(STARTER.size); // what EngineInfo says of the weights
    },
  );
});

describe('the cache of one token', () => {
  it('by shape: two tensors, layers, key-value heads, and a row in the engine’s own kind', () => {
    // Qwen 3 0.6B: 28 layers, 8 heads of 128.
    const qwen = find('qwen3:0.6b');
    expect(fitSum(qwen, 'wllama', 1, 1).cache).toBe(2 * 28 * 8 * 128 * 2);
    expect(fitSum(qwen, 'paddock', 1, 1).cache).toBe(2 * 28 * 8 * (128 * 2 + 4));
    // An encoder keeps none.
    expect(fitSum(find('all-minilm:22m'), 'wllama', 512, 1).cache).toBe(0);
  });

  it('without a shape it is estimated, and says so', () => {
    const unknown = { ...find('qwen2.5:1.5b'), shape: undefined };
    const sum = fitSum(unknown, 'paddock', 4096, 2);
    expect(sum.byShape).toBe(false);
    expect(sum.cache).toBeGreaterThan(50e6);
    expect(sum.cache).toBeLessThan(500e6);
  });
});

describe('verdicts', () => {
  const model: CatalogueEntry = {
    ...find('qwen3:4b'),
    size: 2 * GB,
    parameters: 4e9,
    shape: { layers: 36, keyValueHeads: 8, headSize: 128, vocabulary: 100_000 },
  };
  const needed = (context: number) => fitSum(model, 'paddock', context, LIMITS.threads).total;

  it('fits where the memory that could be reserved holds it', () => {
    const found = fit(starter, 'paddock', LIMITS);
    expect(found.verdict).toBe('fits');
    expect(found.sum.context).toBe(4096);
    expect(found.missing).toBeUndefined();
  });

  it('never offers more context than it was trained for', () => {
    expect(fit(find('tinyllama:1.1b'), 'paddock', LIMITS).sum.context).toBe(2048);
  });

  it('offers the largest context that fits, in steps of 256', () => {
    const limits = { ...LIMITS, memory32: needed(3000) };
    const found = fit(model, 'paddock', limits);
    expect(found.verdict).toBe('smaller');
    expect(found.sum.context).toBe(2816);
    expect(found.sum.total).toBeLessThanOrEqual(limits.memory32);
    expect(needed(2816 + 256)).toBeGreaterThan(limits.memory32);
  });

  it('does not fit where not even 512 tokens do, and names what is missing', () => {
    const limits = { ...LIMITS, memory32: needed(512) - 1e6 };
    const found = fit(model, 'paddock', limits);
    expect(found.verdict).toBe('no');
    expect(found.missing).toEqual({ memory: expect.closeTo(1e6, 0) as number });
    expect(fit(model, 'paddock', { ...LIMITS, memory32: needed(512) + 1 }).verdict).toBe('smaller');
  });

  it('a device that says it has less than a memory holds counts by what it has', () => {
    const limits = { ...LIMITS, device_memory: 1024 ** 3 };
    expect(fit(model, 'paddock', limits).verdict).toBe('no');
  });

  it('is not known where a model wants more than was measured, and nobody says how much there is', () => {
    const large = { ...model, size: 5 * GB };
    expect(fit(large, 'paddock', { ...LIMITS, device_memory: null }).verdict).toBe('unknown');
    expect(fit(large, 'paddock', { ...LIMITS, device_memory: 8 * 1024 ** 3 }).verdict).toBe('fits');
    expect(fit(large, 'paddock', LIMITS).verdict).toBe('no'); // 4 GiB, it says
    // llama.cpp's one memory may be larger than 32 bits reach, where the browser has that.
    expect(fit(large, 'wllama', { ...LIMITS, device_memory: 8 * 1024 ** 3 }).verdict).toBe(
      'unknown',
    );
    expect(
      fit({ ...model, size: 15 * GB }, 'paddock', { ...LIMITS, device_memory: null }),
    ).toMatchObject({ verdict: 'no' });
  });

  it('storage counts before a download, where the browser tells it', () => {
    const limits = { ...LIMITS, free_storage: STARTER.size - 1000 };
    const found = fit(starter, 'paddock', limits);
    expect(found.verdict).toBe('no');
    expect(found.missing).toEqual({ storage: 1000 });
    expect(fit(starter, 'paddock', limits, true).verdict).toBe('fits');
    expect(fit(starter, 'paddock', { ...LIMITS, free_storage: null }).verdict).toBe('fits');
  });
});

describe('the engine that would run it', () => {
  const sizes = { max_buffer: 1, max_binding: 1, workgroup_storage: 1, storage_buffers: 1 };
  const gpu = { name: 'GPU', f16: true, software: false, slow: false, ...sizes };

  it('is ours for what it knows, on any real adapter; llama.cpp for the rest, on one with 16-bit floats', () => {
    expect(runBy(starter, LIMITS)).toEqual({ engine: 'paddock', backend: 'wasm' });
    expect(runBy(find('gemma3:1b'), LIMITS)).toEqual({ engine: 'wllama', backend: 'wasm' });
    const weak = { adapter: { ...gpu, f16: false } };
    expect(runBy(starter, weak)).toEqual({ engine: 'paddock', backend: 'webgpu' });
    expect(runBy(starter, { adapter: gpu })).toEqual({ engine: 'paddock', backend: 'webgpu' });
    const gemma = find('gemma3:1b');
    expect(runBy(gemma, weak)).toEqual({ engine: 'wllama', backend: 'wasm' });
    expect(runBy(gemma, { adapter: gpu })).toEqual({ engine: 'wllama', backend: 'webgpu' });
    for (const slow of [true, false]) {
      const software = { adapter: { ...gpu, software: true, slow } };
      expect(runBy(starter, software)).toEqual({ engine: 'paddock', backend: 'wasm' });
    }
  });

  it('is llama.cpp for what sees images, of what architecture ever', () => {
    const seeing = catalogue().filter(({ capabilities }) => capabilities.includes('vision'));
    expect(seeing.map(({ architecture }) => architecture)).toContain('llama');
    for (const model of seeing) {
      expect(runBy(model, LIMITS)).toEqual({ engine: 'wllama', backend: 'wasm' });
    }
  });

  it('is llama.cpp for embeddings, of what architecture ever', () => {
    for (const name of ['all-minilm:22m', 'qwen3-embedding:0.6b']) {
      expect(runBy(find(name), LIMITS)).toEqual({ engine: 'wllama', backend: 'wasm' });
    }
  });
});

describe('in words', () => {
  const of = (limits: Partial<typeof LIMITS>) => fit(starter, 'paddock', { ...LIMITS, ...limits });

  it('each verdict is a sentence with its numbers', () => {
    expect(verdictText(of({}))).toBe('Fits, with a context of 4,096 tokens.');
    expect(verdictText(of({ memory32: 150e6 }))).toMatch(
      /^Fits with a smaller context: \d,\d{3} tokens\.$/,
    );
    expect(verdictText(of({ memory32: 50e6 }))).toMatch(
      /^Does not fit: \d+ MB of memory missing\.$/,
    );
    expect(verdictText(of({ memory32: 50e6, free_storage: 0 }))).toMatch(
      /memory and 98 MB of storage missing/,
    );
  });

  it('the sum shows every part, the estimate as one', () => {
    const words = (lines: { what: string; bytes: string }[]) =>
      Object.fromEntries(lines.map(({ what, bytes }) => [what, bytes]));
    const shown = words(sumLines(of({}), starter.size, false));
    expect(shown).toMatchObject({
      Weights: '98 MB',
      'Cache: 4,096 tokens × 24 kB': '97 MB',
      'Storage needed': '98 MB',
      'Storage free': '10 GB',
    });
    expect(words(sumLines(of({}), starter.size, true))).not.toHaveProperty('Storage needed');
    const unknown = { ...starter, shape: undefined };
    const estimated = sumLines(fit(unknown, 'paddock', LIMITS), starter.size, false);
    expect(estimated[1]!.what).toContain('estimated from its parameters');
  });
});
