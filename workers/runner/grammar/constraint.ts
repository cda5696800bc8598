/** One reply's place in its grammar: which tokens may come, and whether all has been said. */
import { PaddockError } from '#core/errors';
import { NONE, type Machine } from './machine';
import type { TokenTree } from './token-tree';

/** Masks by the state that they belong to: the same one for most of a text. */
const KEPT_MASKS = 64;
/** Bytes of states: a reply that has come to more goes on with those that it comes to from there. */
const LARGEST = 16 * 1024 ** 2;

export class Masks {
  readonly machine: Machine;
  readonly #tree: TokenTree;
  readonly #known = new Map<number, Uint32Array>();

  constructor(machine: Machine, tree: TokenTree) {
    this.machine = machine;
    this.#tree = tree;
  }

  get ends(): ReadonlySet<number> {
    return this.#tree.ends;
  }

  /** More than is kept for the next reply. */
  get isLarge(): boolean {
    return this.machine.size > LARGEST;
  }

  /** @throws PaddockError `bad_request` for a schema that is too much to follow */
  of(state: number): Uint32Array {
    let mask = this.#known.get(state);
    if (mask) this.#known.delete(state);
    else mask = this.#tree.allowed(this.machine, state);
    this.#known.set(state, mask);
    if (this.#known.size > KEPT_MASKS) this.#known.delete(this.#known.keys().next().value!);
    return mask;
  }

  /** Those of a machine that begins in `state` and knows no other yet. */
  renewed(state: number): Masks {
    return new Masks(this.machine.renewed(state), this.#tree);
  }
}

export interface ConstraintParts {
  masks: Masks;
  bytes(token: number): Uint8Array;
  /** What ends a text does not: only a reply that is complete ends. */
  endless: boolean;
  /** `masks` have become large: they are not to be kept. */
  drop(masks: Masks): void;
}

export class Constraint {
  readonly #parts: ConstraintParts;
  #masks: Masks;
  #state: number;

  /** @throws PaddockError `bad_request` for a schema that is too much to follow: before anything is computed */
  constructor(parts: ConstraintParts) {
    this.#parts = parts;
    this.#masks = parts.masks;
    this.#state = this.#masks.machine.start;
    this.#masks.of(this.#state);
  }

  /** Nothing can be added. */
  get complete(): boolean {
    const { machine } = this.#masks;
    return machine.ends(this.#state) && machine.ways(this.#state) === 0;
  }

  /** The reply goes on with a token that `restrict` left. */
  accept(token: number): void {
    const { machine } = this.#masks;
    machine.rest();
    for (const byte of this.#parts.bytes(token)) {
      const next = machine.step(this.#state, byte);
      if (next === NONE)
        throw new PaddockError('internal', 'A token came that the format does not allow.');
      this.#state = next;
    }
    if (!this.#masks.isLarge) return;
    this.#parts.drop(this.#masks);
    this.#masks = this.#masks.renewed(this.#state);
    this.#state = this.#masks.machine.start;
  }

  /**
   * Leaves the tokens that may come; the rest becomes -∞.
   * @throws PaddockError `engine_failed` where the vocabulary has none
   */
  restrict(logits: Float32Array): void {
    const mask = this.#masks.of(this.#state);
    if (this.#parts.endless) for (const token of this.#masks.ends) logits[token] = -Infinity;
    let left = 0;
    for (let token = 0; token < logits.length; token++) {
      if (!((mask[token >>> 5]! >>> (token & 31)) & 1)) logits[token] = -Infinity;
      else if (logits[token]! > -Infinity) left++;
    }
    if (left > 0) return;
    throw new PaddockError(
      'engine_failed',
      'The model has no token with which the format could go on.',
    );
  }
}
