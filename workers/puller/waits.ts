/** The connections that wait for their next try: who looks is told while none is at work. */
import type { TransferWait } from '#core/methods';

export class Waits {
  readonly #tell: (wait: TransferWait | null) => Promise<void>;
  /** Connections that have not ended. */
  #open: number;
  /** In the order in which they began. */
  readonly #waiting: TransferWait[] = [];
  #told = false;

  constructor(connections: number, tell: (wait: TransferWait | null) => Promise<void>) {
    this.#open = connections;
    this.#tell = tell;
  }

  /** A connection waits until `pause` resolves; the last of them to begin with it says why. */
  async during(wait: TransferWait, pause: () => Promise<void>): Promise<void> {
    this.#waiting.push(wait);
    try {
      await this.#look();
      await pause();
    } finally {
      this.#waiting.splice(this.#waiting.indexOf(wait), 1);
    }
    if (!this.#told) return;
    this.#told = false;
    await this.#tell(null);
  }

  /** A connection has nothing left to do; those that are left may all be waiting. */
  async end(): Promise<void> {
    this.#open--;
    await this.#look();
  }

  async #look(): Promise<void> {
    const last = this.#waiting.at(-1);
    if (!last || this.#told || this.#waiting.length < this.#open) return;
    this.#told = true;
    await this.#tell(last);
  }
}
