/** What is under way on the device: two submits at most, so that it never waits and a cancel waits for no more. */
import type { GpuDevice } from './device';
import { lossNews } from './loss';

type Losable = Pick<GpuDevice, 'device' | 'check' | 'lost'>;

/** The beginning of a buffer. */
export interface ToRead {
  buffer: GPUBuffer;
  bytes: number;
}

/** The device never waits for the page, and a cancel for no more than these. */
export const SUBMITS_UNDER_WAY = 2;

export class Submits {
  readonly #gpu: Losable;
  readonly #under = new Set<Promise<void>>();
  /** When the last submit was done. */
  #done = 0;

  constructor(gpu: Losable) {
    this.#gpu = gpu;
  }

  /** Waits until fewer than two are under way. @throws PaddockError `device_lost` */
  async room(): Promise<void> {
    while (this.#under.size >= SUBMITS_UNDER_WAY) {
      const [oldest] = this.#under;
      await oldest;
    }
    this.#gpu.check();
  }

  /**
   * Sends `commands`, and maps what is to be read behind them. Gives the milliseconds that the device took,
   * those before it not counted. To be awaited by `settled`.
   */
  send(commands: GPUCommandBuffer, read?: ToRead): Promise<number> {
    const { queue } = this.#gpu.device;
    const sent = performance.now();
    queue.submit([commands]);
    const end = read
      ? read.buffer.mapAsync(GPUMapMode.READ, 0, read.bytes)
      : queue.onSubmittedWorkDone();
    const work = end.then(() => {
      const now = performance.now();
      const took = now - Math.max(sent, this.#done);
      this.#done = now;
      return took;
    });
    const over = work
      .then(
        () => {},
        () => {}, // whoever awaits `work` is told
      )
      .then(() => void this.#under.delete(over));
    this.#under.add(over);
    return work;
  }

  /**
   * What `work` gives.
   * @throws PaddockError `device_lost` where the device is gone by then, even if the work counts as done; else its error
   */
  async settled<T>(work: Promise<T>): Promise<T> {
    try {
      const value = await work;
      this.#gpu.check();
      return value;
    } catch (error) {
      await lossNews(this.#gpu.lost);
      this.#gpu.check();
      throw error;
    }
  }
}
