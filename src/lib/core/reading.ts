/** What the page asks of the worker that reads formulas and code. */
export interface ReadingMethods {
  /** Loads what `math` or `code` needs, so that no limit of time counts it. */
  prepare: { params: 'math' | 'code'; chunk: never; result: void };
  /** MathML of a formula in LaTeX; null: it cannot be read, or is more than a page can show. */
  math: { params: Formula; chunk: never; result: string | null };
  /** Pairs of a length in UTF-16 units and an index in `CODE_COLOURS`; null: nobody knows the language. */
  code: { params: { language: string; code: string }; chunk: never; result: Uint32Array | null };
}

export interface Formula {
  tex: string;
  /** On a line of its own. */
  display: boolean;
}

/** The classes of coloured code; the first is none. */
export const CODE_COLOURS = [
  ...['', 'code-keyword', 'code-string', 'code-number', 'code-comment', 'code-title'],
  ...['code-type', 'code-attribute', 'code-meta', 'code-added', 'code-removed'],
] as const;
