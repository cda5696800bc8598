/**
 * How many threads take part: as many as help, fewer while another program has the cores. A thread that shares
 * its core holds up all others at every barrier, so that two threads can be slower than one. What counts is time:
 * another number is tried for a few runs when there is reason to, and kept when it was faster.
 */
import { percentile } from '#core/statistics';

/** One forward pass. */
export interface RunReport {
  threads: number;
  /** Of one token, or of a chunk of a prompt: their paces cannot be compared. */
  kind: 'token' | 'chunk';
  /** Time for a unit of work. */
  pace: number;
}

/** Runs whose median stands for the present. */
const RECENT = 5;
/** Runs of a trial. */
const TRIAL = 4;
/** So much slower than usual is a reason to try one thread less. */
const SLOW = 1.25;
/** One thread more must be so much faster: it takes a core from others. */
const GAIN = 0.95;
/** What is usual follows a slower machine by so much a run. */
const DRIFT = 1.005;
/** Runs until one thread more is tried: doubled each time that it fails. */
const FIRST_WAIT = 16;
const LONGEST_WAIT = 256;

interface Trial {
  from: number;
  /** Before the trial. */
  pace: number;
  seen: number[];
}

export class ThreadController {
  readonly #most: number;
  readonly #fixed: boolean;
  #active: number;
  #kind: RunReport['kind'] = 'token';
  #recent: number[] = [];
  #usual = Infinity;
  #trial: Trial | undefined;
  #runs = 0;
  #wait = FIRST_WAIT;

  /**
   * @param most threads that there are
   * @param active the number to begin with: what a probe found best
   * @param fixed where somebody asked for the number
   */
  constructor(most: number, active = most, fixed = false) {
    this.#most = most;
    this.#active = active;
    this.#fixed = fixed;
  }

  get active(): number {
    return this.#active;
  }

  report({ threads, kind, pace }: RunReport): void {
    if (this.#fixed || threads !== this.#active) return;
    if (kind !== this.#kind) this.#begin(kind);
    if (this.#trial) return this.#tried(this.#trial, pace);
    this.#recent = [...this.#recent, pace].slice(-RECENT);
    this.#runs++;
    if (this.#recent.length < RECENT) return;
    const now = percentile(this.#recent, 0.5);
    this.#usual = Math.min(now, this.#usual * DRIFT);
    if (threads > 1 && now > this.#usual * SLOW) this.#try(threads - 1, now);
    else if (threads < this.#most && this.#runs >= this.#wait) this.#try(threads + 1, now);
  }

  /** Prompts and replies take turns: a trial that one of them began is given up. */
  #begin(kind: RunReport['kind']): void {
    if (this.#trial) this.#active = this.#trial.from;
    this.#trial = undefined;
    this.#kind = kind;
    this.#recent = [];
    this.#usual = Infinity;
  }

  #try(threads: number, pace: number): void {
    this.#trial = { from: this.#active, pace, seen: [] };
    this.#active = threads;
  }

  #tried(trial: Trial, pace: number): void {
    trial.seen.push(pace);
    if (trial.seen.length < TRIAL) return;
    const now = percentile(trial.seen, 0.5);
    const more = this.#active > trial.from;
    const faster = now < trial.pace * (more ? GAIN : 1);
    if (!faster) this.#active = trial.from;
    if (more) this.#wait = faster ? FIRST_WAIT : Math.min(this.#wait * 2, LONGEST_WAIT);
    else if (faster) this.#wait = FIRST_WAIT;
    this.#usual = faster ? now : trial.pace; // slow or not, it is what can be had
    this.#trial = undefined;
    this.#recent = [];
    this.#runs = 0;
  }
}
