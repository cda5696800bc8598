/** Goes through the text of a Modelfile once, front to back. */
import { badModelfile } from '#core/modelfile/commands';
import { isBlank, isLineEnd } from '#core/modelfile/text';

const WORD = /[A-Za-z0-9_]*/y;

export class Scanner {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  /** From 1. */
  get line(): number {
    return this.#line;
  }

  get ended(): boolean {
    return this.#at >= this.#text.length;
  }

  /** To the next command: over blanks, empty lines and comments. */
  skipToCommand(): void {
    for (;;) {
      if (isBlank(this.#text[this.#at])) this.#at++;
      else if (isLineEnd(this.#text[this.#at])) this.#endLine();
      else if (this.#text[this.#at] === '#') this.#at = this.#lineEnd();
      else return;
    }
  }

  /** Letters, digits and underscores, and the blanks behind; `closed` where there were any. */
  word(): { word: string; closed: boolean } {
    WORD.lastIndex = this.#at;
    const [word] = WORD.exec(this.#text)!;
    this.#at += word.length;
    const start = this.#at;
    while (isBlank(this.#text[this.#at])) this.#at++;
    return { word, closed: this.#at > start };
  }

  /**
   * The value that begins here: to the line's end, or to the first line that ends with the quotes it begins with.
   * @throws PaddockError `bad_request` where they are not closed
   */
  value(): string {
    const start = this.#at;
    const { line } = this;
    const quotes = this.#text.startsWith('"""', start)
      ? '"""'
      : this.#text[start] === '"'
        ? '"'
        : '';
    for (;;) {
      const lineStart = this.#at;
      const lineEnd = this.#lineEnd();
      const end = this.#trimmedEnd(lineStart, lineEnd);
      this.#at = lineEnd;
      const closed =
        end - quotes.length >= start + quotes.length && this.#text.endsWith(quotes, end);
      // What was written before a line's blank end does not close it: the quotes are the last of that line.
      if (quotes === '' || (closed && end > lineStart)) {
        return this.#text.slice(start + quotes.length, Math.max(start, end - quotes.length));
      }
      if (this.ended) throw badModelfile(`unexpected EOF: a ${quotes} is not closed`, line);
      this.#endLine();
    }
  }

  /** Where the line ends, its end excluded. */
  #lineEnd(): number {
    let at = this.#at;
    while (at < this.#text.length && !isLineEnd(this.#text[at])) at++;
    return at;
  }

  #trimmedEnd(from: number, to: number): number {
    let end = to;
    while (end > from && isBlank(this.#text[end - 1])) end--;
    return end;
  }

  /** Over one line's end; CR and LF are one. */
  #endLine(): void {
    this.#at += this.#text.startsWith('\r\n', this.#at) ? 2 : 1;
    this.#line++;
  }
}
