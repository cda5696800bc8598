/**
 * Texts as they are compared: without case, accents and compatibility forms. Folded character by character, so that
 * a place in the folded text can be brought back to the one that it came from.
 */

/** Two places in a text: of the first UTF-16 unit, and behind the last. */
export type Range = [start: number, end: number];

const MARKS = /\p{M}+/gu;

export function fold(text: string): string {
  // A sigma at a word's end is another letter in lower case: by the word, not by the character.
  return text.normalize('NFKD').replace(MARKS, '').toLowerCase().replaceAll('ς', 'σ');
}

/** The words of a query, folded, each once. */
export function wordsOf(query: string): string[] {
  return [...new Set(fold(query).split(/\s+/))].filter((word) => word !== '');
}

/** Where `words` (folded) stand in `text`: in order, apart, whole characters with their accents. */
export function rangesOf(text: string, words: readonly string[]): Range[] {
  const folded: string[] = [];
  const starts: number[] = []; // of the character that each folded unit came from
  const ends: number[] = []; // behind it, and behind the accents that follow it
  let at = 0;
  for (const character of text) {
    const part = fold(character);
    at += character.length;
    if (part === '') ends.fill(at, starts.indexOf(starts.at(-1) ?? -1));
    folded.push(part);
    for (let unit = 0; unit < part.length; unit++) {
      starts.push(at - character.length);
      ends.push(at);
    }
  }
  return joined(
    whole(
      text,
      placesOf(folded.join(''), words).map(([a, b]) => [starts[a]!, ends[b - 1]!]),
    ),
  );
}

function placesOf(folded: string, words: readonly string[]): Range[] {
  const places: Range[] = [];
  for (const word of words) {
    let at = folded.indexOf(word);
    for (; at !== -1; at = folded.indexOf(word, at + word.length))
      places.push([at, at + word.length]);
  }
  return places;
}

/** Ranges that touch or overlap as one, in order. */
function joined(ranges: Range[]): Range[] {
  const all: Range[] = [];
  for (const [start, end] of ranges.sort(([a], [b]) => a - b)) {
    const last = all.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else all.push([start, end]);
  }
  return all;
}

/** Widened to what a reader sees as characters: half a family of emoji would fall apart. */
function whole(text: string, ranges: Range[]): Range[] {
  if (ranges.length === 0) return [];
  const edges = [...new Intl.Segmenter().segment(text)].map(({ index }) => index);
  edges.push(text.length);
  return ranges.map(([start, end]) => [
    edges.findLast((edge) => edge <= start) ?? 0,
    edges.find((edge) => edge >= end) ?? text.length,
  ]);
}
