/** The end of a text cut off, so that its tokens fit: by counts alone, since wllama tells no token's place. */

/** Tokens of a text, those that begin and end it too. */
export type CountTokens = (text: string) => Promise<number>;

/** Letters; longer than any token's text (all-MiniLM's longest has 21). */
const LONGEST_TOKEN = 32;

/**
 * The longest beginning of `text` that has `limit` tokens at most. Where words end counts only grow, so they are
 * halved; inside a word they do not ("strawberr" has more than "strawberry"), so every place is tried.
 * @param tokens how many `text` has, more than `limit`
 */
export async function cutText(
  text: string,
  tokens: number,
  limit: number,
  count: CountTokens,
): Promise<string> {
  const fits = async (end: number) => (await count(text.slice(0, end))) <= limit;
  // Of a book, most is never looked at: twice the share of it that fits is enough, or twice that.
  let end = Math.ceil((text.length * limit) / tokens);
  do end = letterEnd(text, 2 * end);
  while (end < text.length && (await fits(end)));
  const words = await lastFitting([0, ...wordEnds(text.slice(0, end)), end], fits);
  if ((await count(text.slice(0, words.fits))) === limit) return text.slice(0, words.fits);
  // A script without spaces has no words: of such a long one only the last token's surroundings are tried.
  const letters = letterEnds(text, words.fits, words.exceeds);
  const near =
    letters.length > LONGEST_TOKEN ? (await lastFitting(letters, fits)).fits : words.fits;
  const tried = letters.filter((at) => at > near).slice(0, LONGEST_TOKEN);
  for (const at of tried.reverse()) if (await fits(at)) return text.slice(0, at);
  return text.slice(0, near);
}

/** Of `places` in their order the last that fits, the first taken to, and the one behind it. */
async function lastFitting(places: readonly number[], fits: (end: number) => Promise<boolean>) {
  let first = 0;
  let last = places.length - 1;
  while (last - first > 1) {
    const middle = (first + last) >> 1;
    if (await fits(places[middle]!)) first = middle;
    else last = middle;
  }
  return { fits: places[first]!, exceeds: places[last]! };
}

function wordEnds(text: string): number[] {
  return [...text.matchAll(/(?<=\S)(?=\s)/g)].map(({ index }) => index);
}

/** `at`, or behind the letter that it would part; at most the end of the text. */
function letterEnd(text: string, at: number): number {
  const parts =
    at < text.length && /^[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(at - 1, at + 1));
  return Math.min(parts ? at + 1 : at, text.length);
}

/** Where a letter ends, behind `from` and up to `to`: never inside a pair of surrogates. */
function letterEnds(text: string, from: number, to: number): number[] {
  const ends: number[] = [from];
  for (const letter of text.slice(from, to)) ends.push(ends.at(-1)! + letter.length);
  return ends;
}
