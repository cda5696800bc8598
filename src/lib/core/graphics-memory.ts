/** How much memory a graphics adapter has, which no browser tells. */
import { DEVICE_CAP } from '#core/fit';
import type { DeviceLimits } from '#core/paddock-api';

/**
 * Bytes that are counted as there, and that may be there. Many adapters share the device's memory: half of it is
 * counted; where not even that is told, half of what could be reserved.
 */
export function graphicsMemory({
  memory32,
  device_memory: device,
}: Pick<DeviceLimits, 'memory32' | 'device_memory'>): { certain: number; possible: number } {
  return {
    certain: device === null ? memory32 / 2 : Math.min(device, DEVICE_CAP) / 2,
    possible: device === null || device >= DEVICE_CAP ? Infinity : device,
  };
}
