/** UTF-16 units that are shown and sent; the ending stays. */
const LONGEST = 80;
const ENDING = 16;

/**
 * A file's name as it is shown and sent: one line, and in the order it is written in (no marks that turn its
 * direction, by which "txt.exe" reads as "exe.txt").
 */
export function cleanName(name: string): string {
  const plain = name
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .replace(/`/g, "'")
    .trim();
  if (plain === '') return 'file';
  if (plain.length <= LONGEST) return plain;
  return `${plain.slice(0, LONGEST - ENDING - 1).toWellFormed()}…${plain.slice(-ENDING).toWellFormed()}`;
}

/** In lower case, without the dot; '' where there is none. */
export function endingOf(name: string): string {
  return /\.([^.\s]{1,12})$/.exec(name)?.[1]?.toLowerCase() ?? '';
}
