/**
 * How many threads take part: as many as help, fewer while another program has the cores. A thread that shares
 * its core holds up all others at every barrier, so that two threads can be slower than one.
 */

/** What one run showed. */
export interface RunReport {
  threads: number;
  /** Barriers of the run, and those at which the first thread had to sleep. */
  barriers: number;
  late: number;
}

/** Part of the barriers that may be slept at before a run counts as held up. */
const LATE = 0.05;
/** Runs held up, of the last few, after which a thread is given up. */
const STRIKES = 2;
/** Runs that a strike is remembered for. */
const MEMORY = 8;
/** Runs until one thread more is tried again: doubled each time that it fails. */
const FIRST_WAIT = 16;
const LONGEST_WAIT = 1024;

export class ThreadController {
  readonly most: number;
  readonly #fixed: boolean;
  #active: number;
  #strikes = 0;
  #sinceStrike = 0;
  #wait = FIRST_WAIT;
  #sinceChange = 0;
  /** The last change was one thread more, not yet proven. */
  #trying = false;

  /** @param most the number that a probe found best; `fixed` where somebody asked for it */
  constructor(most: number, fixed = false) {
    this.most = most;
    this.#fixed = fixed;
    this.#active = most;
  }

  get active(): number {
    return this.#active;
  }

  report({ threads, barriers, late }: RunReport): void {
    if (this.#fixed || threads !== this.#active) return;
    this.#sinceChange++;
    if (late > barriers * LATE) {
      this.#strikes++;
      this.#sinceStrike = 0;
    } else if (++this.#sinceStrike > MEMORY) this.#strikes = 0;

    if (this.#strikes >= STRIKES && threads > 1) {
      if (this.#trying) this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
      this.#change(threads - 1, false);
    } else if (this.#trying && this.#sinceChange > MEMORY) {
      this.#trying = false;
      this.#wait = FIRST_WAIT;
    } else if (!this.#trying && threads < this.most && this.#sinceChange >= this.#wait) {
      this.#change(threads + 1, true);
    }
  }

  #change(threads: number, trying: boolean): void {
    this.#active = threads;
    this.#trying = trying;
    this.#strikes = 0;
    this.#sinceStrike = 0;
    this.#sinceChange = 0;
  }
}
