/** The likeliest tokens of each slice of the vocabulary. */
import { declare, type Kernel } from '../kernel';
import { NONE, RANK } from './rank';
import { SAMPLING } from './sampling';
import { FIND_TOP, MOST_CANDIDATES, mostLeft, TOP_LANES } from './top';

/** Tokens of a slice, each a workgroup's. */
const SLICE = 16 * TOP_LANES;

export function candidateSlices(vocabulary: number): number {
  return Math.ceil(vocabulary / SLICE);
}

/** Entries of `candidates` behind which is room for those that `findTop` leaves. */
export function candidatesEnd(vocabulary: number): number {
  return candidateSlices(vocabulary) * MOST_CANDIDATES;
}

/** Of the buffer `candidates`. */
export function candidatesBytes(vocabulary: number): number {
  const left = candidateSlices(vocabulary) * mostLeft(SLICE);
  return (candidatesEnd(vocabulary) + left) * 8;
}

/**
 * `logits` [vocabulary] → `candidates` [slices][sampling.count] (rank, token), each slice's by falling logit; (0, `NONE`)
 * where a slice has fewer. A workgroup a slice.
 */
export function candidates(vocabulary: number): Kernel {
  const bindings = [
    { name: 'logits', access: 'read' },
    { name: 'sampling', access: 'uniform' },
    { name: 'candidates', access: 'write' },
  ] as const;
  const types = { logits: 'array<u32>', sampling: 'Sampling', candidates: 'array<vec2u>' };
  return {
    label: 'candidates',
    bindings,
    code: `
${SAMPLING}
${declare(bindings, types)}
${RANK}
var<private> firstKept: u32;
var<private> firstLeft: u32;

fn entryAt(token: u32) -> vec2u {
  return vec2u(rank(logits[token]), token);
}

fn keep(place: u32, entry: vec2u) {
  candidates[firstKept + place] = entry;
}

fn leave(at: u32, entry: vec2u) {
  candidates[firstLeft + at] = entry;
}

fn leftAt(at: u32) -> vec2u {
  return candidates[firstLeft + at];
}
${FIND_TOP}
@compute @workgroup_size(${TOP_LANES})
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let first = workgroup.x * ${SLICE}u;
  firstKept = workgroup.x * sampling.count;
  firstLeft = ${candidatesEnd(vocabulary)}u + workgroup.x * ${mostLeft(SLICE)}u;
  let found = findTop(lane, first, min(first + ${SLICE}u, ${vocabulary}u), sampling.count);
  if (lane >= found && lane < sampling.count) { keep(lane, vec2u(0u, ${NONE}u)); }
}`,
  };
}
