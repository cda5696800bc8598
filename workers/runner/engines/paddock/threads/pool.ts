/** The helper threads of one model. */
import { fromWire, PaddockError } from '#core/errors';
import type { FromHelper, StartHelper } from './messages';

export class ThreadPool {
  readonly #workers: Worker[] = [];
  readonly #packed: Promise<void>[] = [];
  readonly #onDeath: (reason: string) => void;
  #closed = false;

  /** @param onDeath called when a helper ends by itself after the load */
  constructor(onDeath: (reason: string) => void) {
    this.#onDeath = onDeath;
  }

  start(message: StartHelper): void {
    const worker = new Worker(new URL('./helper.ts', import.meta.url), {
      type: 'module',
      name: `paddock-thread-${message.thread}`,
    });
    this.#workers.push(worker);
    const packed = new Promise<void>((resolve, reject) => {
      let loading = true;
      const fail = (error: PaddockError) => {
        reject(error);
        if (!loading && !this.#closed) this.#onDeath(error.message);
      };
      worker.addEventListener('message', ({ data }: MessageEvent<FromHelper>) => {
        if (data.type === 'failed') return fail(fromWire(data.error));
        loading = false;
        resolve();
      });
      worker.addEventListener('messageerror', () =>
        fail(new PaddockError('engine_failed', 'A helper thread said what cannot be read.')),
      );
      worker.addEventListener('error', ({ message }) =>
        fail(new PaddockError('engine_failed', `A helper thread stopped: ${message || 'crash'}.`)),
      );
    });
    packed.catch(() => {}); // `packed` is awaited later, together with the others
    this.#packed.push(packed);
    worker.postMessage(message);
  }

  /**
   * Ends when every helper has packed its last slice.
   * @throws PaddockError `aborted`, or of the first that failed
   */
  async packed(signal: AbortSignal): Promise<void> {
    const stopped = new Promise<never>((_, reject) => {
      const stop = () => reject(new PaddockError('aborted', 'It was stopped.'));
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
    });
    await Promise.race([Promise.all(this.#packed), stopped]);
  }

  close(): void {
    this.#closed = true;
    for (const worker of this.#workers) worker.terminate();
    this.#workers.length = 0;
  }
}
