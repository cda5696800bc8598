/** A fenced code block that is still open: its text grows by what arrives, without parsing. */
import type { Token } from 'marked';

export interface Growth {
  /** Code to append. */
  code: string;
  /** Offset behind the closing line, once it is there. */
  closedAt: number | null;
}

export class OpenFence {
  readonly #closing: RegExp;
  readonly #mayClose: RegExp;
  /** Where the first line that was not judged yet begins. */
  #line: number;
  /** Up to where the source is shown. */
  #shown: number;

  private constructor(marker: string, body: number) {
    const kind = marker.charAt(0);
    this.#closing = new RegExp(`^ {0,3}${kind}{${marker.length},} *$`);
    this.#mayClose = new RegExp(`^ {0,3}(?:$|${kind}+ *$)`);
    this.#line = body;
    this.#shown = body;
  }

  /** The fence that `token`, the last one of `source`, leaves open, and its code so far. */
  static of(token: Token, source: string): { fence: OpenFence; code: string } | null {
    // An indented fence takes its indent from each line: rare, and left to the parser.
    const opening = token.type === 'code' ? /^(`{3,}|~{3,})[^\n]*\n/.exec(token.raw) : null;
    if (!opening?.[1]) return null;
    const at = source.length - token.raw.length;
    const fence = new OpenFence(opening[1], at + opening[0].length);
    const { code, closedAt } = fence.grow(source, false);
    return closedAt === null ? { fence, code } : null;
  }

  /** What the longer `source` adds. */
  grow(source: string, done: boolean): Growth {
    let newline: number;
    while ((newline = source.indexOf('\n', this.#line)) !== -1) {
      if (this.#closing.test(source.slice(this.#line, newline))) {
        return { code: this.#upTo(source, this.#line), closedAt: newline + 1 };
      }
      this.#line = newline + 1;
    }
    const rest = source.slice(this.#line);
    if (done && this.#closing.test(rest)) {
      return { code: this.#upTo(source, this.#line), closedAt: source.length };
    }
    const held = !done && this.#mayClose.test(rest);
    return { code: this.#upTo(source, held ? this.#line : source.length), closedAt: null };
  }

  /** A last newline waits for the line after it: the block does not end in an empty line. */
  #upTo(source: string, end: number): string {
    const until = end > this.#shown && source[end - 1] === '\n' ? end - 1 : end;
    const code = source.slice(this.#shown, until);
    this.#shown = until;
    return code;
  }
}
