/** Finds the tokens that are written in a text by their names, `<|im_start|>` and its like. */
import { TokenType, type Vocabulary } from './vocabulary';

type Fragment = string | number;

interface Special {
  id: number;
  text: string;
  /** Found in any text; the others only where they are asked for. */
  always: boolean;
}

/**
 * Cuts texts as llama.cpp does: longer names first, and for each the leftmost place first.
 * Files' own additions (type 4) are always found; control tokens and the unknown one if `parseSpecial`.
 */
export class SpecialTokens {
  readonly #specials: Special[] = [];

  constructor({ tokens, types }: Vocabulary) {
    const found = new Set<number>([TokenType.control, TokenType.user, TokenType.unknown]);
    types.forEach((type, id) => {
      const text = found.has(type) ? tokens.text(id) : '';
      if (text !== '') this.#specials.push({ id, text, always: type === TokenType.user });
    });
    this.#specials.sort((a, b) => b.text.length - a.text.length);
  }

  /** Texts and ids in turn; no text is empty. */
  split(text: string, parseSpecial: boolean): Fragment[] {
    let fragments: Fragment[] = text === '' ? [] : [text];
    for (const { id, text: name, always } of this.#specials) {
      if ((!always && !parseSpecial) || !text.includes(name)) continue;
      fragments = fragments.flatMap((part) =>
        typeof part === 'string' ? cut(part, name, id) : part,
      );
    }
    return fragments;
  }
}

function cut(text: string, name: string, id: number): Fragment[] {
  return text
    .split(name)
    .flatMap((part, at) => (at === 0 ? [part] : [id, part]))
    .filter((part) => part !== '');
}
