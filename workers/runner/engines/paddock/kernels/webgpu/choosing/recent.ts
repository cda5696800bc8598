/** The end of the text on the adapter: what the penalties look back on. */

/** The largest window of the penalties. */
export const MOST_RECENT = 1024;

export const RECENT_BYTES = 4 * (1 + MOST_RECENT);
export const RECENT = `struct Recent {
  /** Tokens of the text so far. */
  length: u32,
  /** The text's token n at n % ${MOST_RECENT}. */
  tokens: array<u32, ${MOST_RECENT}>,
}`;

/** For the whole of the buffer, before the first choice; the kernels go on from there. */
export function writeRecent(text: readonly number[]): Uint32Array<ArrayBuffer> {
  const recent = new Uint32Array(1 + MOST_RECENT);
  const tokens = text.slice(-MOST_RECENT);
  recent[0] = tokens.length;
  recent.set(tokens, 1);
  return recent;
}
