/** The probe on a real device: it ends, and what it chooses are ways that the kernels know. */
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { attendVariants } from '../../workers/runner/engines/paddock/kernels/webgpu/attention/attend';
import { chunkVariants } from '../../workers/runner/engines/paddock/kernels/webgpu/attention/attend-chunk';
import {
  matmulVariants,
  matvecVariants,
  type Product,
} from '../../workers/runner/engines/paddock/kernels/webgpu/products';
import { buildPrograms } from '../../workers/runner/engines/paddock/webgpu/build';
import type { Building } from '../../workers/runner/engines/paddock/webgpu/building';
import { KernelSet } from '../../workers/runner/engines/paddock/webgpu/kernel-set';
import { contestsOf } from '../../workers/runner/engines/paddock/webgpu/tune/contests';
import { tune } from '../../workers/runner/engines/paddock/webgpu/tune/tune';
import { productKey, type Variants } from '../../workers/runner/engines/paddock/webgpu/variants';
import { buildingOf } from '../fixtures/gpu-building';
import { loadRandom } from '../fixtures/gpu-load';
import { emptyShaders } from '../fixtures/gpu-shaders';
import { randomFile } from '../fixtures/random-file';
import { complete, load, startEngine, tinyModel } from './paddock-engine';

const signal = new AbortController().signal;
let gpu: Awaited<ReturnType<typeof loadRandom>>['device'];
let building: Building;
beforeAll(async () => {
  const size = { hidden: 64, feedForward: 128, heads: 4, keyValueHeads: 2, headSize: 32 };
  const loaded = await loadRandom(await randomFile({ type: 'Q4_0', size }), { context: 512 });
  gpu = loaded.device;
  ({ building } = await buildingOf(gpu, loaded.weights));
  await buildPrograms(building);
});
afterAll(() => gpu.close());

it('ends, and chooses ways that there are', async () => {
  const chosen = await tune({ gpu, building, chunk: 64, signal });
  expect(waysNotKnown(chosen, building)).toEqual([]);
});

it('leaves the defaults by a clock to which all are alike, and ends by it', async () => {
  let now = 0;
  const watch = { now: () => (now += 5) };
  expect(await tune({ gpu, building, chunk: 64, signal, watch })).toEqual({});
  expect(now).toBeGreaterThan(400);
  expect(now).toBeLessThan(1000);
});

it('times in each way as many dispatches, and some', async () => {
  onTestFinished(emptyShaders());
  const contests = contestsOf(building, 64);
  const { products } = building.kernels;
  expect(contests).toHaveLength(products.matvecs.length + products.matmuls.length + 2);
  // One of a token, one of a prompt.
  for (const { ways, dispatches } of contests.slice(0, 2)) {
    const counts = ways.map(async (way) => {
      const kernels = new KernelSet(building.kernels.pipelines, gpu.features, way);
      return (await dispatches({ ...building, kernels })).length;
    });
    const [first, ...others] = await Promise.all(counts);
    expect(first).toBeGreaterThan(0);
    for (const count of others) expect(count).toBe(first);
  }
});

it('stops with the load', async () => {
  const stopped = tune({ gpu, building, chunk: 64, signal: AbortSignal.abort() });
  await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
});

it('is done at a model’s first load alone, as is the comparison; damaged notes are as none', async () => {
  const engine = startEngine('one device');
  const weights = new Blob([tinyModel({ type: 'Q8_0' })]);
  const settings = { tune: true, check: true };
  await load(engine, weights, { settings, options: { num_ctx: 256 } });
  const notes = await engine.caller.call('notes', null).result;
  const kinds = notes.map(({ key }) => key.split(' ')[0]!).sort();
  expect(kinds).toEqual(['trust', 'tune']);
  const { ids } = await complete(engine, [5, 6, 7], { num_predict: 4, temperature: 0 });

  // What is found again takes the place of what was there.
  const marked = notes.map(({ key, value }) => ({
    key,
    value: Array.isArray(value)
      ? [...(value as unknown[]), 'marked']
      : { ...(value as object), marked: true },
  }));
  await load(engine, weights, { settings, notes: marked, options: { num_ctx: 256 } });
  expect(await engine.caller.call('notes', null).result).toEqual(marked);
  const again = await complete(engine, [5, 6, 7], { num_predict: 4, temperature: 0 });
  expect(again.ids).toEqual(ids);

  const damaged = notes.map(({ key }) => ({ key, value: { browser: 7, variants: 'x' } }));
  await load(engine, weights, { settings, notes: damaged, options: { num_ctx: 256 } });
  const mended = await engine.caller.call('notes', null).result;
  expect(mended.map(({ key }) => key)).toEqual(notes.map(({ key }) => key));
  for (const { value } of mended) expect(value).not.toMatchObject({ browser: 7 });
  engine.end();
});

/** Choices that are none of the kernels' own. */
function waysNotKnown(chosen: Variants, { kernels, attention }: Building): unknown[] {
  const { products, features } = kernels;
  const unknown: unknown[] = [];
  const look = (way: unknown, ways: readonly unknown[]) => {
    if (way !== undefined && !ways.some((one) => JSON.stringify(one) === JSON.stringify(way))) {
      unknown.push(way);
    }
  };
  const of = (list: readonly Product[], key: string) =>
    list.find((product) => productKey(product) === key)!;
  for (const [key, way] of Object.entries(chosen.matvec ?? {})) {
    look(way, matvecVariants(of(products.matvecs, key), features));
  }
  for (const [key, way] of Object.entries(chosen.matmul ?? {})) {
    look(way, matmulVariants(of(products.matmuls, key), features));
  }
  look(chosen.attend, attendVariants(attention));
  look(chosen.attendChunk, chunkVariants(attention));
  return unknown;
}
