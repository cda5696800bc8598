/** A short name for long texts. */

/** 53 bits of all texts and their order (cyrb53): told apart here are versions of our own, nothing hostile. */
export function fingerprint(texts: readonly string[]): string {
  let [one, other] = [0xdeadbeef, 0x41c6ce57];
  for (const text of texts) {
    for (let at = 0; at <= text.length; at++) {
      const unit = at < text.length ? text.charCodeAt(at) : 0x10000;
      one = Math.imul(one ^ unit, 2654435761);
      other = Math.imul(other ^ unit, 1597334677);
    }
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(other ^ (other >>> 13), 3266489909);
  other = Math.imul(other ^ (other >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  return ((2097151 & other) * 2 ** 32 + (one >>> 0)).toString(36);
}
