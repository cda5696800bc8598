/**
 * Reads bytes by a grammar. Its states are made when they are first come to, so that a schema costs nothing but what a
 * reply needs of it, whatever it counts to.
 */
import type { Grammar } from '#core/grammar/expression';
import { badSchema } from '#core/grammar/faults';
import { Nodes, type Node } from './nodes';

/** What is still to come: a node, and what follows it. There is one for each node before the same rest. */
interface Rest {
  id: number;
  /** Undefined at the end of all. */
  node?: Node;
  then?: Rest;
  before: Map<number, Rest>;
}

/** Ways to read one text at once, and steps for one token: a schema that needs more would hold up the replies. */
const MOST_WAYS = 20_000;
const MOST_WORK = 5_000_000;

/** Bytes of a state's own objects, of each way in it, and of a rest; measured in V8. */
const STATE = 300;
const WAY = 16;
const REST = 160;

/** A step that is not known yet, and one that no byte of its class can make; states count from 1. */
export const UNKNOWN = 0;
export const NONE = -1;

/** What is still to come, one for each that is the same. */
interface Rests {
  nodes: Nodes;
  end: Rest;
  count: number;
}

/** States are numbers, so that a vocabulary is read through one table. */
export class Machine {
  readonly start: number;
  /** The class of each byte: those of one class lead to the same state from each. */
  readonly classes: Uint8Array;
  /** A state's row in `steps` begins at `state << shift`. */
  readonly shift: number;
  readonly #rests: Rests;
  /** A byte of each class. */
  readonly #samples: readonly number[];
  /** By state: what begins with a byte, and whether the text may end there. */
  readonly #next: (readonly Rest[])[] = [[]];
  readonly #ends: boolean[] = [false];
  readonly #states = new Map<string, number>();
  #steps: Int32Array;
  #ways = 0;
  #work = 0;

  /** @param from another one's rests, and a state of it to begin with */
  constructor(grammar: Grammar | { rests: Rests; from: readonly Rest[]; ends: boolean }) {
    if ('rests' in grammar) this.#rests = grammar.rests;
    else {
      const nodes = new Nodes(grammar);
      this.#rests = { nodes, end: { id: 0, before: new Map() }, count: 1 };
    }
    const { nodes, end } = this.#rests;
    this.classes = nodes.classes;
    this.#samples = [...new Set(this.classes)].map((one) => this.classes.indexOf(one));
    this.shift = Math.ceil(Math.log2(this.#samples.length));
    this.#steps = new Int32Array(64 << this.shift);
    this.start =
      'rests' in grammar
        ? this.#state(grammar.from, grammar.ends)
        : this.#closed([this.#push(nodes.root, end)]);
  }

  /** Where each class of bytes leads from each state, `UNKNOWN` or `NONE`; another table when states come to be. */
  get steps(): Int32Array {
    return this.#steps;
  }

  /** Bytes that it holds, about. */
  get size(): number {
    const { count } = this.#rests;
    return this.#steps.byteLength + STATE * this.#next.length + WAY * this.#ways + REST * count;
  }

  /** The text may end here. */
  ends(state: number): boolean {
    return this.#ends[state]!;
  }

  /** Ways to read the text so far. */
  ways(state: number): number {
    return this.#next[state]!.length;
  }

  /** One without its other states, that begins in `state`. */
  renewed(state: number): Machine {
    const [from, ends] = [this.#next[state]!, this.#ends[state]!];
    return new Machine({ rests: this.#rests, from, ends });
  }

  /** Ways that were gone through since `rest`. */
  get work(): number {
    return this.#work;
  }

  /** Another token: its work counts from here. */
  rest(): void {
    this.#work = 0;
  }

  /** @throws PaddockError `bad_request` for a grammar that can be read in too many ways */
  step(state: number, byte: number): number {
    const place = (state << this.shift) | this.classes[byte]!;
    const known = this.#steps[place]!;
    if (known !== UNKNOWN) return known;
    const after: Rest[] = [];
    const next = this.#next[state]!;
    for (const { node, then } of next) {
      if (node!.kind === 'byte' && node!.table[byte] === 1) after.push(then!);
    }
    this.#spend(next.length);
    const to = after.length > 0 ? this.#closed(after) : NONE;
    // The table may be another one by now.
    return (this.#steps[place] = to);
  }

  /** The states that are one byte further. @throws PaddockError as `step` */
  after(state: number): number[] {
    const all = this.#samples.map((byte) => this.step(state, byte));
    return [...new Set(all)].filter((to) => to !== NONE);
  }

  #push(node: Node, then: Rest): Rest {
    let rest = then.before.get(node.id);
    if (!rest)
      then.before.set(node.id, (rest = { id: this.#rests.count++, node, then, before: new Map() }));
    return rest;
  }

  /** The state of all that these begin with. */
  #closed(from: readonly Rest[]): number {
    const waiting = [...from];
    const seen = new Set(waiting);
    const next: Rest[] = [];
    let ends = false;
    const add = (rest: Rest) => {
      if (seen.has(rest)) return;
      seen.add(rest);
      waiting.push(rest);
    };
    for (let rest = waiting.pop(); rest; rest = waiting.pop()) {
      const { node, then } = rest;
      if (!node || !then) ends = true;
      else if (node.kind === 'byte') next.push(rest);
      else for (const one of this.#opened(node, then)) add(one);
      if (seen.size > MOST_WAYS) throw tooComplex();
    }
    this.#spend(seen.size);
    next.sort((a, b) => a.id - b.id);
    return this.#state(next, ends);
  }

  #state(next: readonly Rest[], ends: boolean): number {
    const key = `${ends ? 1 : 0} ${next.map(({ id }) => id).join(' ')}`;
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    const state = this.#next.push(next) - 1;
    this.#ends.push(ends);
    this.#states.set(key, state);
    this.#ways += next.length;
    if ((state + 1) << this.shift > this.#steps.length) {
      const larger = new Int32Array(2 * this.#steps.length);
      larger.set(this.#steps);
      this.#steps = larger;
    }
    return state;
  }

  #opened(node: Exclude<Node, { kind: 'byte' }>, then: Rest): Rest[] {
    switch (node.kind) {
      case 'nothing':
        return [then];
      case 'pair':
        return [this.#push(node.first, this.#push(node.then, then))];
      case 'choice':
        return node.options.map((option) => this.#push(option, then));
      case 'rule':
        return [this.#push(this.#rests.nodes.rule(node.name), then)];
      case 'repeat': {
        const { part, least, most } = node;
        if (most === 0) return [then];
        const fewer = this.#rests.nodes.repeat(part, Math.max(least - 1, 0), most - 1);
        const once = this.#push(part, this.#push(fewer, then));
        return least === 0 ? [then, once] : [once];
      }
    }
  }

  #spend(work: number): void {
    this.#work += work;
    if (this.#work > MOST_WORK) throw tooComplex();
  }
}

function tooComplex(): Error {
  return badSchema(
    'the schema can be read in too many ways at once: make its patterns and counts simpler',
  );
}
