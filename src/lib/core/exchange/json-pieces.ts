/**
 * Cuts JSON into the values that stand in its outermost list, or under its outermost names, as it comes: a file of
 * gigabytes is never in memory, and of one that was cut all before the cut can be read. Several documents may follow
 * each other, as in JSONL. What a piece holds is for JSON.parse to judge.
 */
import { badFile, MOST_CHAT, MOST_DEPTH, tooLarge } from '#core/exchange/limits';

export type Piece =
  /** `key`: under this name of the outermost object; `item`: one of a list there. */
  | { type: 'value'; key: string | null; item: boolean; text: string }
  /** A document has ended. */
  | { type: 'end' };

type Expects = 'document' | 'key' | 'colon' | 'value' | 'item' | 'comma' | 'collecting';

const SPACE = /[\s\uFEFF]/;
const notJson = () =>
  badFile('This file is not JSON, or is damaged.', 'Export it again where it comes from.');

export class JsonPieces {
  #expects: Expects = 'document';
  /** The outermost value is an object. */
  #object = false;
  /** Within a list that stands in the outermost object, or is the outermost value. */
  #list = false;
  #key: string | null = null;
  /** After a comma nothing may end. */
  #afterComma = false;

  /** Of the value that is being collected. */
  #parts: string[] = [];
  #size = 0;
  #depth = 0;
  #string = false;
  #escaped = false;
  #scalar = false;
  #isKey = false;

  /** Nothing is half read. */
  get complete(): boolean {
    return this.#expects === 'document';
  }

  /** The pieces that `text` completes. @throws PaddockError `bad_file` */
  *feed(text: string): Generator<Piece, void, void> {
    let at = 0;
    while (at < text.length) {
      if (this.#expects === 'collecting') {
        const end = this.#collect(text, at);
        this.#keep(text.slice(at, end.at));
        at = end.at;
        if (end.done) yield* this.#finish();
        continue;
      }
      const letter = text[at]!;
      if (SPACE.test(letter)) at++;
      else if (this.#starts(letter)) this.#begin(letter);
      else {
        at++;
        if (this.#punctuation(letter)) yield { type: 'end' };
      }
    }
  }

  /** Whether a value, or a name, begins here. */
  #starts(letter: string): boolean {
    if (this.#expects === 'key') return letter === '"';
    if (this.#expects === 'value') return letter !== '[' && letter !== ']' && letter !== '}';
    return this.#expects === 'item' && letter !== ']';
  }

  #begin(letter: string): void {
    if (letter === ',' || letter === ':' || letter === '}') throw notJson();
    this.#isKey = this.#expects === 'key';
    this.#scalar = !'"{['.includes(letter);
    this.#depth = 0;
    this.#afterComma = false;
    this.#expects = 'collecting';
  }

  /** True: a document has ended. */
  #punctuation(letter: string): boolean {
    const expects = this.#expects;
    if (expects === 'document' && (letter === '{' || letter === '[')) {
      this.#object = letter === '{';
      this.#list = !this.#object;
      this.#key = null;
      this.#expects = this.#object ? 'key' : 'item';
    } else if (expects === 'colon' && letter === ':') this.#expects = 'value';
    else if (expects === 'value' && letter === '[') {
      this.#list = true;
      this.#expects = 'item';
    } else if (expects === 'comma' && letter === ',') {
      this.#afterComma = true;
      this.#expects = this.#list ? 'item' : 'key';
    } else if (letter === ']' && this.#list && !this.#afterComma && expects !== 'colon') {
      this.#list = false;
      if (!this.#object) return this.#endDocument();
      this.#expects = 'comma';
    } else if (letter === '}' && this.#object && !this.#list && !this.#afterComma) {
      if (expects !== 'key' && expects !== 'comma') throw notJson();
      return this.#endDocument();
    } else throw notJson();
    return false;
  }

  #endDocument(): true {
    this.#object = this.#list = false;
    this.#expects = 'document';
    return true;
  }

  /** Where the value ends, or `text` does. */
  #collect(text: string, from: number): { at: number; done: boolean } {
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (this.#string) {
        if (this.#escaped) this.#escaped = false;
        else if (code === BACKSLASH) this.#escaped = true;
        else if (code === QUOTE) {
          this.#string = false;
          if (this.#depth === 0) return { at: at + 1, done: true };
        }
      } else if (this.#scalar) {
        if (code === COMMA || code === CLOSE || code === END || code <= BLANK) {
          return { at, done: true };
        }
      } else if (code === QUOTE) this.#string = true;
      else if (code === OPEN || code === BEGIN) {
        if (++this.#depth > MOST_DEPTH) {
          throw badFile(
            `This file nests values more than ${MOST_DEPTH} deep.`,
            'No chat needs that: export it again where it comes from.',
          );
        }
      } else if ((code === CLOSE || code === END) && --this.#depth === 0) {
        return { at: at + 1, done: true };
      }
    }
    return { at: text.length, done: false };
  }

  #keep(part: string): void {
    this.#parts.push(part);
    this.#size += part.length;
    if (this.#size > MOST_CHAT) throw tooLarge('One chat in this file', this.#size, MOST_CHAT);
  }

  *#finish(): Generator<Piece, void, void> {
    const text = this.#parts.join('');
    this.#parts = [];
    this.#size = 0;
    if (this.#isKey) {
      this.#key = String(parseJson(text));
      this.#expects = 'colon';
      return;
    }
    this.#expects = 'comma';
    yield { type: 'value', key: this.#key, item: this.#list, text };
  }
}

const [BLANK, QUOTE, COMMA, BACKSLASH] = [0x20, 0x22, 0x2c, 0x5c];
const [OPEN, CLOSE, BEGIN, END] = [0x5b, 0x5d, 0x7b, 0x7d];

/** The value, without anything named `__proto__`. @throws PaddockError `bad_file` */
export function parseJson(text: string): unknown {
  try {
    return /__proto__|\\u/.test(text)
      ? JSON.parse(text, (key, value: unknown) => (key === '__proto__' ? undefined : value))
      : JSON.parse(text);
  } catch {
    throw notJson();
  }
}
