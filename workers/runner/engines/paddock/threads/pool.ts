/** The helper threads of one model. */
import { fromWire, PaddockError } from '#core/errors';
import type { FromHelper, StartHelper } from './messages';

interface Helper {
  worker: Worker;
  /** It has its message. */
  begun: Promise<void>;
  /** It has packed its last slice. */
  packed: Promise<void>;
}

export class ThreadPool {
  readonly #helpers: Helper[];
  readonly #onDeath: (reason: string) => void;
  #closed = false;

  /** @param onDeath called when a helper ends by itself after the load */
  constructor(count: number, onDeath: (reason: string) => void) {
    this.#onDeath = onDeath;
    this.#helpers = Array.from({ length: count }, (_, index) => this.#spawn(index + 1));
  }

  /**
   * Ends when all helpers have begun. Until then the caller must not compute: a worker's script and its first
   * message come through the event loop of the worker that started it.
   * @param messageOf by the thread's number, from 1
   * @throws PaddockError `engine_failed`
   */
  async start(messageOf: (thread: number) => StartHelper): Promise<void> {
    this.#helpers.forEach(({ worker }, index) => worker.postMessage(messageOf(index + 1)));
    await Promise.all(this.#helpers.map(({ begun }) => begun));
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
    await Promise.race([Promise.all(this.#helpers.map(({ packed }) => packed)), stopped]);
  }

  close(): void {
    this.#closed = true;
    for (const { worker } of this.#helpers) worker.terminate();
  }

  #spawn(thread: number): Helper {
    const worker = new Worker(new URL('./helper.ts', import.meta.url), {
      type: 'module',
      name: `paddock-thread-${thread}`,
    });
    let hasBegun!: () => void;
    let hasPacked!: () => void;
    let fail!: (error: PaddockError) => void;
    let loading = true;
    const failed = new Promise<never>((_, reject) => {
      fail = (error) => {
        reject(error);
        if (!loading && !this.#closed) this.#onDeath(error.message);
      };
    });
    const begun = Promise.race([failed, new Promise<void>((resolve) => (hasBegun = resolve))]);
    const packed = Promise.race([failed, new Promise<void>((resolve) => (hasPacked = resolve))]);
    // Each is awaited at its own time, together with the others'.
    for (const promise of [begun, packed]) promise.catch(() => {});

    worker.addEventListener('message', ({ data }: MessageEvent<FromHelper>) => {
      if (data.type === 'begun') return hasBegun();
      if (data.type === 'failed') return fail(fromWire(data.error));
      loading = false;
      hasPacked();
    });
    worker.addEventListener('messageerror', () =>
      fail(new PaddockError('engine_failed', 'A helper thread said what cannot be read.')),
    );
    worker.addEventListener('error', ({ message }) =>
      fail(new PaddockError('engine_failed', `A helper thread stopped: ${message || 'crash'}.`)),
    );
    return { worker, begun, packed };
  }
}
