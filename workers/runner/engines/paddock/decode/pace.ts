/** How much of a forward pass is run at a time, so that the event loop gets its turns and a cancel is seen. */
import { TURN } from '../generate/turn';
import type { Op } from '../graph/program';
import { CODE_ATTEND, LAYER_OPS } from '../kernels/program-layout';
import { CHUNK } from '../memory/sizes';
import type { ModelSpec } from '../spec/model-spec';

/** Milliseconds for a multiplication, before anything is known: a slow telephone's. */
const SLOW = 1e-6;
/** Milliseconds below which a measurement says nothing. */
const SHORT = 0.5;
/** The kernels take tokens four at a time. */
const TILE = 4;

export class Pace {
  readonly #spec: ModelSpec;
  /** Milliseconds for a multiplication, of late. */
  #pace = SLOW;

  constructor(spec: ModelSpec) {
    this.#spec = spec;
  }

  /** Multiplications of one token in `op`, after `positions` others. */
  work(op: Op, positions: number): number {
    if (op.code === CODE_ATTEND)
      return 2 * this.#spec.heads * this.#spec.headSize * (positions + 1);
    return (op.matrices ?? []).reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  }

  /** The op before which the next turn is due; at least one op is run. */
  until(ops: readonly Op[], from: number, tokens: number, position: number): number {
    let left = TURN / this.#pace / tokens;
    let to = from;
    do left -= this.work(ops[to++]!, position + tokens);
    while (to < ops.length && left >= this.work(ops[to]!, position + tokens));
    return to;
  }

  took(milliseconds: number, work: number): void {
    if (milliseconds >= SHORT && work > 0) this.#pace = milliseconds / work;
  }

  /** Tokens of a prompt whose largest op still ends within a turn: whole tiles, at most CHUNK. */
  chunk(ops: readonly Op[]): number {
    // The first layer stands for all.
    const largest = Math.max(...ops.slice(0, 1 + LAYER_OPS).map((op) => this.work(op, 0)));
    const tokens = Math.floor(TURN / this.#pace / largest / TILE) * TILE;
    return Math.min(CHUNK, Math.max(TILE, tokens));
  }
}
