/** A grammar over bytes: what an expression's characters are in UTF-8. */
import type { Expression, Grammar } from '#core/grammar/expression';
import { byteRanges } from './utf8';

export type Node =
  /** One byte: of the table, those with a 1. */
  | { kind: 'byte'; id: number; table: Uint8Array }
  /** One after the other. */
  | { kind: 'pair'; id: number; first: Node; then: Node }
  | { kind: 'choice'; id: number; options: readonly Node[] }
  | { kind: 'repeat'; id: number; part: Node; least: number; most: number }
  | { kind: 'rule'; id: number; name: string }
  | { kind: 'nothing'; id: number };

export class Nodes {
  readonly root: Node;
  /** By byte: bytes of one class are in the same tables. */
  readonly classes: Uint8Array;
  readonly #rules = new Map<string, Node>();
  readonly #repeats = new Map<string, Node>();
  readonly #bytes = new Map<string, Node & { kind: 'byte' }>();
  readonly #nothing: Node = { kind: 'nothing', id: 0 };
  #next = 1;

  constructor({ root, rules }: Grammar) {
    for (const [name, expression] of rules) this.#rules.set(name, this.#of(expression));
    this.root = this.#of(root);
    this.classes = this.#classes();
  }

  rule(name: string): Node {
    return this.#rules.get(name)!;
  }

  /** One node for all that ask for the same. */
  repeat(part: Node, least: number, most: number): Node {
    const key = `${part.id} ${least} ${most}`;
    let node = this.#repeats.get(key);
    if (!node)
      this.#repeats.set(key, (node = { kind: 'repeat', id: this.#next++, part, least, most }));
    return node;
  }

  #of(expression: Expression): Node {
    switch (expression.kind) {
      case 'text':
        return this.#row(
          Array.from(new TextEncoder().encode(expression.text), (byte) => this.#byte(byte, byte)),
        );
      case 'class': {
        const single: Node[] = [];
        const table = new Uint8Array(256);
        for (const range of expression.ranges) {
          for (const steps of byteRanges(range)) {
            if (steps.length === 1) table.fill(1, steps[0]![0], steps[0]![1] + 1);
            else single.push(this.#row(steps.map(([from, to]) => this.#byte(from, to))));
          }
        }
        if (table.includes(1)) single.unshift(this.#table(table));
        return this.#choice(single);
      }
      case 'sequence':
        return this.#row(expression.parts.map((part) => this.#of(part)));
      case 'choice':
        return this.#choice(expression.options.map((option) => this.#of(option)));
      case 'repeat':
        return this.repeat(this.#of(expression.part), expression.least, expression.most);
      case 'rule':
        return { kind: 'rule', id: this.#next++, name: expression.name };
    }
  }

  #row(nodes: readonly Node[]): Node {
    if (nodes.length === 0) return this.#nothing;
    return nodes.reduceRight((then, first) => ({ kind: 'pair', id: this.#next++, first, then }));
  }

  #choice(options: readonly Node[]): Node {
    return options.length === 1 ? options[0]! : { kind: 'choice', id: this.#next++, options };
  }

  #byte(from: number, to: number): Node {
    return this.#shared(`${from}-${to}`, () => new Uint8Array(256).fill(1, from, to + 1));
  }

  #table(table: Uint8Array): Node {
    return this.#shared(table.join(''), () => table);
  }

  /** Each table parts the classes that it has some bytes of, and not all. */
  #classes(): Uint8Array {
    const classes = new Uint8Array(256);
    for (const { table } of this.#bytes.values()) {
      const numbers = new Map<number, number>();
      for (let byte = 0; byte < 256; byte++) {
        const parted = 2 * classes[byte]! + table[byte]!;
        if (!numbers.has(parted)) numbers.set(parted, numbers.size);
        classes[byte] = numbers.get(parted)!;
      }
    }
    return classes;
  }

  #shared(key: string, make: () => Uint8Array): Node {
    let node = this.#bytes.get(key);
    if (!node) this.#bytes.set(key, (node = { kind: 'byte', id: this.#next++, table: make() }));
    return node;
  }
}
