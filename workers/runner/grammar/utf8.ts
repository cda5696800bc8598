/** Ranges of characters as ranges of bytes. RFC 3629, section 3. */
import type { Range } from '#core/grammar/expression';

/** The last character of one, two, three and four bytes. */
const LASTS = [0x7f, 0x7ff, 0xffff, 0x10ffff];

/** Rows of byte ranges, one row after the other; a row's combinations are all in the range. No surrogates. */
export function byteRanges([from, to]: Range): Range[][] {
  for (const last of LASTS) {
    if (from <= last && to > last)
      return [...byteRanges([from, last]), ...byteRanges([last + 1, to])];
  }
  if (to <= 0x7f) return [[[from, to]]];
  // Cut where what follows the first bytes does not go through all its values.
  for (let bits = 6; bits <= 18; bits += 6) {
    const mask = 2 ** bits - 1;
    if ((from & ~mask) === (to & ~mask)) break;
    if ((from & mask) !== 0)
      return [...byteRanges([from, from | mask]), ...byteRanges([(from | mask) + 1, to])];
    if ((to & mask) !== mask) {
      const end = to & ~mask;
      return [...byteRanges([from, end - 1]), ...byteRanges([end, to])];
    }
  }
  const [first, last] = [encoded(from), encoded(to)];
  return [first.map((byte, at): Range => [byte, last[at]!])];
}

function encoded(point: number): number[] {
  return [...new TextEncoder().encode(String.fromCodePoint(point))];
}
