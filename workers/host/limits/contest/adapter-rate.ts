/** How fast a software adapter multiplies a matrix by a vector. */
import { askAdapter } from '#core/ask-adapter';
import { COLUMNS, ROWS } from './matrix';

/** Invocations of a workgroup; WebGPU promises 256. */
const GROUP = 64;

/** A row an invocation: on SwiftShader twice as fast as a column each, which is what a real adapter would want. */
const SHADER = `
@group(0) @binding(0) var<storage, read> matrix: array<vec4f>;
@group(0) @binding(1) var<storage, read> vector: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> product: array<f32>;

@compute @workgroup_size(${GROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  var sum = vec4f();
  for (var k = 0u; k < ${COLUMNS / 4}u; k++) {
    sum += matrix[id.x * ${COLUMNS / 4}u + k] * vector[k];
  }
  product[id.x] = sum.x + sum.y + sum.z + sum.w;
}`;

/** Milliseconds that a run must take to count, and after which none is begun. */
const LONG_ENOUGH = 100;

/** Multiplications a second. @throws when the adapter, or its device, fails */
export async function adapterRate(): Promise<number> {
  const { adapter } = await askAdapter();
  if (!adapter) throw new Error('the adapter went away');
  const device = await adapter.requestDevice();
  try {
    device.pushErrorScope('out-of-memory');
    device.pushErrorScope('validation');
    const run = await prepare(device);
    await run(1); // the first waits for the shader
    let ms = 0;
    let rounds = 1;
    while (ms < LONG_ENOUGH) ms = await run((rounds *= 2));
    const error = (await device.popErrorScope()) ?? (await device.popErrorScope());
    if (error) throw new Error(error.message);
    return (rounds * ROWS * COLUMNS * 1000) / ms;
  } finally {
    device.destroy();
  }
}

/** A function that makes so many products and tells their milliseconds. */
async function prepare(device: GPUDevice): Promise<(rounds: number) => Promise<number>> {
  const buffers = [ROWS * COLUMNS, COLUMNS, ROWS].map((floats) => {
    const usage = GPUBufferUsage.STORAGE;
    const buffer = device.createBuffer({ size: floats * 4, usage, mappedAtCreation: true });
    new Float32Array(buffer.getMappedRange()).fill(1);
    buffer.unmap();
    return buffer;
  });
  const compute = { module: device.createShaderModule({ code: SHADER }) };
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute });
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  return async (rounds) => {
    const started = performance.now();
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    for (let n = 0; n < rounds; n++) pass.dispatchWorkgroups(ROWS / GROUP);
    pass.end();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    return performance.now() - started;
  };
}
