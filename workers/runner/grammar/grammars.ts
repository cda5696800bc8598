/** A loaded model's grammars: the vocabulary is read once, and what the last formats came to is kept. */
import type { Format, Thought } from '#core/engine';
import { formatGrammar } from '#core/grammar/format-grammar';
import { Constraint, Masks } from './constraint';
import { Machine } from './machine';
import { tryPatterns } from './try-patterns';
import { TokenTree, type TokenBytes } from './token-tree';

const KEPT = 4;

export class Grammars {
  readonly #tokenizer: TokenBytes;
  readonly #known = new Map<string, Masks>();
  #tree: TokenTree | undefined;

  constructor(tokenizer: TokenBytes) {
    this.#tokenizer = tokenizer;
  }

  /** @throws PaddockError `bad_request` */
  constraint(format: Format, thought: Thought | undefined, endless: boolean): Constraint {
    const tokenizer = this.#tokenizer;
    const key = JSON.stringify([format, thought]);
    let masks = this.#known.get(key);
    if (masks) this.#known.delete(key);
    else {
      const machine = new Machine(formatGrammar(format, thought));
      this.#tree ??= new TokenTree(tokenizer);
      tryPatterns(format, this.#tree);
      masks = new Masks(machine, this.#tree);
    }
    this.#known.set(key, masks);
    if (this.#known.size > KEPT) this.#known.delete(this.#known.keys().next().value!);
    const bytes = (token: number) => tokenizer.bytes(token);
    const drop = (large: Masks) => {
      if (this.#known.get(key) === large) this.#known.delete(key);
    };
    return new Constraint({ masks, bytes, endless, drop });
  }
}
