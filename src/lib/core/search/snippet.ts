import { fold, rangesOf, type Range } from '#core/search/fold';

/** A piece of a text with what was found in it; `marks` are places in `text`. */
export interface Snippet {
  text: string;
  marks: Range[];
}

/** UTF-16 units before the first hit, and in all: three lines of the sidebar. */
const BEFORE = 32;
const LENGTH = 160;

/** The lines around the first of `words` (folded), blanks as one. */
export function snippetOf(text: string, folded: string, words: readonly string[]): Snippet {
  const first = Math.min(...words.map((word) => folded.indexOf(word)).filter((at) => at !== -1));
  const at = Number.isFinite(first) ? placeIn(text, folded, first) : 0;
  const from = edge(text, Math.max(0, at - BEFORE));
  const to = edge(text, Math.min(text.length, at + LENGTH));
  const piece = text.slice(from, to).replace(/\s+/g, ' ').trim();
  const shown = `${from > 0 ? '…' : ''}${piece}${to < text.length ? '…' : ''}`;
  return { text: shown, marks: rangesOf(shown, words) };
}

/** The place in `text` of one in its folded form. */
function placeIn(text: string, folded: string, place: number): number {
  // Most texts keep every place: then nothing has to be counted.
  if (folded.length === text.length && folded === text.toLowerCase()) return place;
  let at = 0;
  let length = 0;
  for (const character of text) {
    length += fold(character).length;
    if (length > place) break;
    at += character.length;
  }
  return at;
}

/** Not between the halves of a character. */
function edge(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}
