import { beforeAll, describe, expect, it } from 'vitest';
import { readGgufHeader } from '#core/gguf';
import { PaddockError } from '#core/errors';
import { explainInLine } from '#core/sentences';
import { claimMemory } from '../../workers/runner/engines/paddock/load/claim-memory';
import { fitContext, type Limits } from '../../workers/runner/engines/paddock/load/fit';
import { CACHE_16, CACHE_8 } from '../../workers/runner/engines/paddock/kernels/program-layout';
import { dealOut } from '../../workers/runner/engines/paddock/memory/share';
import type { ModelSpec } from '../../workers/runner/engines/paddock/spec/model-spec';
import { readSpec } from '../../workers/runner/engines/paddock/spec/read-spec';
import { findTensors, type ModelTensors } from '../../workers/runner/engines/paddock/spec/tensors';
import { randomModel } from '../fixtures/random-model';

let spec: ModelSpec;
let tensors: ModelTensors;

beforeAll(async () => {
  const bytes = randomModel({ type: 'Q8_0', contextTrained: 100_000 });
  const read = async (offset: number, length: number) => bytes.subarray(offset, offset + length);
  const header = await readGgufHeader(read, bytes.length);
  spec = readSpec(header);
  tensors = findTensors(header, spec);
});

function fit(asked: number, limits: Limits, cacheKind = CACHE_16) {
  return fitContext(spec, tensors, asked, { threads: 2, cacheKind, plain: false }, limits);
}

const MB = 1_000_000;
const PLENTY = { memory: 1000 * MB, model: 1000 * MB };

describe('fitContext', () => {
  it('gives 4,096 tokens when nobody asks, and what is asked for up to the trained context', () => {
    expect(fit(0, PLENTY).context).toBe(4096);
    expect(fit(10_000, PLENTY).context).toBe(10_000);
    expect(fit(200_000, PLENTY).context).toBe(100_000);
  });

  it('counts a position of the cache: 2 layers, keys and values, 2 heads of 64 in 16 bits and a step', () => {
    expect(fit(1000, PLENTY).cacheBytes).toBe(1000 * 2 * 2 * 2 * (2 * 64 + 4));
    expect(fit(1000, PLENTY, CACHE_8).cacheBytes).toBe(1000 * 2 * 2 * 2 * (64 + 4));
  });

  it('makes an automatic context smaller until it fits', () => {
    const limits = { memory: 1000 * MB, model: 6.5 * MB };
    const { context, bytes } = fit(0, limits);
    expect(context).toBeGreaterThanOrEqual(512);
    expect(context).toBeLessThan(4096);
    expect(bytes).toBeLessThanOrEqual(limits.model);
  });

  it('refuses a context that does not fit with the arithmetic, and offers one that does', () => {
    const limits = { memory: 1000 * MB, model: 50 * MB };
    let error: unknown;
    try {
      fit(100_000, limits);
    } catch (thrown) {
      error = thrown;
    }
    if (!(error instanceof PaddockError)) throw new Error('it was not refused');
    expect(error.code).toBe('out_of_memory');
    const offered = Number(error.detail.offered);
    expect(offered).toBeGreaterThan(512);
    expect(fit(offered, limits).bytes).toBeLessThanOrEqual(limits.model);
    expect(explainInLine(error)).toMatch(/context of 100000 tokens needs 0\.1 GB .* \(num_ctx\)/);
  });

  it('deals the layers out over several memories, each within its limit', () => {
    const limits = { memory: 4.5 * MB, model: 100 * MB };
    const { parts } = fit(512, limits);
    expect(parts.map(({ share }) => share.layers.length)).toEqual([1, 1]);
    for (const { plan } of parts) expect(plan.bytes).toBeLessThanOrEqual(limits.memory);
    expect(parts[0]!.share.output).toBeDefined();
    expect(parts[1]!.share.output).toBeUndefined();
  });

  it('offers a context whose layers each fit a memory', () => {
    const limits = { memory: 7 * MB, model: 1000 * MB };
    let error: unknown;
    try {
      fit(20_000, limits);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({
      code: 'out_of_memory',
      message: expect.stringMatching(/each layer must fit one memory of 0\.0 GB/) as string,
    });
    const offered = Number((error as PaddockError).detail.offered);
    const { parts } = fit(offered, limits);
    for (const { plan } of parts) expect(plan.bytes).toBeLessThanOrEqual(limits.memory);
    expect(() => fit(offered + 256, limits)).toThrow();
    const automatic = fit(0, { ...limits, memory: 4.5 * MB }).context;
    expect(automatic).toBeGreaterThanOrEqual(512);
    expect(automatic).toBeLessThan(4096);
  });

  it('leaves a model to another engine when no memory holds one layer, or a tab the whole', () => {
    for (const limits of [
      { memory: 2 * MB, model: 100 * MB },
      { memory: 100 * MB, model: 2 * MB },
    ]) {
      expect(() => fit(512, limits)).toThrow(expect.objectContaining({ code: 'not_supported' }));
    }
  });
});

describe('dealOut', () => {
  it('gives no share larger than a memory, the first with the embedding neither', () => {
    const sizeOf = (ends: number) => (share: { embedding?: unknown; layers: unknown[] }) =>
      (share.embedding ? ends : 0) + 5 * share.layers.length;
    const layers = (ends: number, largest: number) =>
      dealOut(tensors, largest, sizeOf(ends))?.map((share) => share.layers.length);
    expect(layers(5, 10)).toEqual([1, 1]);
    expect(layers(10, 10)).toEqual([0, 2]);
    expect(layers(11, 10)).toBeUndefined();
    expect(layers(1, 4)).toBeUndefined();
  });
});

describe('claimMemory', () => {
  /** A browser that gives no memory above `most` bytes. */
  const browser = (most: number) => (bytes: number) => {
    if (bytes > most) throw new PaddockError('out_of_memory', 'no');
    return bytes;
  };
  const plan = (context: number) => fit(context, PLENTY);

  it('halves an automatic context until the browser gives the memory', () => {
    const { fit: got, memories } = claimMemory(0, plan, browser(7 * MB));
    expect(got.context).toBe(2048);
    expect(memories).toEqual([got.bytes]);
  });

  it('keeps to a context that was asked for, and offers half of it with the arithmetic', () => {
    const claim = () => claimMemory(8192, plan, browser(7 * MB));
    expect(claim).toThrow(/weights need 2 MB and a context of 8192 tokens 9 MB/);
    expect(claim).toThrow(expect.objectContaining({ code: 'out_of_memory' }));
    try {
      claim();
    } catch (error) {
      expect((error as PaddockError).detail.offered).toBe(4096);
    }
  });

  it('ends when not even the smallest context is given', () => {
    expect(() => claimMemory(0, plan, browser(1 * MB))).toThrow(
      expect.objectContaining({ code: 'out_of_memory' }),
    );
  });
});
