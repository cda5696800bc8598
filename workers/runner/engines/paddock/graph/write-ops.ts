/** Writes ops as the records that the kernels run. */
import * as layout from '../kernels/program-layout';
import type { MemoryPlan } from '../memory/plan';
import type { Vector } from '../spec/tensors';
import type { Op } from './program';

export function writeOps(memory: DataView, plan: MemoryPlan, address: number, ops: Op[]): void {
  ops.forEach((op, index) => writeOp(memory, plan, address + index * layout.OP_BYTES, op));
}

function writeOp(memory: DataView, plan: MemoryPlan, record: number, op: Op): void {
  const set = (offset: number, value: number) => memory.setUint32(record + offset, value, true);
  const vector = (of: Vector | undefined) => (of ? plan.vectors.get(of)! : 0);
  set(layout.OP_CODE, op.code);
  set(layout.OP_PREPARE, op.prepare ?? layout.PREPARE_NONE);
  set(layout.OP_SOURCE, op.source ?? 0);
  set(layout.OP_NORM, vector(op.norm));
  if (op.act) {
    set(layout.OP_ACT, plan.acts[op.act].record);
    const { own, acts } = plan.threads[0]!; // the same in every thread's block
    set(layout.OP_ACT_OWN, acts[op.act].record - own);
  }
  const [first, second, third] = (op.matrices ?? []).map((matrix) => plan.matrices.get(matrix)!);
  set(layout.OP_MATRIX, first?.record ?? 0);
  set(layout.OP_MATRIX_2, second?.record ?? 0);
  set(layout.OP_MATRIX_3, third?.record ?? 0);
  set(layout.OP_BIAS, vector(op.biases?.[0]));
  set(layout.OP_BIAS_2, vector(op.biases?.[1]));
  set(layout.OP_BIAS_3, vector(op.biases?.[2]));
  set(layout.OP_QUERY_NORM, vector(op.queryNorm));
  set(layout.OP_KEY_NORM, vector(op.keyNorm));
  set(layout.OP_KEYS, op.cache?.keys ?? 0);
  set(layout.OP_VALUES, op.cache?.values ?? 0);
  set(layout.OP_OUT, op.out ?? 0);
}
