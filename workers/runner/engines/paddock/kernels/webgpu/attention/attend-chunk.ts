/** Attention of a prompt's chunk, whose keys and values are in the cache already. */
import { declare, enables, STATE, type Binding, type Kernel, type KernelFeatures } from '../kernel';
import { attentionBindings, attentionTypes } from './bindings';
import { cacheRead } from './cache';
import { headsPlaced, rowOf } from './heads';
import { leastLanes, rowsAttended, rowsDeclared, rowsMost, rowsPlaced } from './rows';
import { groupOf, type AttentionShape } from './shape';

export interface ChunkVariant {
  /** Lanes of a workgroup, a power of two, at least headSize / 4; four times as many positions are a step. */
  workgroup: number;
  /** Rows of a tile, `rowsMost` at most. */
  rows: number;
}

/** Those worth a try, the default first; the fewest lanes are for adapters on which barriers and compiling are dear. */
export function chunkVariants({ headSize }: AttentionShape): ChunkVariant[] {
  const tries: [number, number][] = [
    [64, 8],
    [128, 4],
    [leastLanes(headSize), 4],
    [32, 8],
  ];
  return tries
    .filter(([lanes]) => lanes >= headSize / 4)
    .map(([workgroup, rows]) => ({
      workgroup,
      rows: Math.min(rows, rowsMost(headSize, workgroup)),
    }))
    .filter(
      ({ workgroup, rows }, at, all) =>
        at === all.findIndex((one) => one.workgroup === workgroup && one.rows === rows),
    );
}

/**
 * Workgroups [tiles of rows, kv heads]: a row is a token's head, neighbours share a tile, whose keys and values are
 * read once. Queries come out of `qkv` as they were projected; token t sees the positions up to `state.position` + t.
 */
export function attendChunk(
  shape: AttentionShape,
  features: KernelFeatures,
  { workgroup: lanes, rows }: ChunkVariant,
): Kernel & { workgroups(tokens: number): [number, number] } {
  const attended: Binding = { name: 'attended', access: 'write' };
  const bindings = attentionBindings(shape, 'read', [attended]);
  const group = groupOf(shape);
  const token = (row: string) => `min((firstRow + ${row}) / ${group}u, state.tokens - 1u)`;
  const options = {
    ...{ shape, features, lanes, rows },
    seen: (row: number) => `state.position + 1u + ${token(`${row}u`)}`,
  };
  const start = `${token('row')} * ${rowOf(shape).width}u + (head * ${group}u + (firstRow + row) % ${group}u) * QUADS`;
  return {
    label: `attendChunk ${shape.cache}`,
    bindings,
    workgroups: (tokens) => [Math.ceil((tokens * group) / rows), shape.keyValueHeads],
    code: `${enables({ ...features, f16: false, dot8: false })}
${STATE}
${declare(bindings, attentionTypes(shape))}
${cacheRead(shape)}
${headsPlaced(shape)}
${rowsDeclared(options)}

@compute @workgroup_size(${lanes})
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) lane: u32) {
  let head = workgroup.y;
  let firstRow = workgroup.x * ROWS;
  let first = 0u;
  let end = state.position + 1u + ${token(`${rows - 1}u`)};
${rowsPlaced(options, start, `state.position + ${token('row')}`)}
${rowsAttended(options)}
  let rows = min(ROWS, state.tokens * ${group}u - firstRow);
  for (var at = lane; at < rows * QUADS; at += LANES) {
    let row = at / QUADS;
    let token = (firstRow + row) / ${group}u;
    let query = head * ${group}u + (firstRow + row) % ${group}u;
    attended[(token * ${shape.heads}u + query) * QUADS + at % QUADS] = sumOf(row, at % QUADS) / totalOf(row);
  }
}`,
  };
}
