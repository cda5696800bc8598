/** RMSNorm of whole rows, for the products of several tokens. */
import { declare, type Binding, type Kernel } from './kernel';

const LANES = 64;

/** out [T][hidden] = x · norm / sqrt(mean(x²) + epsilon), a workgroup a row. */
export function normRows(hidden: number, epsilon: number): Kernel {
  const bindings: Binding[] = [
    { name: 'x', access: 'read' },
    { name: 'norm', access: 'read' },
    { name: 'out', access: 'write' },
  ];
  const types = { x: 'array<vec4f>', norm: 'array<vec4f>', out: 'array<vec4f>' };
  const fours = hidden / 4;
  const code = `${declare(bindings, types)}
var<workgroup> squares: array<f32, ${LANES}>;
@compute @workgroup_size(${LANES})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let start = group.x * ${fours}u;
  var sum = 0.0;
  for (var i = local; i < ${fours}u; i += ${LANES}u) {
    let value = x[start + i];
    sum += dot(value, value);
  }
  squares[local] = sum;
  workgroupBarrier();
  sum = 0.0;
  for (var other = 0u; other < ${LANES}u; other++) {
    sum += squares[other];
  }
  let root = inverseSqrt(sum / ${hidden}.0 + ${epsilon});
  for (var i = local; i < ${fours}u; i += ${LANES}u) {
    out[start + i] = x[start + i] * norm[i] * root;
  }
}
`;
  return { label: `normRows ${hidden}`, code, bindings };
}
