/** What is under way on the device: two submits at most, so that it never waits and a cancel waits for no more. */
import type { PaddockError } from '#core/errors';

/** What a lost device is told by; `device.ts` has it. */
export interface Losable {
  device: GPUDevice;
  /** Undefined while the device is there. */
  readonly loss: PaddockError | undefined;
  lost: Promise<PaddockError>;
}

const MOST = 2;
/** Milliseconds that the news of a loss may come behind the errors that it causes. */
const LOSS_DELAY = 250;

export class Submits {
  readonly #gpu: Losable;
  readonly #under = new Set<Promise<unknown>>();
  /** When the last submit was done. */
  #done = 0;

  constructor(gpu: Losable) {
    this.#gpu = gpu;
  }

  /** Waits until fewer than two are under way. @throws PaddockError `device_lost` */
  async room(): Promise<void> {
    while (this.#under.size >= MOST) await this.settled(first(this.#under));
    if (this.#gpu.loss) throw this.#gpu.loss;
  }

  /**
   * Sends `commands`, and maps `mapped` behind them where it is given. Gives the milliseconds that the device took,
   * those before it not counted. To be awaited by `settled`.
   */
  send(commands: GPUCommandBuffer, mapped?: GPUBuffer): Promise<number> {
    const { queue } = this.#gpu.device;
    const sent = performance.now();
    queue.submit([commands]);
    const end = mapped ? mapped.mapAsync(GPUMapMode.READ) : queue.onSubmittedWorkDone();
    const work = end.then(() => {
      const now = performance.now();
      const took = now - Math.max(sent, this.#done);
      this.#done = now;
      return took;
    });
    const over = work.then(
      () => {},
      () => {}, // whoever awaits `work` is told
    );
    this.#under.add(over);
    void over.then(() => this.#under.delete(over));
    return work;
  }

  /** What `work` gives. @throws PaddockError `device_lost` where it failed by that, or `work`'s own error */
  async settled<T>(work: Promise<T>): Promise<T> {
    try {
      const value = await work;
      // Work on a lost device counts as done.
      if (!this.#gpu.loss) return value;
    } catch (error) {
      throw (await this.#lossSoon()) ?? error;
    }
    throw this.#gpu.loss;
  }

  #lossSoon(): Promise<PaddockError | undefined> {
    const { lost } = this.#gpu;
    return Promise.race([
      lost,
      new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), LOSS_DELAY)),
    ]);
  }
}

function first<T>(values: Iterable<T>): T {
  for (const value of values) return value;
  throw new RangeError('nothing is under way');
}
