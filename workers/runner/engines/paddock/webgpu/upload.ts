/** Bytes to the adapter, with an end to what waits on the way there. */
import type { GpuDevice } from './device';

/** Bytes after which the adapter is waited for: the browser keeps a copy of all that it has not taken yet. */
const WINDOW = 32 * 1024 ** 2;

export class Uploader {
  readonly #device: GpuDevice;
  #bytes = 0;
  /** The end of the window before this one, which goes on while this one is filled. */
  #before: Promise<unknown> = Promise.resolve();

  constructor(device: GpuDevice) {
    this.#device = device;
  }

  /** Copies `data`, whole words; it may be overwritten at once. */
  write(buffer: GPUBuffer, offset: number, data: Uint8Array<ArrayBuffer>): void {
    this.#device.device.queue.writeBuffer(buffer, offset, data);
    this.#bytes += data.byteLength;
  }

  /** Waits where two windows are under way. @throws PaddockError what the device ended with */
  async breathe(): Promise<void> {
    this.#device.check();
    if (this.#bytes < WINDOW) return;
    await this.#next();
  }

  /** Waits for all. @throws as `breathe` */
  async end(): Promise<void> {
    await this.#next();
    await this.#device.until(this.#before);
  }

  async #next(): Promise<void> {
    const { queue } = this.#device.device;
    queue.submit([]);
    const done = queue.onSubmittedWorkDone();
    done.catch(() => {}); // the device is gone, and says so itself
    const before = this.#before;
    this.#before = done;
    this.#bytes = 0;
    await this.#device.until(before);
  }
}
