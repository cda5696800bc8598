/** What stands in an action: commands, whose parts are values, fields, variables and calls. */
import type { Token } from './lexer';
import { TemplateFault, type Operand, type Pipe } from './tree';
import { FUNCTIONS, KEYWORDS, LEFT_OUT } from './words';

/** Parentheses in one another; deeper ones are nobody's template. */
const MAX_DEPTH = 100;

/** What an action's parts refer to. */
export interface Names {
  /** Variables that are there, `$` first. */
  variables: string[];
  /** Fields and variables that were met, in lower case. */
  met: Set<string>;
}

/** Reads one action's tokens from a place on. */
export class PipelineParser {
  readonly #tokens: readonly Token[];
  readonly #names: Names;
  #at: number;

  constructor(tokens: readonly Token[], at: number, names: Names) {
    this.#tokens = tokens;
    this.#at = at;
    this.#names = names;
  }

  /** All that is left. @param declares how many variables it may set @throws TemplateFault */
  whole(declares: number): Pipe {
    const pipe = this.#pipe(declares, 0);
    const rest = this.#tokens[this.#at];
    if (rest?.text === ')') throw new TemplateFault('unexpected right paren');
    if (rest) throw new TemplateFault(`unexpected ${shown(rest)} in action`);
    if (pipe.commands.length === 0) throw new TemplateFault('missing value for command');
    return pipe;
  }

  #pipe(declares: number, depth: number): Pipe {
    if (depth > MAX_DEPTH) throw new TemplateFault('it is nested too deeply');
    const { variables, assigns } = this.#targets(declares);
    const commands: Operand[][] = [];
    for (let token = this.#peek(); token && token.text !== ')'; token = this.#peek()) {
      commands.push(this.#command(commands.length, depth));
      if (!isMark(this.#peek(), '|')) break;
      this.#at++;
      const next = this.#peek();
      if (!next || next.text === ')') throw new TemplateFault('missing value for command');
    }
    // Behind its own value, which does not see them.
    if (!assigns) this.#names.variables.push(...variables);
    return { variables, assigns, commands };
  }

  /** `$x :=`, `$i, $x :=`, `$x =`. */
  #targets(most: number): { variables: string[]; assigns: boolean } {
    const variables: string[] = [];
    let at = this.#at;
    while (variables.length < most && this.#tokens[at]?.kind === 'variable') {
      variables.push(this.#tokens[at]!.text);
      at++;
      if (!isMark(this.#tokens[at], ',')) break;
      at++;
    }
    const sign = this.#tokens[at];
    const assigns = isMark(sign, '=');
    if (variables.length === 0 || !(assigns || isMark(sign, ':='))) {
      return { variables: [], assigns: false };
    }
    this.#at = at + 1;
    if (assigns) variables.forEach((name) => this.#known(name));
    return { variables, assigns };
  }

  #command(before: number, depth: number): Operand[] {
    const operands: Operand[] = [];
    for (let token = this.#peek(); token; token = this.#peek()) {
      if (isMark(token, '|') || isMark(token, ')')) break;
      operands.push(this.#operand(token, depth));
    }
    const [first] = operands;
    if (!first) throw new TemplateFault('missing value for command');
    if (first.type !== 'call') {
      if (before > 0) {
        throw new TemplateFault(`non executable command in pipeline stage ${before + 1}`);
      }
      if (operands.length > 1) throw new TemplateFault("can't give argument to non-function");
      if (first.type === 'value' && first.value === null) {
        throw new TemplateFault('nil is not a command');
      }
    }
    return operands;
  }

  #operand(token: Token, depth: number): Operand {
    this.#at++;
    switch (token.kind) {
      case 'value':
        return { type: 'value', value: token.value };
      case 'field':
        this.#names.met.add(token.text.toLowerCase());
        return { type: 'dot', names: [token.text, ...this.#fields()] };
      case 'variable':
        this.#known(token.text);
        return { type: 'variable', name: token.text, names: this.#fields() };
      case 'word':
        return wordOperand(token.text);
      case 'mark':
        if (token.text === '.') return { type: 'dot', names: [] };
        if (token.text === '(') return this.#inParens(depth);
        throw new TemplateFault(`unexpected ${shown(token)} in operand`);
    }
  }

  #inParens(depth: number): Operand {
    const pipe = this.#pipe(0, depth + 1);
    if (!isMark(this.#peek(), ')')) throw new TemplateFault('unclosed left paren');
    if (pipe.commands.length === 0) throw new TemplateFault('missing value for command');
    this.#at++;
    return { type: 'pipe', pipe, names: this.#fields() };
  }

  /** Those that stand behind an operand without a blank. */
  #fields(): string[] {
    const names: string[] = [];
    for (let token = this.#peek(); token?.kind === 'field'; token = this.#peek()) {
      if (token.spaced) break;
      names.push(token.text);
      this.#names.met.add(token.text.toLowerCase());
      this.#at++;
    }
    return names;
  }

  #known(name: string): void {
    if (this.#names.variables.includes(name)) return;
    throw new TemplateFault(`undefined variable "${name.slice(0, 100)}"`);
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }
}

function wordOperand(word: string): Operand {
  if (word === 'true' || word === 'false') return { type: 'value', value: word === 'true' };
  if (word === 'nil') return { type: 'value', value: null };
  if (KEYWORDS.has(word)) throw new TemplateFault(`unexpected <${word}> in operand`);
  const name = word.slice(0, 100);
  if (LEFT_OUT.has(word)) throw new TemplateFault(`function "${name}" is not supported here`);
  if (!FUNCTIONS.has(word)) throw new TemplateFault(`function "${name}" not defined`);
  return { type: 'call', name: word };
}

function isMark(token: Token | undefined, text: string): boolean {
  return token?.kind === 'mark' && token.text === text;
}

function shown({ text }: Token): string {
  return JSON.stringify(text.slice(0, 100));
}
