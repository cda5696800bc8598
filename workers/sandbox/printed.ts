/** What a program prints, up to a bound. */
import { PRINTED_LETTERS } from '#core/tools/sandbox';

export class Printed {
  #text = '';
  #left = 0;

  line(text: string) {
    const room = PRINTED_LETTERS - this.#text.length;
    this.#text += `${text}\n`.slice(0, Math.max(0, room));
    this.#left += Math.max(0, text.length + 1 - Math.max(0, room));
  }

  get text(): string {
    const more = this.#left > 0 ? `\n[${this.#left} more characters were printed.]` : '';
    return this.#text.trimEnd() + more;
  }
}

export function cutValue(text: string): string {
  if (text.length <= PRINTED_LETTERS) return text;
  return `${text.slice(0, PRINTED_LETTERS)}\n[Cut here: ${PRINTED_LETTERS} of ${text.length} characters.]`;
}
