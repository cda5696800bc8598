/** Keys and values out of the cache and back, from buffer to buffer on the device. */
import type { CacheSnapshot } from '../decoder';
import { prefixBytes, prefixRanges } from '../kernels/webgpu/attention/prefix';
import type { AttentionShape } from '../kernels/webgpu/attention/shape';
import type { GpuWeights } from './weights';

export class GpuSnapshot implements CacheSnapshot {
  readonly told: Promise<void>;
  #gone = false;

  constructor(
    readonly length: number,
    readonly bytes: number,
    /** [layers][keys, values][kv heads] */
    readonly buffer: GPUBuffer,
    outOfMemory: Promise<GPUError | null>,
  ) {
    const tell = (error: unknown) => void (this.#gone ||= error !== null);
    this.told = outOfMemory.then(tell, tell);
  }

  get gone(): boolean {
    return this.#gone;
  }

  release(): void {
    this.#gone = true;
    this.buffer.destroy();
  }
}

export class CacheCopies {
  readonly #device: GPUDevice;
  readonly #caches: GpuWeights['caches'];
  readonly #shape: AttentionShape;

  constructor(device: GPUDevice, caches: GpuWeights['caches'], shape: AttentionShape) {
    this.#device = device;
    this.#caches = caches;
    this.#shape = shape;
  }

  save(length: number): GpuSnapshot {
    const device = this.#device;
    const bytes = this.#caches.length * prefixBytes(this.#shape, length);
    // Where there is no memory for it, the copies into it are errors of the same scopes.
    device.pushErrorScope('validation');
    device.pushErrorScope('out-of-memory');
    const { COPY_DST, COPY_SRC } = GPUBufferUsage;
    const buffer = device.createBuffer({
      ...{ label: `prefix of ${length} tokens`, size: bytes, usage: COPY_DST | COPY_SRC },
    });
    this.#copy(length, (encoder, cache, offset, at, size) =>
      encoder.copyBufferToBuffer(cache, offset, buffer, at, size),
    );
    const errors = [device.popErrorScope(), device.popErrorScope()];
    const first = Promise.all(errors).then((all) => all.find((error) => error !== null) ?? null);
    return new GpuSnapshot(length, bytes, buffer, first);
  }

  restore({ length, buffer }: GpuSnapshot): void {
    this.#copy(length, (encoder, cache, offset, at, size) =>
      encoder.copyBufferToBuffer(buffer, at, cache, offset, size),
    );
  }

  #copy(length: number, copy: Copy): void {
    const encoder = this.#device.createCommandEncoder();
    const ranges = prefixRanges(this.#shape, length);
    let at = 0;
    for (const cache of this.#caches) {
      for (const name of ['keys', 'values'] as const) {
        for (const { offset, bytes } of ranges[name]) {
          copy(encoder, cache[name], offset, at, bytes);
          at += bytes;
        }
      }
    }
    this.#device.queue.submit([encoder.finish()]);
  }
}

/** `size` bytes of a layer's `cache` from `offset` on, and of the snapshot from `at` on. */
type Copy = (
  encoder: GPUCommandEncoder,
  cache: GPUBuffer,
  offset: number,
  at: number,
  size: number,
) => void;
