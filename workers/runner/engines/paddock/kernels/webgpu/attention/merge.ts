/** The splits of one token's attention, made one. */
import { declare, STATE, type Binding, type Kernel } from '../kernel';
import type { AttentionShape } from './shape';

const BINDINGS: Binding[] = [
  { name: 'partials', access: 'read' },
  { name: 'attended', access: 'write' },
  { name: 'state', access: 'uniform' },
];

/** Workgroups [heads]. `attended` [heads][headSize]. */
export function merge(shape: AttentionShape): Kernel & { workgroups: [number, number] } {
  const quads = shape.headSize / 4;
  return {
    label: 'merge',
    bindings: BINDINGS,
    workgroups: [shape.heads, 1],
    code: `${STATE}
${declare(BINDINGS, { partials: 'array<vec4f>', attended: 'array<vec4f>' })}

@compute @workgroup_size(${quads})
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) lane: u32) {
  let head = workgroup.x;
  let splits = state.position / ${shape.split}u + 1u;
  var most = -1e38;
  var total = 0.0;
  var sum = vec4f(0.0);
  for (var split = 0u; split < splits; split++) {
    let record = (split * ${shape.heads}u + head) * ${quads + 1}u;
    let part = partials[record + ${quads}u];
    let top = max(most, part.x);
    let fade = exp2(most - top);
    let share = exp2(part.x - top);
    total = total * fade + part.y * share;
    sum = sum * fade + partials[record + lane] * share;
    most = top;
  }
  attended[head * ${quads}u + lane] = sum / total;
}`,
  };
}
