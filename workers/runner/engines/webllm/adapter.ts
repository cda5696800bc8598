/** Whether this browser's adapter can run a model, before a device is asked for. */
import { adapterName } from '#core/adapter-name';
import { askAdapter } from '#core/ask-adapter';
import { PaddockError, type ErrorDetail } from '#core/errors';
import { LEAST_BUFFER, SMALL_BINDING, STORAGE_BUFFERS, WORKGROUP_STORAGE } from '#core/mlc/adapter';
import { within } from '#core/within';

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

/** Milliseconds for an adapter, and again for its device: longer than a graphics process takes to start anew. */
const PATIENCE = 30_000;

/** The adapter's name. @throws PaddockError `no_gpu` (detail: missing, needed?, given?, silent?) */
export async function requireAdapter({ f16, largest }: Needs): Promise<string> {
  const asked = await askAdapter(PATIENCE);
  if (!asked.adapter) throw noGpu('adapter', asked.missing === 'refused' ? { silent: true } : {});
  const { adapter } = asked;
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

/** What was asked of the browser's graphics, which may never answer. @throws PaddockError `no_gpu` (detail: silent) */
export function answered<T>(asked: Promise<T>): Promise<T> {
  return within(PATIENCE, asked, () => {
    throw noGpu('adapter', { silent: true });
  });
}

export function noGpu(missing: string, more: ErrorDetail = {}): PaddockError {
  const detail = { missing, ...more };
  return new PaddockError('no_gpu', `The graphics adapter lacks: ${missing}.`, detail);
}
