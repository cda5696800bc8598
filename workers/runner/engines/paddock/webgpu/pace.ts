/** How much is submitted at a time, so that a slow device's driver takes none for stuck and a cancel is seen. */
import type { Program, Run } from './programs';

/** Milliseconds that a submit is meant to take at most; drivers give up after some 2,000. */
export const SUBMIT_MS = 250;
/** Milliseconds for a multiplication, before anything is known: a processor's that plays an adapter. */
const SLOW = 1e-6;
/** A pace falls by this at most from one submit to the next: two that end together seem to take no time. */
const FASTER = 4;

export class Pace {
  readonly #submitMs: number;
  /** Milliseconds for a multiplication of a prompt, of late. */
  #prompt = SLOW;
  /** Milliseconds for a token that is chosen, of late; 0: none was. */
  #token = 0;

  constructor(submitMs: number) {
    this.#submitMs = submitMs;
  }

  /** The dispatch before which a submit ends that begins with `from`; it has one at least. */
  until(program: Program, from: number, run: Run): number {
    let left = this.#submitMs / this.#prompt;
    let to = from;
    do left -= workOf(program, to, ++to, run);
    while (to < program.length && left >= workOf(program, to, to + 1, run));
    return to;
  }

  /** The dispatches from `from` to `to` took so many milliseconds. */
  took(milliseconds: number, program: Program, from: number, to: number, run: Run): void {
    const work = workOf(program, from, to, run);
    if (work > 0) this.#prompt = Math.max(milliseconds / work, this.#prompt / FASTER);
  }

  /** Tokens of the next submit that chooses by `program`: `most`, fewer where they would take too long. */
  tokens(most: number, program: Program, position: number): number {
    const run = { position, tokens: 1 };
    const each = this.#token || workOf(program, 0, program.length, run) * this.#prompt;
    return Math.max(1, Math.min(most, Math.floor(this.#submitMs / each)));
  }

  tookTokens(milliseconds: number, tokens: number): void {
    this.#token = Math.max(milliseconds / tokens, this.#token / FASTER);
  }
}

function workOf(program: Program, from: number, to: number, { position, tokens }: Run): number {
  let sum = 0;
  for (let at = from; at < to; at++) sum += program[at]!.work(position + tokens);
  return tokens * sum;
}
