/** Runs a Go template that nobody has checked: loops, texts and what is done with them have an end. */
import { Budget } from './budget';
import { callFunction, nameOf } from './functions';
import type { Branch, GoNode, GoTemplate, Operand, Pipe } from './tree';
import { GoList, GoRecord, isTrue, textOf, type GoValue } from './values';

/** Templates that call one another; one that calls itself ends here. */
const MAX_CALLS = 50;

/** What a template does that it cannot go on from; its message is a sentence's end. */
export class GoRunFault extends Error {}

type Leaving = 'break' | 'continue' | undefined;

/**
 * @param nodes in the place of the template's own
 * @throws GoRunFault, EndlessTemplate
 */
export function renderGo(
  template: GoTemplate,
  data: GoRecord,
  now: Date,
  budget = new Budget(),
): string {
  const run = new Run(template, data, now, budget);
  run.nodes(template.nodes, data);
  return run.text;
}

/** A template's run with its own variables. */
class Run {
  text = '';
  readonly #template: GoTemplate;
  readonly #now: Date;
  readonly #budget: Budget;
  readonly #depth: number;
  readonly #variables: [name: string, value: GoValue][];

  constructor(template: GoTemplate, data: GoValue, now: Date, budget: Budget, depth = 0) {
    this.#template = template;
    this.#now = now;
    this.#budget = budget;
    this.#depth = depth;
    this.#variables = [['$', data]];
  }

  nodes(nodes: readonly GoNode[], dot: GoValue): Leaving {
    for (const node of nodes) {
      this.#budget.step();
      const leaving = this.#node(node, dot);
      if (leaving) return leaving;
    }
    return undefined;
  }

  #node(node: GoNode, dot: GoValue): Leaving {
    switch (node.type) {
      case 'text':
        return this.#write(node.text);
      case 'action': {
        const value = this.#pipe(node.pipe, dot);
        return node.pipe.variables.length > 0 ? undefined : this.#write(this.#textOf(value));
      }
      case 'if':
      case 'with':
        return this.#branch(node, dot);
      case 'range':
        return this.#range(node, dot);
      case 'template':
        return this.#call(node.name, node.pipe ? this.#pipe(node.pipe, dot) : null);
      default:
        return node.type;
    }
  }

  #write(text: string): undefined {
    this.#budget.written(text.length);
    this.text += text;
  }

  #textOf(value: GoValue): string {
    if (typeof value === 'string') return value;
    const text = textOf(value);
    this.#budget.made(text.length);
    return text;
  }

  #branch({ type, arms, other }: Branch, dot: GoValue): Leaving {
    const mark = this.#variables.length;
    try {
      for (const { pipe, body } of arms) {
        const value = this.#pipe(pipe, dot);
        if (isTrue(value)) return this.nodes(body, type === 'with' ? value : dot);
      }
      return this.nodes(other, dot);
    } finally {
      this.#variables.length = mark;
    }
  }

  #range({ arms: [arm], other }: Branch, dot: GoValue): Leaving {
    const { pipe, body } = arm!;
    const mark = this.#variables.length;
    const over = this.#pipe({ ...pipe, variables: [] }, dot);
    let turns = 0;
    for (const [key, value] of this.#entries(over)) {
      turns++;
      this.#budget.step();
      this.#variables.length = mark;
      this.#turn(pipe, key, value);
      if (this.nodes(body, value) === 'break') break;
    }
    this.#variables.length = mark;
    return turns === 0 ? this.nodes(other, dot) : undefined;
  }

  /** Of one variable the value, of two the key and the value. */
  #turn({ variables, assigns }: Pipe, key: GoValue, value: GoValue): void {
    const values = variables.length === 2 ? [key, value] : [value];
    variables.forEach((name, at) => this.#set(name, values[at]!, assigns));
  }

  *#entries(over: GoValue): Generator<[key: GoValue, value: GoValue]> {
    if (over instanceof GoList) {
      for (let at = 0; at < over.length; at++) yield [at, over.at(at)!];
    } else if (over instanceof GoRecord && over.struct === '') {
      // Go goes through a map by its keys.
      const keys = [...over.entries.keys()].sort();
      for (const key of keys) yield [key, over.entries.get(key)!];
    } else if (typeof over === 'number' && Number.isInteger(over)) {
      for (let at = 0; at < over; at++) yield [at, at];
    } else if (over !== null) {
      throw new GoRunFault(`range can't iterate over ${nameOf(over)}`);
    }
  }

  #call(name: string, data: GoValue): Leaving {
    if (this.#depth >= MAX_CALLS) {
      throw new GoRunFault(`templates call one another more than ${MAX_CALLS} deep`);
    }
    const run = new Run(this.#template, data, this.#now, this.#budget, this.#depth + 1);
    run.nodes(this.#template.defined.get(name) ?? [], data);
    this.text += run.text;
    return undefined;
  }

  #pipe({ variables, assigns, commands }: Pipe, dot: GoValue): GoValue {
    let value: GoValue = null;
    commands.forEach((operands, at) => {
      value = this.#command(operands, dot, at === 0 ? [] : [value]);
    });
    for (const name of variables) this.#set(name, value, assigns);
    return value;
  }

  #set(name: string, value: GoValue, assigns: boolean): void {
    if (assigns) this.#variable(name)[1] = value;
    else this.#variables.push([name, value]);
  }

  #variable(name: string): [name: string, value: GoValue] {
    const found = this.#variables.findLast(([known]) => known === name);
    if (!found) throw new GoRunFault(`undefined variable "${name}"`);
    return found;
  }

  /** @param piped what the command before it gave */
  #command([first, ...rest]: readonly Operand[], dot: GoValue, piped: readonly GoValue[]): GoValue {
    this.#budget.step();
    if (first!.type !== 'call') return this.#operand(first!, dot);
    const { name } = first!;
    if (name === 'and' || name === 'or') return this.#either(name, rest, dot, piped);
    const args = [...rest.map((operand) => this.#operand(operand, dot)), ...piped];
    return this.#function(name, args);
  }

  #function(name: string, args: readonly GoValue[]): GoValue {
    for (const value of args) this.#budget.taken(value);
    const value = this.#attempt(name, args);
    if (typeof value === 'string') this.#budget.made(value.length);
    return value;
  }

  #attempt(name: string, args: readonly GoValue[]): GoValue {
    try {
      return callFunction(name, args, this.#now);
    } catch (error) {
      if (!(error instanceof Error) || error instanceof RangeError) throw error;
      throw new GoRunFault(`error calling ${name}: ${error.message}`);
    }
  }

  /** The first that decides, or the last. */
  #either(
    name: 'and' | 'or',
    operands: readonly Operand[],
    dot: GoValue,
    piped: readonly GoValue[],
  ): GoValue {
    let value: GoValue = null;
    for (const operand of operands) {
      value = this.#operand(operand, dot);
      if (isTrue(value) === (name === 'or')) return value;
    }
    if (operands.length + piped.length > 0) return piped[0] ?? value;
    throw new GoRunFault(`wrong number of args for ${name}: want at least 1 got 0`);
  }

  #operand(operand: Operand, dot: GoValue): GoValue {
    this.#budget.step();
    switch (operand.type) {
      case 'value':
        return operand.value;
      case 'dot':
        return operand.names.reduce(fieldOf, dot);
      case 'variable':
        return operand.names.reduce(fieldOf, this.#variable(operand.name)[1]);
      case 'call':
        return this.#command([operand], dot, []);
      case 'pipe':
        return operand.names.reduce(fieldOf, this.#pipe(operand.pipe, dot));
    }
  }
}

/** What a map does not have is nil, and so are nil's fields. */
function fieldOf(value: GoValue, name: string): GoValue {
  if (value === null) return null;
  if (value instanceof GoRecord) {
    const found = value.entries.get(name);
    if (found !== undefined) return found;
    if (value.struct === '') return null;
  }
  throw new GoRunFault(`can't evaluate field ${name} in ${nameOf(value)}`);
}
