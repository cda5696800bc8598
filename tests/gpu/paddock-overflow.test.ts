/** An adapter that says only in the middle of a load that it has no memory for what was claimed. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { load, startEngine, tinyModel, type GpuEngine } from './paddock-engine';

const model = () => new Blob([tinyModel({ type: 'Q8_0', seed: 31, contextTrained: 2048 })]);
const work = () => engine.caller.call('work', null).result;

let engine: GpuEngine;
beforeEach(() => {
  engine = startEngine('empty shaders');
});
afterEach(() => engine.end());

it('gets half of a context that nobody asked for', async () => {
  const info = await load(engine, model(), { overflows: 1 });
  expect(info).toMatchObject({ backend: 'webgpu', contextLength: 1024, contextTrained: 2048 });
  expect(await work()).toMatchObject({ opened: 2, devices: 1 });
  expect(await engine.caller.call('deaths', null).result).toEqual([]);
});

it('is asked no third time, and nothing is left', async () => {
  const loading = load(engine, model(), { overflows: 2 });
  await expect(loading).rejects.toMatchObject({
    code: 'out_of_memory',
    detail: { weights: expect.any(Number) as number, cache: expect.any(Number) as number },
  });
  await expect(loading).rejects.not.toHaveProperty('detail.offered');
  expect(await work()).toMatchObject({ opened: 2, devices: 0, buffers: 0 });
});

it('is not asked again for a context that somebody asked for, and half of it is offered', async () => {
  const loading = load(engine, model(), { overflows: 1, options: { num_ctx: 1536 } });
  await expect(loading).rejects.toMatchObject({ code: 'out_of_memory', detail: { offered: 768 } });
  expect(await work()).toMatchObject({ opened: 1, devices: 0, buffers: 0 });
});
