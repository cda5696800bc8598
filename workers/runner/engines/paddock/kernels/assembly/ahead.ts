// What a thread reads first in an op: it can fetch it while it waits for the others.
import { GROUP, MATRIX_DATA, MATRIX_GROUP_BYTES, MATRIX_ROWS } from '../layout';
import {
  CODE_ADD, CODE_GLU, CODE_PROJECT, CODE_QKV, MODEL_HEADS, MODEL_HEAD_SIZE, MODEL_KV_HEADS, OP_CODE, OP_MATRIX,
  OP_MATRIX_2, OP_MATRIX_3,
} from '../program-layout';
import { pieceOf, shareOf } from './claim';

/** Bytes, at most: half of a small first-level cache. A multiple of what the barrier reads at once. */
export const AHEAD: usize = 16384;

/** Where the thread's share of the op's weights begins, with AHEAD bytes of the same matrix behind it; else 0. */
export function weightsOf(ctl: usize, model: usize, op: usize, thread: i32): usize {
  switch (load<i32>(op + OP_CODE)) {
    case CODE_QKV: return headOf(ctl, model, op, thread);
    case CODE_ADD:
    case CODE_GLU:
    case CODE_PROJECT: {
      const matrix = <usize>load<u32>(op + OP_MATRIX), groups = groupsOf(matrix);
      return place(matrix, shareOf(ctl, thread, groups, pieceOf(ctl, groups)));
    }
    default: return 0;
  }
}

function headOf(ctl: usize, model: usize, op: usize, thread: i32): usize {
  const heads = load<i32>(model + MODEL_HEADS), kvHeads = load<i32>(model + MODEL_KV_HEADS);
  const groups = load<i32>(model + MODEL_HEAD_SIZE) / GROUP;
  let u = shareOf(ctl, thread, heads + 2 * kvHeads, 1), matrix = op + OP_MATRIX;
  if (u >= heads + kvHeads) {
    u -= heads + kvHeads;
    matrix = op + OP_MATRIX_3;
  } else if (u >= heads) {
    u -= heads;
    matrix = op + OP_MATRIX_2;
  }
  return place(<usize>load<u32>(matrix), u * groups);
}

function place(matrix: usize, group: i32): usize {
  const bytes = <usize>load<u32>(matrix + MATRIX_GROUP_BYTES);
  const left = <usize>(groupsOf(matrix) - group) * bytes;
  return left < AHEAD ? 0 : <usize>load<u32>(matrix + MATRIX_DATA) + <usize>group * bytes;
}

function groupsOf(matrix: usize): i32 {
  return (load<i32>(matrix + MATRIX_ROWS) + GROUP - 1) / GROUP;
}
