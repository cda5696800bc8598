/** Which connection asks for which parts next. */
import type { Piece } from './layout';

/** Parts that one request asks for, from `next` on; `end` may move down while it runs. */
export interface Run {
  /** The first part that has not come. */
  next: number;
  /** Behind its last. */
  end: number;
  /** Parts that it brought. */
  come: number;
}

/** Parts in one request: with parts of 4 MiB, 64 MiB. The whole digest waits for the first of them. */
const LONGEST = 16;

/** Fewer parts than these are not taken from a connection that is about to fetch them. */
const WORTH_TAKING = 2;

export class Schedule {
  readonly #missing: boolean[];
  readonly #connections: number;
  readonly #single: boolean;
  readonly #running = new Set<Run>();
  #left: number;

  /** `single`: every part is a file of its own. */
  constructor(missing: boolean[], connections: number, single: boolean) {
    this.#missing = [...missing];
    this.#connections = connections;
    this.#single = single;
    this.#left = missing.filter(Boolean).length;
  }

  /** The next run, shorter towards the end so that all connections end together; null when nothing is left. */
  take(): Run | null {
    const run = this.#left > 0 ? this.#first() : this.#steal();
    if (run) this.#running.add(run);
    return run;
  }

  /** The run has ended, whole or not. */
  done(run: Run): void {
    this.#running.delete(run);
  }

  #first(): Run {
    const next = this.#missing.indexOf(true);
    const share = Math.floor(this.#left / (2 * this.#connections));
    const most = this.#connections === 1 ? Infinity : Math.min(LONGEST, Math.max(1, share));
    const limit = this.#single ? 1 : most;
    let end = next;
    while (this.#missing[end] && end - next < limit) this.#missing[end++] = false;
    this.#left -= end - next;
    return { next, end, come: 0 };
  }

  /** The second half of what the connection with the most to do has not begun. */
  #steal(): Run | null {
    let victim: Run | null = null;
    const unbegun = (run: Run) => run.end - run.next - 1;
    for (const run of this.#running) if (!victim || unbegun(run) > unbegun(victim)) victim = run;
    if (!victim || unbegun(victim) < WORTH_TAKING) return null;
    const { end } = victim;
    victim.end = end - Math.ceil(unbegun(victim) / 2);
    return { next: victim.end, end, come: 0 };
  }
}

/** The bytes of the parts from `next` to `end`. */
export function bytesOf(pieces: readonly Piece[], { next, end }: Run): [from: number, to: number] {
  const last = pieces[end - 1]!;
  return [pieces[next]!.offset, last.offset + last.size];
}
