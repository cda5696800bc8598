/** Attention of one token: its key and value placed, then a share of the positions to each workgroup. */
import { declare, enables, STATE, type Binding, type Kernel, type KernelFeatures } from '../kernel';
import { attentionBindings, attentionTypes } from './bindings';
import { cacheRead, cacheWrite } from './cache';
import { headsPlaced } from './heads';
import { tokenPlaced } from './place-token';
import { leastLanes, mostOf, rowsAttended, rowsDeclared, rowsMost, rowsPlaced } from './rows';
import { groupOf, splitsOf, type AttentionShape } from './shape';
import { each } from './text';

export interface AttendVariant {
  /** Lanes of a workgroup, a power of two, at least headSize / 4; four times as many positions are a step. */
  workgroup: number;
}

/** Those worth a try, the default first; the fewest lanes are for adapters on which barriers and compiling are dear. */
export function attendVariants({ headSize }: AttentionShape): AttendVariant[] {
  const least = leastLanes(headSize);
  const lanes = new Set([Math.max(32, least), 64, 128, least]);
  return [...lanes].map((workgroup) => ({ workgroup }));
}

/**
 * Workgroups [splits, kv heads]. The one whose split holds `state.position` writes the new key and value, and reads
 * them as all others, so that they are rounded; the position is below `context`. Large groups of heads are taken in
 * turns.
 */
export function attend(
  shape: AttentionShape,
  features: KernelFeatures,
  { workgroup: lanes }: AttendVariant,
): Kernel & { workgroups(position: number): [number, number] } {
  const partials: Binding = { name: 'partials', access: 'write' };
  const bindings = attentionBindings(shape, 'write', [partials]);
  const group = groupOf(shape);
  const turns = Math.ceil(group / rowsMost(shape.headSize, lanes));
  const rows = Math.ceil(group / turns);
  const options = { shape, features, lanes, rows, seen: () => 'end' };
  return {
    label: `attend ${shape.cache}`,
    bindings,
    workgroups: (position) => [splitsOf(shape, position), shape.keyValueHeads],
    code: `${enables({ ...features, f16: false, dot8: false })}
${STATE}
${declare(bindings, attentionTypes(shape))}
${cacheRead(shape)}
${cacheWrite(shape)}
${headsPlaced(shape)}
${tokenPlaced(shape, lanes)}
${rowsDeclared(options)}

@compute @workgroup_size(${lanes})
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) lane: u32) {
  let head = workgroup.y;
  let first = workgroup.x * ${shape.split}u;
  if (first > state.position) { return; }
  let end = min(first + ${shape.split}u, state.position + 1u);
  if (end == state.position + 1u) {
    placeToken(0u, head, lane);
    storageBarrier();
  }
  for (var turn = 0u; turn < ${turns}u; turn++) {
    let firstRow = turn * ROWS;
${rowsPlaced(options, `(head * ${group}u + min(firstRow + row, ${group - 1}u)) * QUADS`, 'state.position')}
${rowsAttended(options)}
    let record = (workgroup.x * ${shape.heads}u + head * ${group}u + firstRow) * (QUADS + 1u);
    let rows = min(ROWS, ${group}u - firstRow);
    for (var at = lane; at < rows * QUADS; at += LANES) {
      let row = at / QUADS;
      partials[record + row * (QUADS + 1u) + at % QUADS] = sumOf(row, at % QUADS);
    }
${each(
  rows,
  (row) => `    if (lane == ${row}u && ${row}u < rows) {
      partials[record + ${row}u * (QUADS + 1u) + QUADS] = vec4f(${mostOf(row)}, totalOf(${row}u), 0.0, 0.0);
    }`,
)}
  }
}`,
  };
}
