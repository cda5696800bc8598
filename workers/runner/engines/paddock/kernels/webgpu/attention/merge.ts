/** The splits of one token's attention, made one. */
import { declare, STATE, type Binding, type Kernel } from '../kernel';
import type { AttentionShape } from './shape';

const BINDINGS: Binding[] = [
  { name: 'partials', access: 'read' },
  { name: 'attended', access: 'write' },
  { name: 'state', access: 'uniform' },
];

/** Splits that one lane goes through before a second helps it. */
const ALONE = 16;

/** Lanes that share the splits of four columns: one in short contexts, which spares a barrier. */
function partsOf({ headSize, context, split }: AttentionShape): number {
  const most = Math.floor(1024 / headSize);
  return Math.max(1, Math.min(most, Math.ceil(context / split / ALONE)));
}

/** Workgroups [heads]. `attended` [heads][headSize]. */
export function merge(shape: AttentionShape): Kernel & { workgroups: [number, number] } {
  const quads = shape.headSize / 4;
  const parts = partsOf(shape);
  return {
    label: 'merge',
    bindings: BINDINGS,
    workgroups: [shape.heads, 1],
    code: `${STATE}
${declare(BINDINGS, { partials: 'array<vec4f>', attended: 'array<vec4f>' })}
const QUADS = ${quads}u;
${parts > 1 ? `var<workgroup> sums: array<vec4f, ${parts * quads}>;\nvar<workgroup> tops: array<vec2f, ${parts}>;` : ''}

@compute @workgroup_size(${parts * quads})
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) lane: u32) {
  let head = workgroup.x;
  let splits = state.position / ${shape.split}u + 1u;
  var most = -1e38;
  var total = 0.0;
  var sum = vec4f(0.0);
  for (var split = lane / QUADS; split < splits; split += ${parts}u) {
    let record = (split * ${shape.heads}u + head) * (QUADS + 1u);
    let share = partials[record + QUADS];
    let top = max(most, share.x);
    let fade = exp2(most - top);
    let weight = exp2(share.x - top);
    total = total * fade + share.y * weight;
    sum = sum * fade + partials[record + lane % QUADS] * weight;
    most = top;
  }
${parts > 1 ? together(parts) : '  attended[head * QUADS + lane] = sum / total;'}
}`,
  };
}

/** The lanes of a column's four; one without a split has the least maximum, and counts for nothing. */
function together(parts: number): string {
  return `
  sums[lane] = sum;
  if (lane % QUADS == 0u) { tops[lane / QUADS] = vec2f(most, total); }
  workgroupBarrier();
  if (lane < QUADS) {
    for (var part = 1u; part < ${parts}u; part++) {
      let other = tops[part];
      let top = max(most, other.x);
      let fade = exp2(most - top);
      let weight = exp2(other.x - top);
      total = total * fade + other.y * weight;
      sum = sum * fade + sums[part * QUADS + lane] * weight;
      most = top;
    }
    attended[head * QUADS + lane] = sum / total;
  }`;
}
