/** The counter that the gates rely on: each thing that is asked for once, counted once. */
import { expect, it } from 'vitest';
import { callsBetween, countGpuWork } from '../fixtures/gpu-counter';

const CODE = `@group(0) @binding(0) var<storage, read_write> out: array<u32>;
@compute @workgroup_size(1) fn main() { out[0] = 7u; }`;

it('counts each call, and the bytes that were written and read', { timeout: 30_000 }, async () => {
  const counter = countGpuWork();
  const device = await (await navigator.gpu.requestAdapter())!.requestDevice();
  const start = counter.now();
  expect(start).toMatchObject({ opened: 1, devices: 1, buffers: 0, bytes: 0 });

  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ, INDIRECT } = GPUBufferUsage;
  const out = device.createBuffer({ size: 64, usage: STORAGE | COPY_SRC | COPY_DST });
  const groups = device.createBuffer({ size: 12, usage: INDIRECT | COPY_DST });
  const read = device.createBuffer({ size: 64, usage: MAP_READ | COPY_DST });
  const module = device.createShaderModule({ code: CODE });
  const compute = { module, entryPoint: 'main' };
  const pipeline = device.createComputePipeline({ layout: 'auto', compute });
  await device.createComputePipelineAsync({ layout: 'auto', compute });
  const entries = [{ binding: 0, resource: { buffer: out } }];
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  device.queue.writeBuffer(groups, 0, Uint32Array.of(9, 1, 1, 1), 1);
  device.queue.writeBuffer(out, 0, Uint32Array.of(1, 2, 3, 4), 1, 2);
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(1);
  pass.dispatchWorkgroupsIndirect(groups, 0);
  pass.end();
  encoder.copyBufferToBuffer(out, 0, read, 0, 16);
  device.queue.submit([encoder.finish()]);
  await read.mapAsync(GPUMapMode.READ, 0, 16);
  expect([...new Uint32Array(read.getMappedRange(0, 16))]).toEqual([7, 3, 0, 0]);
  read.unmap();
  await read.mapAsync(GPUMapMode.READ, 8);
  read.unmap();
  await device.queue.onSubmittedWorkDone();

  const end = counter.now();
  expect(end).toMatchObject({ buffers: 3, bytes: 140 });
  const expected = {
    ...{ dispatches: 2, passes: 1, encoders: 1, submits: 1, copies: 1, waits: 1 },
    ...{ writes: 2, writtenBytes: 12 + 8, maps: 2, readBytes: 16 + 56 },
    ...{ buffersMade: 3, bindGroups: 1, modules: 1, pipelines: 2 },
  };
  expect(callsBetween(start, end)).toEqual(expected);
  expect(callsBetween(start, end, 2)).toMatchObject({ dispatches: 1, readBytes: 36 });

  out.destroy();
  expect(counter.now()).toMatchObject({ buffers: 2, bytes: 76, buffersMade: 3 });
  counter.lose();
  expect(counter.now()).toMatchObject({ devices: 0, buffers: 0, bytes: 0 });
});
