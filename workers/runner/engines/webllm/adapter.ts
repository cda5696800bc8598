/** Whether this browser's adapter can run a model, before a device is asked for. */
import { adapterName } from '#core/adapter-name';
import { LEAST_BUFFER, SMALL_BINDING, STORAGE_BUFFERS, WORKGROUP_STORAGE } from '#core/mlc/adapter';
import { anyAdapter, noGpu } from '../ask-gpu';

/** What web-llm asks every adapter for. */
const LIMITS = {
  maxComputeWorkgroupStorageSize: WORKGROUP_STORAGE,
  maxStorageBuffersPerShaderStage: STORAGE_BUFFERS,
  maxBufferSize: LEAST_BUFFER,
  maxStorageBufferBindingSize: SMALL_BINDING,
} as const;

export interface Needs {
  f16: boolean;
  /** Bytes of the largest tensor. */
  largest: number;
}

/** The adapter's name. @throws PaddockError `no_gpu` (detail: missing, needed?, given?, silent?) */
export async function requireAdapter({ f16, largest }: Needs): Promise<string> {
  const adapter = await anyAdapter();
  if (f16 && !adapter.features.has('shader-f16')) throw noGpu('shader-f16');
  const needed = {
    ...LIMITS,
    maxBufferSize: Math.max(LIMITS.maxBufferSize, largest),
    maxStorageBufferBindingSize: Math.max(LIMITS.maxStorageBufferBindingSize, largest),
  };
  for (const name of Object.keys(needed) as (keyof typeof needed)[]) {
    const given = adapter.limits[name];
    if (given < needed[name]) throw noGpu(name, { needed: needed[name], given });
  }
  return adapterName(adapter.info);
}
