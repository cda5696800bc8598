/** What spoils a measurement while it goes on: the host's page out of sight, or others' use of this device. */

/** `hidden`: browsers slow down what belongs to a page that nobody sees. `busy`: a model loads or writes, or a pull runs. */
export type Disturbance = 'hidden' | 'busy';

/** What happened while somebody watched. */
export interface Watching {
  /** The first disturbance, one that was under way at the beginning too; null: none yet. */
  readonly seen: Disturbance | null;
  /** Aborts with the first. */
  readonly signal: AbortSignal;
  stop(): void;
}

export class Disturbances {
  readonly #active = new Map<Disturbance, number>();
  readonly #listeners = new Set<() => void>();

  /** `reason` holds from now on; call the result when it is over. */
  begin(reason: Disturbance): () => void {
    this.#add(reason, 1);
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.#add(reason, -1);
    };
  }

  /** `work`, which disturbs while it is read. */
  async *during<T, R>(
    reason: Disturbance,
    work: AsyncGenerator<T, R, void>,
  ): AsyncGenerator<T, R, void> {
    const over = this.begin(reason);
    try {
      return yield* work;
    } finally {
      over();
    }
  }

  /** What disturbs now; null: nothing. */
  get now(): Disturbance | null {
    for (const [reason, count] of this.#active) if (count > 0) return reason;
    return null;
  }

  watch(): Watching {
    const first = new AbortController();
    let seen = this.now;
    const look = () => {
      seen ??= this.now;
      if (seen) first.abort();
    };
    look();
    this.#listeners.add(look);
    return {
      get seen() {
        return seen;
      },
      signal: first.signal,
      stop: () => this.#listeners.delete(look),
    };
  }

  /** Calls `listener` whenever something begins or ends, until the result is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #add(reason: Disturbance, change: 1 | -1): void {
    this.#active.set(reason, (this.#active.get(reason) ?? 0) + change);
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Whether the host's page can be seen, as a disturbance. */
export class Sight {
  readonly #disturbances: Disturbances;
  #over: (() => void) | undefined;

  constructor(disturbances: Disturbances) {
    this.#disturbances = disturbances;
  }

  tell(visible: boolean): void {
    if (visible) {
      this.#over?.();
      this.#over = undefined;
    } else this.#over ??= this.#disturbances.begin('hidden');
  }
}
