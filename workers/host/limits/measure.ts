/** What this browser gives a model, found by asking for it. */
import { adapterName, isSoftware } from '#core/adapter-name';
import type { MeasuredLimits, MeasureMethods } from '#core/methods';
import type { AdapterLimits } from '#core/paddock-api';
import { askAdapter, whatWentWrong } from '#core/ask-adapter';
import { adapterWins } from './contest/contest';

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
export async function measure({
  slow,
}: MeasureMethods['measure']['params']): Promise<MeasuredLimits> {
  const isolated = globalThis.crossOriginIsolated;
  const { deviceMemory = null } = navigator as { deviceMemory?: number };
  const threads = isolated ? navigator.hardwareConcurrency : 1;
  const failed: MeasuredLimits['failed'] = {};
  return {
    limits: {
      threads,
      isolated,
      adapter: await adapter(),
      memory32: largestMemory((bytes) => {
        const pages = bytes / PAGE;
        new WebAssembly.Memory({ initial: pages, maximum: pages, shared: isolated });
      }),
      // The browser counts in GiB, and rounds.
      device_memory: deviceMemory === null ? null : deviceMemory * 1024 * MIB,
    },
    failed,
  };

  async function adapter(): Promise<AdapterLimits | null> {
    const asked = await askAdapter();
    if (!asked.adapter) {
      if (asked.error) failed.adapter = asked.error;
      return null;
    }
    const { info, features, limits } = asked.adapter;
    const software = isSoftware(info);
    return {
      name: adapterName(info),
      f16: features.has('shader-f16'),
      software,
      slow: software && (slow ?? (await isSlow())),
      max_buffer: limits.maxBufferSize,
      max_binding: limits.maxStorageBufferBindingSize,
      workgroup_storage: limits.maxComputeWorkgroupStorageSize,
      storage_buffers: limits.maxStorageBuffersPerShaderStage,
    };
  }

  async function isSlow(): Promise<boolean> {
    try {
      return !(await adapterWins(threads));
    } catch (error) {
      failed.contest = whatWentWrong(error);
      return true;
    }
  }
}
