/** Writes the records that the kernels read: the model, the threads, activations, matrices. */
import * as layout from '../kernels/layout';
import * as program from '../kernels/program-layout';
import type { ModelSpec } from '../spec/model-spec';
import type { ActPlan, MemoryPlan } from './plan';
import { partialBytes, rowBytes } from './sizes';

/**
 * Rounds at a barrier before a thread sleeps, some 100 µs: at 20 µs the threads of a free machine sleep at one
 * barrier in twenty, and waking takes as long as an op.
 */
const SPIN = 100_000;

export function writeRecords(
  memory: DataView,
  spec: ModelSpec,
  plan: MemoryPlan,
  { context, cacheKind }: { context: number; cacheKind: number },
): void {
  const set = (address: number, value: number) => memory.setUint32(address, value, true);
  const setF32 = (address: number, value: number) => memory.setFloat32(address, value, true);
  set(plan.control + program.CTL_MODEL, plan.model);
  set(plan.control + program.CTL_SPIN, SPIN);

  const model = (offset: number, value: number) => set(plan.model + offset, value);
  model(program.MODEL_HIDDEN, spec.hidden);
  model(program.MODEL_HEADS, spec.heads);
  model(program.MODEL_KV_HEADS, spec.keyValueHeads);
  model(program.MODEL_HEAD_SIZE, spec.headSize);
  model(program.MODEL_PAIRS, spec.rope.dimensions / 2);
  model(program.MODEL_CAPACITY, context);
  model(program.MODEL_CACHE_KIND, cacheKind);
  setF32(plan.model + program.MODEL_EPSILON, spec.normEpsilon);
  setF32(plan.model + program.MODEL_QUERY_SCALE, 1 / Math.sqrt(spec.headSize));
  model(program.MODEL_COS, plan.buffers.cos);
  model(program.MODEL_SIN, plan.buffers.sin);
  model(program.MODEL_TOKENS, plan.buffers.tokens);
  model(program.MODEL_STREAM, plan.buffers.stream);
  model(program.MODEL_QUERIES, plan.buffers.queries);
  model(program.MODEL_ATTENDED, plan.buffers.attended);
  model(program.MODEL_PARTIALS, plan.buffers.partials);
  model(program.MODEL_GATED, plan.buffers.gated);
  model(program.MODEL_PARTIAL_BYTES, partialBytes(spec));

  for (const act of Object.values(plan.acts)) writeAct(set, act);
  for (const thread of plan.threads) {
    set(thread.own + program.OWN_ROW, thread.row);
    set(thread.own + program.OWN_SCRATCH, thread.scratch);
    for (const act of Object.values(thread.acts)) writeAct(set, act);
  }
  for (const [matrix, { record, data }] of plan.matrices) {
    set(record + layout.MATRIX_TYPE, matrix.type);
    set(record + layout.MATRIX_DATA, data);
    set(record + layout.MATRIX_ROWS, matrix.rows);
    set(record + layout.MATRIX_COLUMNS, matrix.columns);
    set(record + layout.MATRIX_GROUP_BYTES, layout.GROUP * rowBytes(matrix));
  }
}

function writeAct(
  set: (address: number, value: number) => void,
  { record, columns, forms, arrays }: ActPlan,
): void {
  set(record + layout.ACT_I8, arrays.i8);
  set(record + layout.ACT_I16, arrays.i16);
  set(record + layout.ACT_FINE, arrays.fine);
  set(record + layout.ACT_SCALE, arrays.scale);
  set(record + layout.ACT_SUM, arrays.sum);
  set(record + layout.ACT_FINE_SCALE, arrays.fineScale);
  set(record + layout.ACT_F32, arrays.f32);
  set(record + layout.ACT_COLUMNS, columns);
  set(record + layout.ACT_FORMS, forms);
}
