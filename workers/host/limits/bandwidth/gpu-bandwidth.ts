/** How fast the graphics adapter reads its memory, and copies it. */
import { adapterName, isSoftware } from '#core/adapter-name';
import { askAdapter } from '#core/ask-adapter';
import type { Bandwidth } from '#core/bench/run';

const MIB = 1024 * 1024;
/** Bytes of each of two buffers: more than graphics caches hold; and for one that the processor plays. */
const SIZE = 256 * MIB;
const SOFTWARE_SIZE = 64 * MIB;
/** Invocations of a workgroup, and in all; each reads 16 bytes at a time, next to its neighbours'. */
const GROUP = 256;
const INVOCATIONS = 65_536;
/** Milliseconds of a turn: long beside what lies between submit and done. */
const LONG_ENOUGH = 80;
const TURNS = 3;

const SHADER = `
@group(0) @binding(0) var<storage, read_write> memory: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> sums: array<u32>;

@compute @workgroup_size(${GROUP})
fn fill(@builtin(global_invocation_id) id: vec3u) {
  for (var at = id.x; at < arrayLength(&memory); at += ${INVOCATIONS}u) {
    memory[at] = vec4u(at, at * 2654435761u, at * 2246822519u, at * 3266489917u);
  }
}

@compute @workgroup_size(${GROUP})
fn read(@builtin(global_invocation_id) id: vec3u) {
  var sum = vec4u();
  for (var at = id.x; at < arrayLength(&memory); at += ${INVOCATIONS}u) {
    sum += memory[at];
  }
  sums[id.x] = sum.x + sum.y + sum.z + sum.w;
}`;

/** A copy counts twice: each byte is read and written. Null without an adapter. @throws when it, or its device, fails */
export async function gpuBandwidth(): Promise<Bandwidth['gpu']> {
  const { adapter } = await askAdapter();
  if (!adapter) return null;
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const wanted = isSoftware(adapter.info) ? SOFTWARE_SIZE : SIZE;
  const size = Math.min(wanted, maxBufferSize, maxStorageBufferBindingSize);
  const device = await adapter.requestDevice({
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
  });
  try {
    device.pushErrorScope('out-of-memory');
    device.pushErrorScope('validation');
    const { read, copy } = await prepare(device, size);
    const found = { read: size * (await best(read)), copy: 2 * size * (await best(copy)) };
    const error = (await device.popErrorScope()) ?? (await device.popErrorScope());
    if (error) throw new Error(error.message);
    return { adapter: adapterName(adapter.info), ...found };
  } finally {
    device.destroy();
  }
}

/** Does it so many times, and tells the milliseconds. */
type Work = (times: number) => Promise<number>;

/** Times a second, of the best turn. */
async function best(work: Work): Promise<number> {
  let times = 1;
  let ms = await work(times);
  while (ms < LONG_ENOUGH) ms = await work((times *= 2));
  let most = times / ms;
  for (let turn = 1; turn < TURNS; turn++) most = Math.max(most, times / (await work(times)));
  return 1000 * most;
}

async function prepare(device: GPUDevice, size: number): Promise<{ read: Work; copy: Work }> {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const [memory, other] = [size, size].map((size) => device.createBuffer({ size, usage }));
  const sums = device.createBuffer({ size: 4 * INVOCATIONS, usage: GPUBufferUsage.STORAGE });
  const module = device.createShaderModule({ code: SHADER });
  const dispatcher = async (entryPoint: string) => {
    const pipeline = await device.createComputePipelineAsync({
      layout: layoutOf(device),
      compute: { module, entryPoint },
    });
    const entries = [memory!, sums].map((buffer, binding) => ({ binding, resource: { buffer } }));
    const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
    return (encoder: GPUCommandEncoder) => {
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(INVOCATIONS / GROUP);
      pass.end();
    };
  };
  const work = (once: (encoder: GPUCommandEncoder) => void): Work => {
    return async (times) => {
      const begun = performance.now();
      const encoder = device.createCommandEncoder();
      for (let n = 0; n < times; n++) once(encoder);
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
      return performance.now() - begun;
    };
  };
  await work(await dispatcher('fill'))(1);
  const read = work(await dispatcher('read'));
  const copy = work((encoder) => encoder.copyBufferToBuffer(memory!, 0, other!, 0, size));
  await read(1);
  await copy(1);
  return { read, copy };
}

/** Both entry points' own: each alone uses one buffer or two, and a layout made for it would differ. */
function layoutOf(device: GPUDevice): GPUPipelineLayout {
  const entries = [0, 1].map((binding) => ({
    binding,
    visibility: GPUShaderStage.COMPUTE,
    buffer: { type: 'storage' as const },
  }));
  const bindGroupLayouts = [device.createBindGroupLayout({ entries })];
  return device.createPipelineLayout({ bindGroupLayouts });
}
