/** The link definitions of a reply: `[label]: address`. */
import type { Links, Token } from 'marked';
import { definedIn } from './lex';

export class Definitions {
  /** What the parser resolves references with; it adds what it finds. */
  readonly links: Links = Object.create(null) as Links;
  readonly #settled = new Set<string>();

  /**
   * Keeps, of what a parse found in `all`, the definitions in `settled`: the others may be half
   * written. True when a new one was kept.
   */
  keep(all: Token[], settled: Token[]): boolean {
    const before = this.#settled.size;
    for (const label of definedIn(settled)) this.#settled.add(label);
    for (const label of definedIn(all)) if (!this.#settled.has(label)) delete this.links[label];
    return this.#settled.size > before;
  }
}
