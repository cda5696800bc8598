/** The largest of many, within a workgroup: three barriers, however many there are. */

/** The most tokens that may be drawn. */
export const MOST_CANDIDATES = 64;

export const TOP_LANES = 256;

/** The most entries of one workgroup: what may be left of them has to lie in 16 KiB with the rest. */
export const MOST_ENTRIES = 24 * TOP_LANES;

/**
 * `findTop` gives the `count` (1 … 64) largest entries (rank, token) to `keep(place, entry)`, the largest at place 0,
 * of equal ones the lower token first; entries of rank 0 do not count. To be defined by the shader: `entryAt(at)`,
 * `keep`, `rank`.
 *
 * Every lane finds the largest of its own entries; the one in place `count` among these is a bound: no entry below it
 * is among the `count` largest, and above it are few: of `count` lanes at the most. Those are compared with each other.
 */
export function findTop(entries: number): string {
  const room = MOST_CANDIDATES * Math.ceil(entries / TOP_LANES);
  return `
var<workgroup> largest: array<vec2u, ${TOP_LANES}>;
var<workgroup> bound: vec2u;
var<workgroup> left: array<vec2u, ${room}>;
var<workgroup> leftCount: atomic<u32>;

fn isAbove(a: vec2u, b: vec2u) -> bool {
  return a.x > b.x || (a.x == b.x && a.y < b.y);
}

/** Of the entries from \`first\` to \`end\`; how many there are. */
fn findTop(lane: u32, first: u32, end: u32, count: u32) -> u32 {
  var own = vec2u(0u, ~lane);
  for (var at = first + lane; at < end; at += ${TOP_LANES}u) {
    let entry = entryAt(at);
    if (isAbove(entry, own)) { own = entry; }
  }
  largest[lane] = own;
  workgroupBarrier();
  var above = 0u;
  for (var other = 0u; other < ${TOP_LANES}u; other++) {
    above += select(0u, 1u, isAbove(largest[other], own));
  }
  if (above == count - 1u) { bound = own; }
  workgroupBarrier();
  if (!isAbove(bound, own)) {
    for (var at = first + lane; at < end; at += ${TOP_LANES}u) {
      let entry = entryAt(at);
      if (entry.x > 0u && !isAbove(bound, entry)) { left[atomicAdd(&leftCount, 1u)] = entry; }
    }
  }
  workgroupBarrier();
  let all = atomicLoad(&leftCount);
  for (var at = lane; at < all; at += ${TOP_LANES}u) {
    let entry = left[at];
    var place = 0u;
    for (var other = 0u; other < all; other++) {
      place += select(0u, 1u, isAbove(left[other], entry));
    }
    if (place < count) { keep(place, entry); }
  }
  return min(all, count);
}`;
}
