/** The choice among the likeliest tokens of all slices, as `sampler/` makes it: top-k, top-p, min-p, then the draw. */
import { declare, STATE, type Kernel } from '../kernel';
import { ADVANCE } from './advance';
import { candidatesEnd, candidateSlices } from './candidates';
import { NONE, RANK } from './rank';
import { MOST_RECENT, RECENT } from './recent';
import { SAMPLING } from './sampling';
import { FIND_TOP, MOST_CANDIDATES, TOP_LANES } from './top';

/**
 * `candidates` → a token by the number in [0, 1) that `draws` has at `state.step`, modulo its length; it is the next
 * run, and the last of `recent`. `NONE` where no logit is a number. One workgroup.
 */
export function choose(vocabulary: number): Kernel {
  const bindings = [
    { name: 'candidates', access: 'write' },
    { name: 'sampling', access: 'uniform' },
    { name: 'draws', access: 'read' },
    { name: 'recent', access: 'write' },
    { name: 'history', access: 'write' },
    { name: 'state', access: 'write' },
  ] as const;
  const slices = candidateSlices(vocabulary);
  const firstLeft = candidatesEnd(vocabulary);
  return {
    label: 'choose',
    bindings,
    code: `
${STATE}
${SAMPLING}
${RECENT}
${declare(bindings, {
  candidates: 'array<vec2u>',
  sampling: 'Sampling',
  draws: 'array<f32>',
  recent: 'Recent',
  history: 'array<u32>',
  state: 'State',
})}
${RANK}
${ADVANCE}
/** By falling logit. */
var<workgroup> top: array<vec2u, ${MOST_CANDIDATES}>;
/** Of each of them: how far its logit is below the largest, its weight, its weight by the temperature. */
var<workgroup> weights: array<vec3f, ${MOST_CANDIDATES}>;

fn entryAt(at: u32) -> vec2u {
  return candidates[at];
}

fn keep(place: u32, entry: vec2u) {
  top[place] = entry;
}

fn leave(at: u32, entry: vec2u) {
  candidates[${firstLeft}u + at] = entry;
}

fn leftAt(at: u32) -> vec2u {
  return candidates[${firstLeft}u + at];
}
${FIND_TOP}
/** How many of the first \`count\` stay: what goes has together no more than \`sampling.rest\` of their weight. */
fn topP(count: u32) -> u32 {
  // From the smallest on, so that they are not lost in the sum of the large ones.
  var total = 0.0;
  for (var place = count; place > 0u; place--) { total += weights[place - 1u].y; }
  var kept = count;
  var rest = 0.0;
  while (kept > 1u) {
    rest += weights[kept - 1u].y;
    if (rest > sampling.rest * total) { break; }
    kept--;
  }
  return kept;
}

fn minP(count: u32) -> u32 {
  var kept = count;
  while (kept > 1u && weights[kept - 1u].x < sampling.least) { kept--; }
  return kept;
}

fn draw(count: u32) -> u32 {
  var total = 0.0;
  for (var place = 0u; place < count; place++) { total += weights[place].z; }
  let wanted = draws[state.step % arrayLength(&draws)] * total;
  var place = 0u;
  var sum = weights[0].z;
  while (place < count - 1u && sum <= wanted) {
    place++;
    sum += weights[place].z;
  }
  return top[place].y;
}

@compute @workgroup_size(${TOP_LANES})
fn main(@builtin(local_invocation_index) lane: u32) {
  let found = findTop(lane, 0u, ${slices}u * sampling.count, sampling.count);
  workgroupBarrier();
  if (lane < found) {
    let below = unrank(top[lane].x) - unrank(top[0].x);
    weights[lane] = vec3f(below, exp(below), exp(below / sampling.temperature));
  }
  workgroupBarrier();
  if (lane > 0u) { return; }
  var token = ${NONE}u;
  if (found > 0u) { token = draw(minP(topP(found))); }
  recent.tokens[recent.length % ${MOST_RECENT}u] = token;
  recent.length++;
  advance(token);
}`,
  };
}
