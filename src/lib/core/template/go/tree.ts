/** A template of Go's text/template as a tree. */

export type GoNode =
  | { type: 'text'; text: string }
  /** What is written where it stands, or only sets a variable. */
  | { type: 'action'; pipe: Pipe }
  | Branch
  | { type: 'template'; name: string; pipe: Pipe | undefined }
  | { type: 'break' | 'continue' };

export interface Branch {
  type: 'if' | 'with' | 'range';
  /** The first that holds; `else if` and `else with` make more of them. */
  arms: { pipe: Pipe; body: GoNode[] }[];
  other: GoNode[];
}

/** `$a, $b := one | two`: each command's value is the last argument of the next. */
export interface Pipe {
  /** With their `$`. */
  variables: string[];
  /** `=` and not `:=`. */
  assigns: boolean;
  commands: Operand[][];
}

/** `names` are the fields behind it: `$x.A.B`. */
export type Operand =
  | { type: 'value'; value: string | number | boolean | null }
  | { type: 'dot'; names: string[] }
  | { type: 'variable'; name: string; names: string[] }
  /** A function: with the rest of its command as arguments where it stands first. */
  | { type: 'call'; name: string }
  | { type: 'pipe'; pipe: Pipe; names: string[] };

export interface GoTemplate {
  nodes: GoNode[];
  /** Those of `define` and `block`. */
  defined: ReadonlyMap<string, GoNode[]>;
  /** Fields and variables anywhere in it, in lower case. */
  names: ReadonlySet<string>;
}

/** What is wrong with a template; its message is a sentence's end, such as `unclosed action`. */
export class TemplateFault extends Error {}
