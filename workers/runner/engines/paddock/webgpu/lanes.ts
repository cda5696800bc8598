/** Whether a subgroup's lanes are consecutive invocations: WGSL does not promise it, and kernels that share rows need it. */

const INVOCATIONS = 128;

/** What browsers tell that do not know an adapter's smallest subgroup, or keep it to themselves: WebGPU's default. */
const UNTOLD = 4;
/** The smallest subgroup of the adapters on which it differs from shader to shader. */
const VARYING = 8;

const CODE = /* wgsl */ `enable subgroups;

@group(0) @binding(0) var<storage, read_write> seen: array<vec2u>;

@compute @workgroup_size(${INVOCATIONS})
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(subgroup_invocation_id) lane: u32,
  @builtin(subgroup_size) size: u32,
) {
  let neighbour = subgroupShuffleXor(local, 1u);
  let consecutive = local % size == lane && neighbour == (local ^ 1u);
  seen[local] = vec2u(size, select(0u, 1u, consecutive));
}`;

/**
 * The smallest number of lanes that a subgroup may have; 0: they are not consecutive, or the shader fails.
 * @param least what the adapter tells of it, if it does
 */
export async function probeLanes(device: GPUDevice, least: number | undefined): Promise<number> {
  device.pushErrorScope('validation');
  const seen = await run(device).catch(() => undefined); // then they are not used
  const error = await device.popErrorScope();
  if (!seen || error) return 0;
  const sizes = seen.filter((_, at) => at % 2 === 0);
  const consecutive = seen.every((value, at) => at % 2 === 0 || value === 1);
  const size = smallestSubgroup(Math.min(...sizes), least);
  return consecutive && size > 1 ? size : 0;
}

/**
 * @param seen lanes of a shader's subgroups
 * @param told as `probeLanes` has it; a 4 says something only where it was seen
 */
export function smallestSubgroup(seen: number, told = UNTOLD): number {
  return Math.min(seen, told > UNTOLD ? told : VARYING);
}

async function run(device: GPUDevice): Promise<Uint32Array> {
  const size = INVOCATIONS * 8;
  const module = device.createShaderModule({ label: 'lanes', code: CODE });
  const pipeline = await device.createComputePipelineAsync({
    label: 'lanes',
    layout: 'auto',
    compute: { module, entryPoint: 'main' },
  });
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const buffer = device.createBuffer({ label: 'lanes', size, usage: STORAGE | COPY_SRC });
  const read = device.createBuffer({ label: 'lanes', size, usage: MAP_READ | COPY_DST });
  try {
    const group = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer } }],
    });
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(1);
    pass.end();
    encoder.copyBufferToBuffer(buffer, 0, read, 0, size);
    device.queue.submit([encoder.finish()]);
    await read.mapAsync(GPUMapMode.READ);
    return new Uint32Array(read.getMappedRange()).slice();
  } finally {
    buffer.destroy();
    read.destroy();
  }
}
