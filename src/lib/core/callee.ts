/** The answering end of a port (see `protocol.ts`); `caller.ts` is the other one. */
import { PaddockError, toWire } from '#core/errors';
import type { MethodTable, Port, ToCallee, ToCaller } from '#core/protocol';

/** What a handler gets besides its parameters. */
export interface CallContext<C> {
  /** Aborted when the caller cancels. */
  readonly signal: AbortSignal;
  /** Sends one chunk once the caller has room for it; rejects with code `aborted` after a cancel. */
  send(chunk: C, transfer?: Transferable[]): Promise<void>;
}

export type Handlers<M extends MethodTable<M>> = {
  [K in keyof M]: (
    params: M[K]['params'],
    context: CallContext<M[K]['chunk']>,
  ) => Promise<M[K]['result']>;
};

/** The credit of one call: chunks that the caller has room for. */
class Served {
  readonly controller = new AbortController();
  #credit = 0;
  /** A handler may send from several places at once. */
  #waiting: (() => void)[] = [];

  constructor() {
    this.controller.signal.addEventListener('abort', () => this.#wake());
  }

  grant(count: number) {
    this.#credit += count;
    this.#wake();
  }

  #wake() {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async spend(): Promise<void> {
    while (this.#credit === 0 && !this.controller.signal.aborted) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    if (this.controller.signal.aborted)
      throw new PaddockError('aborted', 'The call was cancelled.');
    this.#credit--;
  }
}

/**
 * Answers every call on `port` with `handlers`; whatever a handler throws becomes an `error` message. The function
 * that it gives back cancels every call under way: the other side is gone.
 */
export function serve<M extends MethodTable<M>>(port: Port, handlers: Handlers<M>): () => void {
  const calls = new Map<number, Served>();
  const post = (message: ToCaller<M>, transfer: Transferable[] = []) =>
    port.postMessage(message, transfer);

  async function run<K extends keyof M>(id: number, method: K, params: M[K]['params']) {
    const served = new Served();
    calls.set(id, served);
    post({ type: 'ack', id });
    const context: CallContext<M[K]['chunk']> = {
      signal: served.controller.signal,
      async send(value, transfer) {
        await served.spend();
        post({ type: 'chunk', id, value }, transfer);
      },
    };
    try {
      post({ type: 'end', id, result: await handlers[method](params, context) });
    } catch (error) {
      post({ type: 'error', id, error: toWire(error) });
    } finally {
      calls.delete(id);
    }
  }

  port.addEventListener('message', (event) => {
    const message = event.data as ToCallee<M>;
    if (message.type === 'call') void run(message.id, message.method, message.params);
    else if (message.type === 'pull') calls.get(message.id)?.grant(message.count);
    else if (message.type === 'cancel') calls.get(message.id)?.controller.abort();
  });
  port.start?.();
  return () => {
    for (const { controller } of calls.values()) controller.abort();
  };
}
