/** Takes what highlight.js finds, as runs of one colour. */
import { CODE_COLOURS } from '#core/reading';

const SCOPES: Record<(typeof CODE_COLOURS)[number], string> = {
  '': 'subst params operator punctuation property template-variable',
  'code-keyword': 'keyword literal selector-tag name built_in',
  'code-string': 'string regexp char.escape link code quote',
  'code-number': 'number symbol bullet',
  'code-comment': 'comment',
  'code-title': 'title title.function title.function.invoke section selector-id',
  'code-type': 'type title.class title.class.inherited class selector-class',
  'code-attribute': 'attr attribute variable variable.language variable.constant selector-attr',
  'code-meta': 'meta doctag template-tag selector-pseudo formula',
  'code-added': 'addition',
  'code-removed': 'deletion',
};

const COLOURS = new Map(
  CODE_COLOURS.flatMap((name, index) =>
    SCOPES[name].split(' ').map((scope) => [scope, index] as const),
  ),
);

export class ColourEmitter {
  /** Pairs of a length and a colour. */
  readonly runs: number[] = [];
  readonly #open: number[] = [];

  addText(text: string): void {
    this.#add(text.length, this.#open.at(-1) ?? 0);
  }

  startScope(scope: string): void {
    // A scope without a colour, such as a language's, has that of the one around it.
    this.#open.push(COLOURS.get(scope) ?? this.#open.at(-1) ?? 0);
  }

  endScope(): void {
    this.#open.pop();
  }

  /** Half of highlight.js 11 uses these names. */
  openNode(scope: string): void {
    this.startScope(scope);
  }

  closeNode(): void {
    this.endScope();
  }

  __addSublanguage(inner: ColourEmitter): void {
    const around = this.#open.at(-1) ?? 0;
    for (let at = 0; at < inner.runs.length; at += 2) {
      this.#add(inner.runs[at] ?? 0, inner.runs[at + 1] || around);
    }
  }

  #add(length: number, colour: number): void {
    if (length === 0) return;
    const { runs } = this;
    if (runs.at(-1) === colour) runs[runs.length - 2] = (runs[runs.length - 2] ?? 0) + length;
    else runs.push(length, colour);
  }

  closeAllNodes(): void {
    this.#open.length = 0;
  }

  finalize(): void {
    this.closeAllNodes();
  }

  /** What highlight.js calls its value: nobody reads it. */
  toHTML(): string {
    return '';
  }
}
