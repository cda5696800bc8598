/**
 * Sorting tokens by logit without a comparison function: (logit, id) is packed into one whole number below 2^53,
 * and the engine's own sort of a Float64Array takes a tenth of the time that one with a callback does.
 */
const IDS = 2 ** 21;
const HIGHEST = 0xffff_ffff;

/** Sorts both by falling logit; of equal ones the lower id (below 2^21) first. */
export function sortByLogit(ids: Int32Array, logits: Float32Array): void {
  const words = new Uint32Array(logits.buffer, logits.byteOffset, logits.length);
  const keys = new Float64Array(ids.length);
  for (let i = 0; i < keys.length; i++) keys[i] = falling(words[i]!) * IDS + ids[i]!;
  keys.sort();
  for (let i = 0; i < keys.length; i++) {
    const id = keys[i]! % IDS;
    ids[i] = id;
    words[i] = falling((keys[i]! - id) / IDS);
  }
}

/** The places 0 … n - 1 of `scores` (none negative) by rising score; of equal ones the lower place first. */
export function placesByScore(scores: Float32Array): Float64Array {
  const words = new Uint32Array(scores.buffer, scores.byteOffset, scores.length);
  const keys = new Float64Array(scores.length);
  for (let i = 0; i < keys.length; i++) keys[i] = words[i]! * IDS + i;
  return keys.sort().map((key) => key % IDS);
}

/** The bits of an f32 as a whole number that falls as the float rises; its own inverse. */
function falling(bits: number): number {
  return bits > 0x7fff_ffff ? bits : HIGHEST - bits - 0x8000_0000;
}
