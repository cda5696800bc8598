/** What the time of a load goes to. */
import type { LoadTimes } from '#core/engine';

type Kind = keyof LoadTimes;

export class LoadClock {
  #kind: Kind | undefined;
  #since = 0;
  readonly #times: LoadTimes = {};

  /** From now on the time goes to `kind`; undefined: to nothing that is told. */
  turn(kind: Kind | undefined): void {
    const now = performance.now();
    if (this.#kind) this.#times[this.#kind] = (this.#times[this.#kind] ?? 0) + now - this.#since;
    this.#kind = kind;
    this.#since = now;
  }

  /** Milliseconds until now; what never began is absent. */
  times(): LoadTimes {
    this.turn(undefined);
    return { ...this.#times };
  }
}
