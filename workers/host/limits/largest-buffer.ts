/** The largest graphics buffer that can really be made: the adapter's limit promises nothing. */
import { within } from '#core/within';

/** Milliseconds for all tries. */
const TIME = 2000;
const MIB = 1024 * 1024;

/**
 * Bytes, from the adapter's limit downwards by halves; 0: not even a mebibyte. Each is freed at once.
 * @throws when the device fails or hangs
 */
export async function largestBuffer(adapter: GPUAdapter): Promise<number> {
  const { maxBufferSize } = adapter.limits;
  const opening = adapter.requestDevice({ requiredLimits: { maxBufferSize } });
  try {
    const largest = opening.then((device) => halve(device, maxBufferSize));
    return await within(TIME, largest, () => {
      throw new Error(`no answer for ${TIME / 1000} s`);
    });
  } finally {
    // One that hangs is not waited for: it ends with the worker.
    opening.then(
      (device) => device.destroy(),
      () => {},
    );
  }
}

async function halve(device: GPUDevice, most: number): Promise<number> {
  // Multiples of 4 are what storage buffers are bound by.
  for (let size = most; size >= MIB; size = Math.floor(size / 8) * 4) {
    if (await canMake(device, size)) return size;
  }
  return 0;
}

async function canMake(device: GPUDevice, size: number): Promise<boolean> {
  device.pushErrorScope('validation');
  device.pushErrorScope('out-of-memory');
  let buffer: GPUBuffer | undefined;
  try {
    buffer = device.createBuffer({ size, usage: GPUBufferUsage.STORAGE });
  } catch {
    // Chromium throws a RangeError at sizes that the browser itself cannot have
  }
  const errors = [await device.popErrorScope(), await device.popErrorScope()];
  buffer?.destroy();
  return buffer !== undefined && errors.every((error) => error === null);
}
