/** How a device ends: taken away, out of memory, or with an error that nobody looked for. */
import { PaddockError } from '#core/errors';
import { lossOf, noMemoryLeft } from '../../ask-gpu';

/** Milliseconds that the news of a loss may come behind the errors that it causes. */
const LATE = 250;

/** Waits for the news of a loss, behind an error that it may have caused. */
export function lossNews(lost: Promise<unknown>): Promise<unknown> {
  const late = new Promise((resolve) => setTimeout(resolve, LATE));
  return Promise.race([lost, late]);
}

export class GpuLoss {
  readonly lost: Promise<PaddockError>;
  #tell!: (error: PaddockError) => void;
  #error: PaddockError | undefined;
  #expected = false;
  #outOfMemory = false;

  constructor(device: GPUDevice) {
    this.lost = new Promise((resolve) => (this.#tell = resolve));
    void device.lost.then(({ message }) => {
      this.#end(lossOf(message, this.#outOfMemory));
    });
    // What was computed since is not to be trusted, so it is the device's end.
    device.addEventListener('uncapturederror', ({ error }) => {
      this.#end(explained(error));
      device.destroy();
    });
  }

  /** @param free false: the last allocation failed, and a loss that follows is due to it */
  setMemory(free: boolean): void {
    this.#outOfMemory = !free;
  }

  /** From now on the end is ours. */
  expect(): void {
    this.#expected = true;
  }

  get error(): PaddockError | undefined {
    return this.#error;
  }

  /** @throws PaddockError what the device ended with */
  check(): void {
    if (this.#error) throw this.#error;
  }

  /** `work`, unless the device ends before; the end is also what `work` fails with that it breaks. */
  async until<T>(work: Promise<T>): Promise<T> {
    const ended = this.lost.then((error) => Promise.reject(error));
    try {
      return await Promise.race([work, ended]);
    } catch (error) {
      await lossNews(this.lost);
      this.check();
      throw error;
    } finally {
      ended.catch(() => {}); // it is told to whoever asks next
    }
  }

  #end(error: PaddockError): void {
    if (this.#expected || this.#error) return;
    this.#error = error;
    this.#tell(error);
  }
}

function explained(error: GPUError): PaddockError {
  return error instanceof GPUOutOfMemoryError
    ? noMemoryLeft(error.message)
    : new PaddockError('engine_failed', `The graphics device reports: ${error.message}`);
}
