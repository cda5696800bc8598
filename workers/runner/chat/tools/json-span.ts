/** Where a JSON object or list ends that comes in pieces. */

const ALLOWED = /[\s\w.+\-:,]/;

export class JsonSpan {
  #depth = 0;
  #quoted = false;
  #escaped = false;
  #at = 0;

  /** Letters that were read; where it is no JSON, up to the one that cannot be. */
  get length(): number {
    return this.#at;
  }

  /**
   * Reads on to the end of `text`, which begins with the object or list and has grown since the last call.
   * @returns `more` where it goes on, `none` where it is no JSON
   */
  read(text: string): 'whole' | 'more' | 'none' {
    for (; this.#at < text.length; this.#at++) {
      const letter = text[this.#at]!;
      if (this.#quoted) this.#inText(letter);
      else if (letter === '"') this.#quoted = true;
      else if (letter === '{' || letter === '[') this.#depth++;
      else if (letter === '}' || letter === ']') this.#depth--;
      else if (!ALLOWED.test(letter)) return 'none';
      if (this.#depth === 0) {
        this.#at++;
        return 'whole';
      }
    }
    return 'more';
  }

  #inText(letter: string): void {
    if (this.#escaped) this.#escaped = false;
    else if (letter === '\\') this.#escaped = true;
    else if (letter === '"') this.#quoted = false;
  }
}

/** The names that a call's JSON begins with. */
const KEYS = ['name', 'arguments', 'parameters', 'type', 'function', 'id', 'tool_name'];

/** Whether text may become a call's JSON, told from its beginning. */
export function mayBeCall(text: string): 'yes' | 'no' | 'more' {
  const key = /^(?:\[\s*)?\{\s*"(\w*)("?)/.exec(text);
  if (!key) return /^(?:\[\s*)?(?:\{\s*)?$/.test(text) ? 'more' : 'no';
  const [all, name, closed] = key;
  if (closed) return KEYS.includes(name!) ? 'yes' : 'no';
  const goesOn = all.length === text.length && KEYS.some((known) => known.startsWith(name!));
  return goesOn ? 'more' : 'no';
}
