/** The greedy choice. */
import { declare, STATE, type Kernel } from '../kernel';
import { ADVANCE } from './advance';
import { RANK } from './rank';

const LANES = 256;

/**
 * `best` [entries] (bits of a logit, its token) → the token of the largest logit, of equal ones the lowest, as the
 * next run; entries whose logit is -∞ or not a number do not count, and without others it is `NONE`. One workgroup.
 */
export function next(entries: number): Kernel {
  const bindings = [
    { name: 'best', access: 'read' },
    { name: 'history', access: 'write' },
    { name: 'state', access: 'write' },
  ] as const;
  return {
    label: 'next',
    bindings,
    code: `
${STATE}
${declare(bindings, { best: 'array<vec2u>', history: 'array<u32>', state: 'State' })}
${RANK}
${ADVANCE}
var<workgroup> largest: atomic<u32>;
/** The bits of a token turned over: the lowest token is the largest, and none is 0. */
var<workgroup> lowest: atomic<u32>;

@compute @workgroup_size(${LANES})
fn main(@builtin(local_invocation_index) lane: u32) {
  var own = vec2u(0u, 0u);
  for (var at = lane; at < ${entries}u; at += ${LANES}u) {
    let entry = vec2u(rank(best[at].x), ~best[at].y);
    if (entry.x > own.x || (entry.x == own.x && entry.x > 0u && entry.y > own.y)) { own = entry; }
  }
  atomicMax(&largest, own.x);
  workgroupBarrier();
  if (own.x > 0u && own.x == atomicLoad(&largest)) { atomicMax(&lowest, own.y); }
  workgroupBarrier();
  if (lane == 0u) { advance(~atomicLoad(&lowest)); }
}`,
  };
}
