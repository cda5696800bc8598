/** Letters at the end of `text` that `tag` begins with; a whole tag is none. */
export function overlap(text: string, tag: string): number {
  let length = Math.min(tag.length - 1, text.length);
  while (length > 0 && !text.endsWith(tag.slice(0, length))) length--;
  return length;
}
