/** The largest of many, within a workgroup: four barriers, however many there are. */

/** The most tokens that may be drawn. */
export const MOST_CANDIDATES = 64;

export const TOP_LANES = 256;

/** Entries of `entries` that `findTop` may leave to be compared with each other. */
export function mostLeft(entries: number): number {
  return MOST_CANDIDATES * Math.ceil(entries / TOP_LANES);
}

/**
 * `findTop` gives the `count` (1 … 64) largest entries (rank, token) to `keep(place, entry)`, the largest at place 0,
 * of equal ones the lower token first; entries of rank 0 do not count. To be defined by the shader: `entryAt(at)`,
 * `keep`, and an array of `mostLeft` entries in storage with `leave(at, entry)` and `leftAt(at)`.
 *
 * Every lane finds the largest of its own entries; the one in place `count` among these is a bound: no entry below it
 * is among the `count` largest, and the others are few: those of `count` lanes at the most. They are compared with
 * each other. They lie in storage since the software adapter takes a second to compile 8 KiB of workgroup memory.
 */
export const FIND_TOP = `
var<workgroup> largest: array<vec2u, ${TOP_LANES}>;
var<workgroup> bound: vec2u;
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
      if (entry.x > 0u && !isAbove(bound, entry)) { leave(atomicAdd(&leftCount, 1u), entry); }
    }
  }
  workgroupBarrier();
  storageBarrier();
  let all = atomicLoad(&leftCount);
  for (var at = lane; at < all; at += ${TOP_LANES}u) {
    let entry = leftAt(at);
    var place = 0u;
    for (var other = 0u; other < all; other++) {
      place += select(0u, 1u, isAbove(leftAt(other), entry));
    }
    if (place < count) { keep(place, entry); }
  }
  return min(all, count);
}`;
