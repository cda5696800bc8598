/** The calling end of a port (see `protocol.ts`); `callee.ts` is the other one. */
import { fromWire, PaddockError, toPaddockError } from '#core/errors';
import type {
  CallMessage,
  CancelMessage,
  MethodTable,
  Port,
  PullMessage,
  ToCaller,
} from '#core/protocol';

/** Chunks that the callee may send ahead of the reader: enough to hide one hop, small enough to hold. */
const WINDOW = 16;

/** One call under way: iterate it for the chunks, await `result` for the end. */
export interface Call<C, R> extends AsyncIterable<C> {
  /** Resolves when the callee has seen the call. */
  readonly acknowledged: Promise<void>;
  readonly result: Promise<R>;
}

export interface CallOptions {
  signal?: AbortSignal;
  transfer?: Transferable[];
}

/** `Promise.withResolvers`, which Safari has from 17.4 and Node from 22. */
function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: PaddockError) => void;
  const promise = new Promise<T>((yes, no) => ((resolve = yes), (reject = no)));
  return { promise, resolve, reject };
}

/** The state of one call. */
class Pending {
  readonly chunks: unknown[] = [];
  readonly #acked = deferred<void>();
  readonly #ended = deferred<unknown>();
  #wake: (() => void) | undefined;
  done = false;

  constructor() {
    // A caller may look at one promise only; the other must not become an unhandled rejection.
    this.#ended.promise.catch(() => {});
    this.#acked.promise.catch(() => {});
  }

  get acknowledged() {
    return this.#acked.promise;
  }

  get result() {
    return this.#ended.promise;
  }

  ack() {
    this.#acked.resolve();
  }

  chunk(value: unknown) {
    this.chunks.push(value);
    this.#wake?.();
  }

  end(result: unknown) {
    this.done = true;
    this.#ended.resolve(result);
    this.#wake?.();
  }

  fail(error: PaddockError) {
    this.done = true;
    this.#acked.reject(error);
    this.#ended.reject(error);
    this.#wake?.();
  }

  /** Resolves at the next chunk, end or error. */
  change(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }
}

export class Caller<M extends MethodTable<M>> {
  readonly #port: Port;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #dead: PaddockError | undefined;

  constructor(port: Port) {
    this.#port = port;
    port.addEventListener('message', (event) => this.#receive(event.data as ToCaller<M>));
    port.start?.();
  }

  /** Starts `method`. An aborted `signal` cancels it there and rejects here at once, with code `aborted`. */
  call<K extends keyof M>(
    method: K,
    params: M[K]['params'],
    { signal, transfer = [] }: CallOptions = {},
  ): Call<M[K]['chunk'], M[K]['result']> {
    const id = this.#nextId++;
    const pending = new Pending();
    if (this.#dead) pending.fail(this.#dead);
    else if (signal?.aborted) pending.fail(toPaddockError(signal.reason));
    else {
      this.#pending.set(id, pending);
      signal?.addEventListener('abort', () => this.#cancel(id), { once: true });
      this.#post({ type: 'call', id, method, params }, transfer);
      this.#post({ type: 'pull', id, count: WINDOW });
    }
    return {
      acknowledged: pending.acknowledged,
      result: pending.result,
      [Symbol.asyncIterator]: () => this.#iterate(id, pending),
    };
  }

  /** Rejects every call under way and all later ones: the other side is gone. */
  fail(error: PaddockError) {
    this.#dead = error;
    for (const pending of this.#pending.values()) pending.fail(error);
    this.#pending.clear();
  }

  /** A generator that waits cannot be returned from outside, so `return` cancels first. */
  #iterate(id: number, pending: Pending): AsyncIterator<unknown, void, void> {
    const chunks = this.#read(id, pending);
    return {
      next: () => chunks.next(),
      return: () => {
        this.#cancel(id);
        return chunks.return();
      },
    };
  }

  async *#read(id: number, pending: Pending): AsyncGenerator<unknown, void, void> {
    let read = 0;
    try {
      for (;;) {
        while (pending.chunks.length > 0) {
          yield pending.chunks.shift();
          if (++read % (WINDOW / 2) === 0 && !pending.done) {
            this.#post({ type: 'pull', id, count: WINDOW / 2 });
          }
        }
        if (pending.done) break;
        await pending.change();
      }
      await pending.result;
    } finally {
      this.#cancel(id); // does nothing when the call has ended
    }
  }

  #cancel(id: number) {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    this.#post({ type: 'cancel', id });
    pending.fail(new PaddockError('aborted', 'The call was cancelled.'));
  }

  #receive(message: ToCaller<M>) {
    const pending = this.#pending.get(message.id);
    if (!pending) return; // cancelled here, still on its way there
    if (message.type === 'ack') return pending.ack();
    if (message.type === 'chunk') return pending.chunk(message.value);
    this.#pending.delete(message.id);
    if (message.type === 'end') pending.end(message.result);
    else pending.fail(fromWire(message.error));
  }

  #post(
    message: CallMessage<M, keyof M> | PullMessage | CancelMessage,
    transfer: Transferable[] = [],
  ) {
    this.#port.postMessage(message, transfer);
  }
}
