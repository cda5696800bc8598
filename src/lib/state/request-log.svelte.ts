import { toWire, type WireError } from '#core/errors';
import type { RequestLog } from '#core/paddock-api';
import { clearRequestLog, readRequestLog, switchRequestLog } from '$lib/client/request-log';

/** The host's log of requests, as it last told. */
class Requests {
  #log = $state.raw<RequestLog | null>(null);
  #error = $state.raw<WireError | null>(null);
  #asking = false;

  /** Null until the host was asked. */
  get log() {
    return this.#log;
  }

  /** Why it could not be read, or not be changed; what was read before stays. */
  get error() {
    return this.#error;
  }

  /** Reads it, unless that is under way. */
  async refresh(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    await this.#ask(readRequestLog);
    this.#asking = false;
  }

  async switch(on: boolean): Promise<void> {
    await this.#ask(() => switchRequestLog(on));
  }

  async clear(): Promise<void> {
    await this.#ask(clearRequestLog);
  }

  async #ask(question: () => Promise<RequestLog>): Promise<void> {
    try {
      this.#log = await question();
      this.#error = null;
    } catch (error) {
      this.#error = toWire(error);
    }
  }
}

export const requests = new Requests();
