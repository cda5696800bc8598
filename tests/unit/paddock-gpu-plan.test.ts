/** What a model takes on a graphics adapter: to the byte, within its limits, or refused with the arithmetic. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { PaddockError } from '#core/errors';
import { explainInLine } from '#core/sentences';
import { fitGpu } from '../../workers/runner/engines/paddock/webgpu/fit';
import type { GpuLimits } from '../../workers/runner/engines/paddock/webgpu/limits';
import type { GpuMatrix } from '../../workers/runner/engines/paddock/webgpu/parts';
import { matricesOf, planGpu } from '../../workers/runner/engines/paddock/webgpu/plan';
import type { PlanOptions } from '../../workers/runner/engines/paddock/webgpu/plan';
import { slicesOf } from '../../workers/runner/engines/paddock/webgpu/slices';
import { vectorsIn } from '../../workers/runner/engines/paddock/webgpu/vectors';
import { randomFile, type RandomFile } from '../fixtures/random-file';
import { FORMATS, type WeightType } from '../fixtures/random-model/blocks';
import type { ModelOptions } from '../fixtures/random-model/options';

const PLENTY: GpuLimits = {
  ...{ buffer: 2 ** 32, binding: 2 ** 31 },
  ...{ workgroupStorage: 32_768, invocations: 256 },
};

function planOf({ spec, tensors }: RandomFile, options: Partial<PlanOptions> = {}) {
  const usual = { context: 1000, cache: 'f16', chunk: 64, limits: PLENTY } as const;
  return planGpu(spec, tensors, { ...usual, ...options });
}

const names = (matrices: GpuMatrix[]) => matrices.map(({ name }) => name.replace(/blk\.\d\./g, ''));
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

describe('a plan', () => {
  it.each(Object.keys(FORMATS) as WeightType[])(
    'takes no more for weights of %s than the file, and what their planes are aligned by',
    async (type) => {
      const file = await randomFile({ type });
      const plan = planOf(file);
      const buffers = matricesOf(plan).length;
      const inFile = file.bytes.length - file.header.dataOffset;
      expect(plan.weightBytes).toBeLessThan(
        inFile + 256 * (buffers + vectorsIn(plan.vectors).length),
      );
      expect(plan.weightBytes).toBeGreaterThan(inFile - 32 * file.header.tensors.length);
    },
  );

  it('counts an embedding that is the output too once', async () => {
    const [tied, not] = [await randomFile({ tied: true }), await randomFile({})];
    const plan = planOf(tied);
    expect(plan.output).toBe(plan.embedding);
    const [embedding] = plan.embedding.parts;
    expect(planOf(not).weightBytes - plan.weightBytes).toBe(embedding!.bytes);
  });

  it('counts keys and values of two layers of two heads of 64 columns, and all in its total', async () => {
    const file = await randomFile({ contextTrained: 4096 });
    const positions = 1024; // 1,000 in whole blocks of 32
    const cells = 2 * 2 * 2 * positions * 64;
    expect(planOf(file, { cache: 'f32' }).cacheBytes).toBe(4 * cells);
    expect(planOf(file, { cache: 'f16' }).cacheBytes).toBe(2 * cells);
    expect(planOf(file, { cache: 'q8' }).cacheBytes).toBeLessThan(0.53 * 2 * cells);
    const plan = planOf(file);
    expect(plan.computeBytes).toBe(sum(Object.values(plan.activations)));
    expect(plan.bytes).toBe(plan.weightBytes + plan.cacheBytes + plan.computeBytes);
    expect(plan.activations.rope).toBe(1000 * 32 * 2 * 4);
    expect(plan.activations.stream).toBe(64 * 256 * 4);
  });

  const mixed = (value: WeightType, key: WeightType) => (name: string) =>
    /attn_v/.test(name) ? value : /attn_k/.test(name) ? key : 'Q4_K';
  it.each<[string, ModelOptions['type'], string[]]>([
    ['all are of one type', 'Q4_K', ['attn_q.weight + attn_k.weight + attn_v.weight']],
    [
      'values of another',
      mixed('Q6_K', 'Q4_K'),
      ['attn_q.weight + attn_k.weight', 'attn_v.weight'],
    ],
    [
      'each is of its own',
      mixed('Q6_K', 'Q5_K'),
      ['attn_q.weight', 'attn_k.weight', 'attn_v.weight'],
    ],
    [
      'keys are of another',
      mixed('Q4_K', 'Q5_K'),
      ['attn_q.weight', 'attn_k.weight', 'attn_v.weight'],
    ],
  ])('joins queries, keys and values that may be: %s', async (_, type, expected) => {
    const plan = planOf(await randomFile({ type }));
    const { qkv } = plan.layers[1]!;
    expect(names(qkv)).toEqual(expected);
    expect(sum(qkv.map(({ rows }) => rows))).toBe((4 + 2 * 2) * 64);
    expect(qkv.every(({ parts }) => parts.length === 1)).toBe(true);
  });

  it('interleaves rows of queries and keys where the file has their halves apart', async () => {
    const turns = async (architecture: 'llama' | 'qwen2') =>
      planOf(await randomFile({ architecture })).layers[0]!.qkv[0]!.sources.map(
        ({ interleave }) => interleave,
      );
    expect(await turns('llama')).toEqual([0, 0, 0]);
    expect(await turns('qwen2')).toEqual([64, 64, 0]);
  });
});

describe('parts', () => {
  const limits = { ...PLENTY, binding: 30_000, buffer: 32_768 };
  let file: RandomFile;
  beforeAll(async () => {
    const type = (name: string): WeightType => (name.includes('ffn_up') ? 'Q8_0' : 'Q4_0');
    const size = { headSize: 24, heads: 8, keyValueHeads: 4 };
    file = await randomFile({ architecture: 'qwen2', type, size });
  });

  it('are within the limits, without gaps, and leave heads whole', () => {
    const plan = planOf(file, { limits, context: 64, chunk: 8 });
    expect(plan.tooLarge).toBeUndefined();
    for (const { parts, rows } of matricesOf(plan)) {
      let next = 0;
      for (const part of parts) {
        expect(part.firstRow).toBe(next);
        expect(Math.max(part.codes, part.scales)).toBeLessThanOrEqual(limits.binding);
        expect(part.bytes).toBeLessThanOrEqual(limits.buffer);
        expect(part.scalesAt % 256).toBe(0);
        next += part.rows;
      }
      expect(next).toBe(rows);
    }
    for (const { gate, up, qkv } of plan.layers) {
      const rows = ({ parts }: GpuMatrix) => parts.map((part) => part.rows);
      expect(rows(gate)).toEqual(rows(up));
      expect(Math.min(gate.parts.length, qkv[0]!.parts.length)).toBeGreaterThan(1);
      for (const { firstRow } of qkv[0]!.parts) expect(firstRow % 24).toBe(0);
    }
  });

  it('are read in slices that hold every row once and are no larger than asked', () => {
    const plan = planOf(file, { limits, context: 64 });
    for (const matrix of matricesOf(plan)) {
      const slices = slicesOf(matrix, 1000, 8000);
      expect(slices.length).toBeGreaterThan(matrix.parts.length);
      const rows = matrix.parts.map(() => 0);
      for (const { part, row, rows: count, length, interleave, ...slice } of slices) {
        expect(row).toBe(rows[part]);
        expect(length).toBeLessThanOrEqual(8000);
        expect(row % (interleave || 2)).toBe(0);
        rows[part]! += count;
        const source = matrix.sources.find(({ tensor }) => tensor.tensor.name === slice.name)!;
        const inSource = matrix.parts[part]!.firstRow + row - source.firstRow;
        const bytes = (length / count) * inSource;
        expect(slice.offset).toBe(1000 + source.tensor.tensor.offset + bytes);
      }
      expect(rows).toEqual(matrix.parts.map((part) => part.rows));
    }
  });
});

describe('a context', () => {
  let file: RandomFile;
  beforeAll(async () => {
    file = await randomFile({ type: 'Q8_0', contextTrained: 100_000 });
  });
  const fit = (asked: number, binding = PLENTY.binding) =>
    fitGpu(file.spec, file.tensors, asked, {
      ...{ cache: 'f16', chunk: 64, limits: { ...PLENTY, binding } },
    });
  function refusal(work: () => unknown): PaddockError {
    try {
      work();
    } catch (error) {
      return error as PaddockError;
    }
    throw new Error('it was not refused');
  }

  it('is 4,096 tokens when nobody asks, and what is asked for up to the trained one', () => {
    expect(fit(0).context).toBe(4096);
    expect(fit(10_000).context).toBe(10_000);
    expect(fit(200_000).context).toBe(100_000);
  });

  it('is as large as one binding of a layer’s keys lets it be, when nobody asks', () => {
    // 256 bytes a position, of keys as of angles.
    expect(fit(0, 2048 * 256).context).toBe(2048);
    expect(fit(0, 2048 * 256 - 4).context).toBe(1792);
  });

  it('that is too long is refused with the arithmetic, and one that fits is offered', () => {
    const error = refusal(() => fit(50_000, 2048 * 256));
    expect(error.code).toBe('out_of_memory');
    expect(error.detail).toMatchObject({ offered: 2048, free: 2048 * 256 });
    expect(explainInLine(error)).toBe(
      "A context of 50000 tokens needs 0.1 GB beside the weights' 0.0 GB, and the buffer “rope” takes 13 MB in one " +
        'piece, where the graphics adapter gives 1 MB: 2048 tokens fit. ' +
        'Ask for a context of at most 2,048 tokens (num_ctx).',
    );
  });

  it('does not help where a part of the model is too large: another engine may take it', () => {
    const limits = { ...PLENTY, binding: 1024 ** 2 };
    const options = { cache: 'f16', chunk: 4096, limits } as const;
    const error = refusal(() => fitGpu(file.spec, file.tensors, 0, options));
    expect(error.code).toBe('not_supported');
    expect(error.message).toContain(
      'the buffer “stream” takes 4 MB in one piece, where the graphics adapter gives 1 MB',
    );
  });

  it('does not help where rows are of no whole units', async () => {
    const uneven = await randomFile({ type: 'F16', size: { feedForward: 520 } });
    const options = { cache: 'f16', chunk: 64, limits: PLENTY } as const;
    const error = refusal(() => fitGpu(uneven.spec, uneven.tensors, 0, options));
    expect(error.code).toBe('not_supported');
    expect(error.message).toContain('the tensor “blk.0.ffn_down.weight” has 520 columns');
  });
});
