/** The connections that wait for their next try: who looks is told while none is at work. */
import type { TransferWait } from '#core/methods';

export class Waits {
  readonly #tell: (wait: TransferWait | null) => Promise<void>;
  /** Connections that have not ended. */
  #open: number;
  #waiting = 0;
  #told = false;

  constructor(connections: number, tell: (wait: TransferWait | null) => Promise<void>) {
    this.#open = connections;
    this.#tell = tell;
  }

  /** A connection waits until `pause` resolves; the last of them to begin with it says why. */
  async during(wait: TransferWait, pause: () => Promise<void>): Promise<void> {
    this.#waiting++;
    try {
      if (this.#waiting === this.#open) {
        this.#told = true;
        await this.#tell(wait);
      }
      await pause();
    } finally {
      this.#waiting--;
    }
    if (!this.#told) return;
    this.#told = false;
    await this.#tell(null);
  }

  /** A connection has nothing left to do. */
  end(): void {
    this.#open--;
  }
}
