/** Comparing logits by their bits: WGSL lets a compiler assume that no float is NaN, and whole numbers have atomics. */

/** What stands for a token where there is none: no logit was a number. */
export const NONE = 0xffff_ffff;

export const RANK = `
/** Rises as the float of these bits does, from 1 on; both zeros are equal. 0: -infinity, or not a number. */
fn rank(bits: u32) -> u32 {
  let size = bits & 0x7fffffffu;
  if (size > 0x7f800000u || bits == 0xff800000u) { return 0u; }
  if (size == 0u) { return 0x80000000u; }
  return select(bits | 0x80000000u, ~bits, bits != size);
}

/** The float that has this rank; the largest number for infinity, which less itself would be none. */
fn unrank(rank: u32) -> f32 {
  if (rank < 0x80000000u) { return bitcast<f32>(~rank); }
  return bitcast<f32>(min(rank & 0x7fffffffu, 0x7f7fffffu));
}`;
