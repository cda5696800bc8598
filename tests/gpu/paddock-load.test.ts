/** Models brought to the adapter: every byte where the kernels look for it, and nothing left of a load that fails. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PaddockError } from '#core/errors';
import { TURN } from '../../workers/runner/engines/paddock/generate/turn';
import { interleaveRows } from '../../workers/runner/engines/paddock/load/interleave';
import { openDevice, type GpuDevice } from '../../workers/runner/engines/paddock/webgpu/device';
import { matricesOf } from '../../workers/runner/engines/paddock/webgpu/plan';
import type { GpuMatrix, Source } from '../../workers/runner/engines/paddock/webgpu/parts';
import { formOf } from '../../workers/runner/engines/paddock/kernels/webgpu/forms';
import type { GpuWeights } from '../../workers/runner/engines/paddock/webgpu/weights';
import { bytesOf } from '../fixtures/gguf-builder';
import { countGpuWork } from '../fixtures/gpu-counter';
import { loadRandom, readBack } from '../fixtures/gpu-load';
import { randomFile, type RandomFile } from '../fixtures/random-file';
import type { WeightType } from '../fixtures/random-model/blocks';
import type { ModelOptions } from '../fixtures/random-model/options';

const counter = countGpuWork();
const signal = new AbortController().signal;
const NOTHING = { devices: 0, buffers: 0, bytes: 0 };

let open: GpuDevice | undefined;
afterEach(() => {
  open?.close();
  open = undefined;
  vi.restoreAllMocks();
  expect(counter.now()).toMatchObject(NOTHING);
});

async function load(options: ModelOptions, more?: Parameters<typeof loadRandom>[1]) {
  const file = await randomFile(options);
  const loaded = await loadRandom(file, more);
  open = loaded.device;
  return { file, ...loaded };
}

/** A read that takes longer than a load goes on without a turn. */
function readSlowly(): void {
  const end = performance.now() + TURN + 1;
  while (performance.now() < end);
}

function failure(work: Promise<unknown>): Promise<PaddockError> {
  return work.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: PaddockError) => error,
  );
}

/** The rows of a source as its heads turn on the adapter. */
function rowsOf({ tensor: matrix, interleave }: Source, { bytes, header }: RandomFile): Uint8Array {
  const { codeBytes, scaleBytes, block } = formOf(matrix.type);
  const row = (matrix.columns / block) * (codeBytes + scaleBytes);
  const start = header.dataOffset + matrix.tensor.offset;
  const rows = bytes.slice(start, start + matrix.rows * row);
  if (interleave === 0) return rows;
  const turned = new Uint8Array(rows.length);
  interleaveRows(rows, turned, row, interleave);
  return turned;
}

/** The whole matrix in planes, cut in one go. */
function planesOf(matrix: GpuMatrix, file: RandomFile): { codes: Uint8Array; scales: Uint8Array } {
  const { codeBytes, scaleBytes, block, split } = formOf(matrix.type);
  const blocks = (matrix.rows * matrix.columns) / block;
  const codes = new Uint8Array(blocks * codeBytes);
  const scales = new Uint8Array(blocks * scaleBytes);
  split(bytesOf(...matrix.sources.map((source) => rowsOf(source, file))), codes, scales);
  return { codes, scales };
}

async function planeOf(
  device: GpuDevice,
  weights: GpuWeights,
  matrix: GpuMatrix,
  plane: 'codes' | 'scales',
): Promise<Uint8Array> {
  const planes: Uint8Array[] = [];
  for (const part of weights.parts(matrix)) {
    const bound = part[plane];
    if (bound) planes.push(await readBack(device, bound));
  }
  return bytesOf(...planes);
}

async function expectSame(device: GpuDevice, weights: GpuWeights, file: RandomFile): Promise<void> {
  for (const matrix of matricesOf(weights.plan)) {
    const { codes, scales } = planesOf(matrix, file);
    const loaded = await planeOf(device, weights, matrix, 'codes');
    expect(firstDifference(loaded, codes), `codes of ${matrix.name}`).toBe(-1);
    const loadedScales = await planeOf(device, weights, matrix, 'scales');
    const padded = new Uint8Array(loadedScales.length);
    padded.set(scales);
    expect(firstDifference(loadedScales, padded), `scales of ${matrix.name}`).toBe(-1);
  }
}

/** Where they differ first; -1: nowhere. */
function firstDifference(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 && a.length !== b.length ? Math.min(a.length, b.length) : at;
}

const TYPES: WeightType[] = ['Q4_0', 'Q4_1', 'Q5_0', 'Q5_1', 'Q8_0', 'Q4_K', 'Q5_K', 'Q6_K'];

describe('a load', () => {
  it.each(['F32', 'F16', 'BF16', ...TYPES] as WeightType[])(
    'brings every byte of %s to its place',
    async (type) => {
      const { device, weights, file } = await load({ type, tied: true });
      await expectSame(device, weights, file);
    },
  );

  it('of several types, of rows and biases that are interleaved, and of parts', async () => {
    const type = (name: string): WeightType => (/attn_v|ffn_up/.test(name) ? 'Q6_K' : 'Q4_0');
    const limits = { binding: 20_000, buffer: 24_000 };
    const { device, weights, file } = await load(
      { architecture: 'qwen2', type },
      { limits, context: 16, chunk: 4 },
    );
    const [layer] = weights.plan.layers;
    expect(layer!.qkv.map(({ parts }) => parts.length)).toEqual([3, 2]);
    const rows = ({ parts }: GpuMatrix) => parts.map((part) => part.rows);
    expect(rows(layer!.gate)).toEqual(rows(layer!.up));
    expect(layer!.gate.parts.length).toBeGreaterThan(2);
    await expectSame(device, weights, file);
  });

  it('puts biases one behind the other, turned as the rows are', async () => {
    const { device, weights, file } = await load({ architecture: 'qwen2', type: 'Q8_0' });
    const { queryBias, keyBias, valueBias } = file.tensors.layers[1]!;
    const expected = [
      ...turned(file, queryBias!.tensor.offset, 256),
      ...turned(file, keyBias!.tensor.offset, 128),
      ...floats(file, valueBias!.tensor.offset, 128),
    ];
    const bound = weights.vector(weights.plan.layers[1]!.qkvBias!);
    expect(floatsOf(await readBack(device, bound))).toEqual(expected);
    const norm = weights.vector(weights.plan.vectors.outputNorm);
    const { tensor, length } = file.tensors.outputNorm;
    expect(floatsOf(await readBack(device, norm))).toEqual(floats(file, tensor.offset, length));
  });

  it('puts the norms of heads one behind the other, and the angles of every position', async () => {
    const { device, weights, file } = await load(
      { architecture: 'qwen3', type: 'Q8_0', ropeBase: 5000 },
      { context: 700 },
    );
    const { queryNorm, keyNorm } = file.tensors.layers[0]!;
    const bound = weights.vector(weights.plan.layers[0]!.headNorms!);
    expect(floatsOf(await readBack(device, bound))).toEqual([
      ...turned(file, queryNorm!.tensor.offset, 128),
      ...turned(file, keyNorm!.tensor.offset, 128),
    ]);
    const table = floatsOf(await readBack(device, weights.buffers.rope));
    expect(table).toHaveLength(700 * 64 * 2);
    for (const [position, pair] of [
      [0, 0],
      [1, 63],
      [300, 5],
      [699, 1],
    ] as const) {
      const angle = position * 5000 ** ((-2 * pair) / 128);
      const at = 2 * (64 * position + pair);
      expect(table[at]).toBe(Math.fround(Math.cos(angle)));
      expect(table[at + 1]).toBe(Math.fround(Math.sin(angle)));
    }
  });

  it('tells how far it is, and takes the memory that was planned', async () => {
    const seen: [number, number][] = [];
    const { weights } = await load(
      { type: 'Q8_0' },
      { onProgress: (bytes, total) => void seen.push([bytes, total]) },
    );
    const [first, last] = [seen[0]!, seen.at(-1)!];
    expect(first[0]).toBe(0);
    expect(last[0]).toBe(last[1]);
    expect(seen.map(([bytes]) => bytes)).toEqual(
      seen.map(([bytes]) => bytes).toSorted((a, b) => a - b),
    );
    expect(counter.now().bytes).toBe(weights.plan.bytes);
  });
});

describe('a load that ends early leaves nothing', () => {
  const options: ModelOptions = { type: 'Q8_0' };

  it('when it is cancelled', async () => {
    const controller = new AbortController();
    let reads = 0;
    const onRead = () => {
      if (++reads === 3) controller.abort();
    };
    const error = await failure(load(options, { onRead, signal: controller.signal }));
    expect(error.code).toBe('aborted');
    expect(reads).toBe(3);
    expect(counter.now()).toMatchObject(NOTHING);
  });

  it('when the device is lost', async () => {
    let reads = 0;
    // The browser tells of a loss in a turn of the event loop, and a load takes none while reads are quick.
    const onRead = () => {
      if (++reads === 3) counter.lose();
      if (reads >= 3) readSlowly();
    };
    const error = await failure(load(options, { onRead }));
    expect(error.code).toBe('device_lost');
    expect(counter.now()).toMatchObject(NOTHING);
  });

  it('when a value is no number', async () => {
    const error = await failure(load({ ...options, fault: 'nan' }));
    expect(error).toMatchObject({
      code: 'model_unreadable',
      detail: { tensor: 'blk.1.ffn_up.weight' },
    });
    expect(counter.now()).toMatchObject(NOTHING);
  });

  it('when there is no memory for the weights', async () => {
    const error = await failure(load(options, { onDevice: () => counter.exhaust() }));
    expect(error.code).toBe('out_of_memory');
    const { needed, weights, cache } = error.detail as Record<string, number>;
    expect(weights).toBeGreaterThan(1_000_000);
    expect(needed).toBeGreaterThan(weights! + cache!);
    expect(counter.now()).toMatchObject(NOTHING);
  });

  /** The caches and all that is made with them find none. */
  const fullFor = (times: number) => (device: GpuDevice) => {
    const allocate = device.allocateAll.bind(device);
    let calls = 0;
    vi.spyOn(device, 'allocateAll').mockImplementation((wanted) => {
      if (++calls > 2 && calls <= 2 + times) counter.exhaust();
      return allocate(wanted);
    });
  };

  it('when there is none for the context that was asked for', async () => {
    const error = await failure(load(options, { context: 2000, onDevice: fullFor(1) }));
    expect(error).toMatchObject({ code: 'out_of_memory', detail: { offered: 768 } });
    expect(error.message).toMatch(/context of 2000 tokens 2 MB, more than the graphics adapter/);
    expect(counter.now()).toMatchObject(NOTHING);
  });

  it('but takes a smaller context where nobody asked for one', async () => {
    const { weights } = await load(options, { onDevice: fullFor(2) });
    expect(weights.plan.context).toBe(512);
    expect(weights.caches[1]!.keys.size).toBe(512 * 2 * 64 * 2);
    expect(counter.now().bytes).toBe(weights.plan.bytes);
  });
});

describe('a device', () => {
  it('tells what kernels may use, and leaves out what is not wanted', async () => {
    open = await openDevice({ signal });
    const adapter = (await navigator.gpu.requestAdapter())!;
    expect(open.features.f16).toBe(adapter.features.has('shader-f16'));
    if (adapter.features.has('subgroups')) expect(open.features.subgroup).toBeGreaterThan(1);
    expect(open.device.features.has('timestamp-query')).toBe(false);
    expect(open.limits.buffer).toBe(adapter.limits.maxBufferSize);
    const { key } = open;
    open.close();
    open = await openDevice({ signal });
    expect(open.key).toBe(key);
    open.close();
    open = await openDevice({ signal, without: ['shader-f16', 'subgroups', 'dot8'] });
    expect(open.features).toEqual({ f16: false, subgroup: 0, dot8: false });
    expect(open.device.features.has('subgroups')).toBe(false);
    expect(open.key).not.toBe(key);
  });

  it('that reports an error which nobody awaits ends with it', async () => {
    open = await openDevice({ signal });
    open.device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
    void open.device.queue.onSubmittedWorkDone(); // Chromium asks the adapter for errors when it asks it for something
    const error = await open.lost;
    expect(error).toMatchObject({
      code: 'engine_failed',
      message: expect.stringContaining('MapRead') as string,
    });
    expect(() => open!.check()).toThrow(error);
    await expect(open.until(new Promise(() => {}))).rejects.toBe(error);
    expect(await failure(open.allocate(4, GPUBufferUsage.STORAGE, 'late'))).toBe(error);
  });

  it('that is closed was not lost', async () => {
    const device = await openDevice({ signal });
    device.close();
    await device.device.lost;
    device.check();
  });
});

function floats({ bytes, header }: RandomFile, offset: number, count: number): number[] {
  const start = header.dataOffset + offset;
  return floatsOf(bytes.slice(start, start + 4 * count));
}

/** Heads whose halves are interleaved: value i of the first beside value i of the second. */
function turned(file: RandomFile, offset: number, count: number): number[] {
  const values = floats(file, offset, count);
  const { headSize } = file.spec;
  return values.map((_, at) => {
    const head = at - (at % headSize);
    const column = at % headSize;
    return values[head + (column >> 1) + (column % 2) * (headSize / 2)]!;
  });
}

function floatsOf(bytes: Uint8Array): number[] {
  return [...new Float32Array(bytes.buffer)];
}
