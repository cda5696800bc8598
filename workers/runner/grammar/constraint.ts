/** One reply's place in its grammar: which tokens may come, and whether all has been said. */
import { PaddockError } from '#core/errors';
import type { Machine, State } from './machine';
import type { TokenTree } from './token-tree';

/** Masks by the state that they belong to: the same one for most of a text. */
const KEPT_MASKS = 64;

export class Masks {
  readonly machine: Machine;
  readonly #tree: TokenTree;
  readonly #known = new Map<State, Uint32Array>();

  constructor(machine: Machine, tree: TokenTree) {
    this.machine = machine;
    this.#tree = tree;
  }

  get ends(): ReadonlySet<number> {
    return this.#tree.ends;
  }

  of(state: State): Uint32Array {
    let mask = this.#known.get(state);
    if (mask) this.#known.delete(state);
    else mask = this.#tree.allowed(this.machine, state, state.ends);
    this.#known.set(state, mask);
    if (this.#known.size > KEPT_MASKS) this.#known.delete(this.#known.keys().next().value!);
    return mask;
  }
}

export class Constraint {
  readonly #masks: Masks;
  readonly #bytes: (token: number) => Uint8Array;
  readonly #endless: boolean;
  #state: State;

  /**
   * @param endless what ends a text does not: only a reply that is complete ends
   * @throws PaddockError `bad_request` for a schema that is too much to follow: before anything is computed
   */
  constructor(masks: Masks, bytes: (token: number) => Uint8Array, endless: boolean) {
    this.#masks = masks;
    this.#bytes = bytes;
    this.#endless = endless;
    this.#state = masks.machine.start;
    masks.of(this.#state);
  }

  /** Nothing can be added. */
  get complete(): boolean {
    return this.#state.ends && this.#state.next.length === 0;
  }

  /** The reply goes on with a token that `restrict` left. */
  accept(token: number): void {
    const { machine } = this.#masks;
    machine.rest();
    for (const byte of this.#bytes(token)) {
      const next = machine.step(this.#state, byte);
      if (!next) throw new PaddockError('internal', 'A token came that the format does not allow.');
      this.#state = next;
    }
  }

  /**
   * Leaves the tokens that may come; the rest becomes -∞.
   * @throws PaddockError `engine_failed` where the vocabulary has none
   */
  restrict(logits: Float32Array): void {
    const mask = this.#masks.of(this.#state);
    if (this.#endless) for (const token of this.#masks.ends) logits[token] = -Infinity;
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
