/** Rows of the embedding table into the stream. */
import { planes, BINDING_TYPES } from './products/product';
import { quarterFunction, unitHelpers } from './products/unit';
import { declare, enables, STATE, type Binding, type Kernel, type KernelFeatures } from './kernel';

export interface Embedding {
  /** ggml's type id. */
  type: number;
  columns: number;
  /** Ids of the table's part that is bound: from `firstRow`, `rows` of them. */
  firstRow: number;
  rows: number;
  /** Ids are those of the run: `history` from `state.position`. */
  from: 'run';
}

const LANES = 64;

/** out[row] = the table's row of id history[state.position + row], a workgroup a row; ids of other parts are left. */
export function embed(embedding: Embedding, features: KernelFeatures): Kernel {
  const { type, columns, firstRow, rows } = embedding;
  const bindings: Binding[] = [
    ...planes(type, ''),
    { name: 'history', access: 'read' },
    { name: 'out', access: 'write' },
    { name: 'state', access: 'uniform' },
  ];
  const types = { ...BINDING_TYPES, history: 'array<u32>', out: 'array<vec4f>' };
  const code = `${enables(features)}
${STATE}
${declare(bindings, types)}
${unitHelpers(features)}
${quarterFunction(type, '')}
@compute @workgroup_size(${LANES})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let row = history[state.position + group.x] - ${firstRow}u;
  if (row >= ${rows}u) {
    return;
  }
  let start = group.x * ${columns / 4}u;
  for (var i = local; i < ${columns / 8}u; i += ${LANES}u) {
    let unit = row * ${columns / 32}u + i / 4u;
    let values = quarter(unit, i % 4u, unitScale(unit));
    let at = start + i / 4u * 8u + i % 4u;
    out[at] = values.low;
    out[at + 4u] = values.high;
  }
}
`;
  return { label: `embed ${rows}x${columns} of type ${type}`, code, bindings };
}
