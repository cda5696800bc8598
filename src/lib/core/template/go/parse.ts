/** Go's text/template, read into a tree: what `create` finds wrong with one, and what is rendered. */
import { actionsOf, type Token } from './lexer';
import { PipelineParser, type Names } from './pipeline';
import { TemplateFault, type Branch, type GoNode, type GoTemplate, type Pipe } from './tree';

/** Blocks in one another; deeper ones are nobody's template, and the renderer goes down with them. */
const MAX_DEPTH = 100;
/** In one place; each use looks through them. */
const MAX_VARIABLES = 100;

/** A block that is open. */
interface Frame {
  kind: 'root' | 'if' | 'with' | 'range' | 'define';
  /** Where nodes go. */
  nodes: GoNode[];
  branch?: Branch;
  /** Nothing but the end may follow. */
  last?: boolean;
  /** The variables to go back to behind it, and in its next part. */
  variables: string[];
  inside: string[];
}

/** @throws TemplateFault */
export function parseGo(template: string): GoTemplate {
  return new Parser().parse(template);
}

class Parser {
  readonly #root: GoNode[] = [];
  readonly #defined = new Map<string, GoNode[]>();
  readonly #called = new Set<string>();
  readonly #names: Names = { variables: ['$'], met: new Set() };
  readonly #frames: Frame[] = [{ kind: 'root', nodes: this.#root, variables: [], inside: [] }];

  parse(template: string): GoTemplate {
    const actions = actionsOf(template);
    for (let next = actions.next(); ; next = actions.next()) {
      this.#text(next.done ? next.value : next.value.text);
      if (next.done) break;
      const [first] = next.value.tokens;
      if (first) this.#action(first, next.value.tokens);
    }
    const open = this.#frames[1];
    if (open) throw new TemplateFault(`unexpected EOF: {{${open.kind}}} has no {{end}}`);
    for (const name of this.#called) {
      if (!this.#defined.has(name)) throw new TemplateFault(`template ${brief(name)} not defined`);
    }
    return { nodes: this.#root, defined: this.#defined, names: this.#names.met };
  }

  get #top(): Frame {
    return this.#frames.at(-1)!;
  }

  #text(text: string): void {
    if (text !== '') this.#top.nodes.push({ type: 'text', text });
  }

  #action(first: Token, tokens: readonly Token[]): void {
    const word = first.kind === 'word' ? first.text : '';
    switch (word) {
      case 'if':
      case 'with':
      case 'range':
        return this.#open(word, tokens);
      case 'else':
        return this.#else(tokens);
      case 'end':
        return this.#end(tokens);
      case 'define':
        return this.#define(tokens);
      case 'block':
        return this.#block(tokens);
      case 'template':
        return this.#template(tokens);
      case 'break':
      case 'continue':
        return this.#leave(word, tokens);
      default: {
        const pipe = this.#pipe(tokens, 0, 1);
        this.#top.nodes.push({ type: 'action', pipe });
      }
    }
  }

  #pipe(tokens: readonly Token[], at: number, declares: number): Pipe {
    const pipe = new PipelineParser(tokens, at, this.#names).whole(declares);
    if (this.#names.variables.length > MAX_VARIABLES) {
      throw new TemplateFault(`it has more than ${MAX_VARIABLES} variables in one place`);
    }
    return pipe;
  }

  #open(kind: Branch['type'], tokens: readonly Token[]): void {
    const variables = [...this.#names.variables];
    const pipe = this.#pipe(tokens, 1, kind === 'range' ? 2 : 1);
    const body: GoNode[] = [];
    const branch: Branch = { type: kind, arms: [{ pipe, body }], other: [] };
    this.#top.nodes.push(branch);
    this.#push({ kind, nodes: body, branch, variables, inside: [...this.#names.variables] });
  }

  #else(tokens: readonly Token[]): void {
    const { branch, last, kind } = this.#top;
    if (!branch || last) throw new TemplateFault('unexpected {{else}}');
    this.#names.variables = [...this.#top.inside];
    const next = tokens[1];
    if (!next) {
      this.#top.nodes = branch.other;
      this.#top.last = true;
      return;
    }
    const again = next.kind === 'word' && next.text === kind && kind !== 'range';
    if (!again) throw new TemplateFault(`unexpected ${brief(next.text)} in else`);
    const body: GoNode[] = [];
    branch.arms.push({ pipe: this.#pipe(tokens, 2, 1), body });
    this.#top.inside = [...this.#names.variables];
    this.#top.nodes = body;
  }

  #end(tokens: readonly Token[]): void {
    if (tokens.length > 1) throw new TemplateFault('unexpected token in end');
    if (this.#frames.length === 1) throw new TemplateFault('unexpected {{end}}');
    this.#names.variables = this.#frames.pop()!.variables;
  }

  #define(tokens: readonly Token[]): void {
    if (this.#frames.length > 1) throw new TemplateFault('unexpected {{define}}');
    if (tokens.length > 2) throw new TemplateFault('unexpected token in define clause');
    this.#begin(nameOf(tokens, 'define'));
  }

  #block(tokens: readonly Token[]): void {
    const name = nameOf(tokens, 'block');
    this.#top.nodes.push({ type: 'template', name, pipe: this.#pipe(tokens, 2, 1) });
    this.#begin(name);
  }

  /** The nodes of a template of its own; of two with one name the last counts. */
  #begin(name: string): void {
    const nodes: GoNode[] = [];
    this.#defined.set(name, nodes);
    this.#push({ kind: 'define', nodes, variables: this.#names.variables, inside: [] });
    this.#names.variables = ['$'];
  }

  #template(tokens: readonly Token[]): void {
    const name = nameOf(tokens, 'template');
    this.#called.add(name);
    const pipe = tokens.length > 2 ? this.#pipe(tokens, 2, 1) : undefined;
    this.#top.nodes.push({ type: 'template', name, pipe });
  }

  #leave(word: 'break' | 'continue', tokens: readonly Token[]): void {
    if (tokens.length > 1) throw new TemplateFault(`unexpected token in ${word}`);
    const loop = this.#frames.findLast(({ kind }) => kind === 'range' || kind === 'define');
    if (loop?.kind !== 'range') throw new TemplateFault(`{{${word}}} outside {{range}}`);
    this.#top.nodes.push({ type: word });
  }

  #push(frame: Frame): void {
    if (this.#frames.length > MAX_DEPTH) throw new TemplateFault('it is nested too deeply');
    this.#frames.push(frame);
  }
}

function nameOf(tokens: readonly Token[], clause: string): string {
  const name = tokens[1];
  if (name?.kind === 'value' && typeof name.value === 'string') return name.value;
  throw new TemplateFault(`unexpected token in ${clause} clause`);
}

function brief(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
