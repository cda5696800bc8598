/** What this browser gives a model, found by asking for it. */
import { adapterName } from '#core/adapter-name';
import type { DeviceLimits } from '#core/paddock-api';

export type Measured = Omit<DeviceLimits, 'free_storage'>;

/** Bytes of a page of WebAssembly memory. */
const PAGE = 65_536;
const MIB = 1024 * 1024;
/** What 32-bit addresses reach. */
const MOST = 4096 * MIB;
const STEP = 256 * MIB;

/**
 * The largest memory, in bytes, that `reserve` does not throw at, to 256 MiB below; 0: none. Downwards, so that one
 * is reserved and not a dozen: what a browser reserved comes back with the worker's end, not before.
 */
export function largestMemory(reserve: (bytes: number) => void): number {
  for (let bytes = MOST; bytes > 0; bytes -= STEP) {
    try {
      reserve(bytes);
      return bytes;
    } catch {
      // refused: the next one is smaller
    }
  }
  return 0;
}

/** In a worker of its own: it keeps what it reserves until it ends. */
export async function measure(): Promise<Measured> {
  const isolated = globalThis.crossOriginIsolated;
  const { deviceMemory = null } = navigator as { deviceMemory?: number };
  return {
    threads: isolated ? navigator.hardwareConcurrency : 1,
    isolated,
    memory32: largestMemory((bytes) => {
      const pages = bytes / PAGE;
      new WebAssembly.Memory({ initial: pages, maximum: pages, shared: isolated });
    }),
    // The browser counts in GiB, and rounds.
    device_memory: deviceMemory === null ? null : deviceMemory * 1024 * MIB,
    adapter: await adapter(),
  };
}

async function adapter(): Promise<DeviceLimits['adapter']> {
  // WorkerNavigator has `gpu` only where the browser has WebGPU.
  const found = await (navigator as { gpu?: GPU }).gpu?.requestAdapter({
    powerPreference: 'high-performance',
  });
  if (!found) return null;
  const { info, features, limits } = found;
  const software = info.isFallbackAdapter || info.architecture === 'swiftshader';
  return {
    name: adapterName(info),
    f16: features.has('shader-f16'),
    software,
    slow: software,
    max_buffer: limits.maxBufferSize,
    max_binding: limits.maxStorageBufferBindingSize,
    workgroup_storage: limits.maxComputeWorkgroupStorageSize,
    storage_buffers: limits.maxStorageBuffersPerShaderStage,
  };
}
