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

export interface State {
  /** What begins with a byte. */
  readonly next: readonly Rest[];
  /** The text may end here. */
  readonly ends: boolean;
  /** By byte; undefined: not yet known, null: it cannot come. */
  readonly steps: (State | null | undefined)[];
}

/** Ways to read one text at once, and steps for one token: a schema that needs more would hold up the replies. */
const MOST_WAYS = 20_000;
const MOST_WORK = 5_000_000;

export class Machine {
  readonly start: State;
  readonly #nodes: Nodes;
  readonly #end: Rest = { id: 0, before: new Map() };
  readonly #states = new Map<string, State>();
  #rests = 1;
  #work = 0;

  constructor(grammar: Grammar) {
    this.#nodes = new Nodes(grammar);
    this.start = this.#closed([this.#push(this.#nodes.root, this.#end)]);
  }

  /** States and rests that it holds. */
  get size(): number {
    return this.#states.size + this.#rests;
  }

  /** Another token: its work counts from here. */
  rest(): void {
    this.#work = 0;
  }

  /** @throws PaddockError `bad_request` for a grammar that can be read in too many ways */
  step(state: State, byte: number): State | null {
    const known = state.steps[byte];
    if (known !== undefined) return known;
    const after: Rest[] = [];
    for (const { node, then } of state.next) {
      if (node!.kind === 'byte' && node!.table[byte] === 1) after.push(then!);
    }
    this.#spend(state.next.length);
    return (state.steps[byte] = after.length > 0 ? this.#closed(after) : null);
  }

  #push(node: Node, then: Rest): Rest {
    let rest = then.before.get(node.id);
    if (!rest)
      then.before.set(node.id, (rest = { id: this.#rests++, node, then, before: new Map() }));
    return rest;
  }

  /** The state of all that these begin with. */
  #closed(from: readonly Rest[]): State {
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
    const key = `${ends ? 1 : 0} ${next.map(({ id }) => id).join(' ')}`;
    let state = this.#states.get(key);
    if (!state) this.#states.set(key, (state = { next, ends, steps: [] }));
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
        return [this.#push(this.#nodes.rule(node.name), then)];
      case 'repeat': {
        const { part, least, most } = node;
        if (most === 0) return [then];
        const fewer = this.#nodes.repeat(part, Math.max(least - 1, 0), most - 1);
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
