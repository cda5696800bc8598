// Queries, keys and values: a unit is one head, so that bias, norm, rope and the cache's own form are done by the
// thread that has the head at hand.
import {
  CTL_POSITION, CTL_TOKENS, MODEL_CACHE_KIND, MODEL_CAPACITY, MODEL_COS, MODEL_EPSILON, MODEL_HEADS,
  MODEL_HEAD_SIZE, MODEL_KV_HEADS, MODEL_PAIRS, MODEL_QUERIES, MODEL_QUERY_SCALE, MODEL_SIN, OP_BIAS, OP_BIAS_2,
  OP_BIAS_3, OP_KEYS, OP_KEY_NORM, OP_MATRIX, OP_MATRIX_2, OP_MATRIX_3,
  OP_QUERY_NORM, OP_VALUES, OWN_SCRATCH,
} from '../../program-layout';
import { GROUP } from '../../layout';
import { rowBytes, storeRow } from '../cache';
import { claim } from '../claim';
import { matmul } from '../matmul';
import { addTo, rmsNorm, scale } from '../norm';
import { rope } from '../rope';
import { prepare } from './prepare';

export function qkv(ctl: usize, model: usize, op: usize, own: usize, thread: i32): bool {
  const act = prepare(ctl, model, op, own, thread);
  if (!act) return false;
  const heads = load<i32>(model + MODEL_HEADS), kvHeads = load<i32>(model + MODEL_KV_HEADS);
  const units = heads + 2 * kvHeads;
  for (let u = claim(ctl, thread, units, 1); u < units; u = claim(ctl, thread, units, 1)) {
    if (u < heads) query(ctl, model, op, act, u);
    else if (u < heads + kvHeads) key(ctl, model, op, own, act, u - heads);
    else value(ctl, model, op, own, act, u - heads - kvHeads);
  }
  return true;
}

function query(ctl: usize, model: usize, op: usize, act: usize, head: i32): void {
  const tokens = load<i32>(ctl + CTL_TOKENS), size = load<i32>(model + MODEL_HEAD_SIZE);
  const stride = load<i32>(model + MODEL_HEADS) * size, out = <usize>load<u32>(model + MODEL_QUERIES);
  product(<usize>load<u32>(op + OP_MATRIX), act, tokens, head, size, out, stride);
  const factor = load<f32>(model + MODEL_QUERY_SCALE);
  for (let t = 0; t < tokens; t++) {
    const q = out + <usize>(t * stride + head * size) * 4;
    turned(model, t, q, head, size, <usize>load<u32>(op + OP_BIAS), <usize>load<u32>(op + OP_QUERY_NORM));
    scale(q, factor, size);
  }
}

function key(ctl: usize, model: usize, op: usize, own: usize, act: usize, head: i32): void {
  const tokens = load<i32>(ctl + CTL_TOKENS), size = load<i32>(model + MODEL_HEAD_SIZE), out = <usize>load<u32>(own + OWN_SCRATCH);
  product(<usize>load<u32>(op + OP_MATRIX_2), act, tokens, head, size, out - <usize>(head * size) * 4, size);
  for (let t = 0; t < tokens; t++) {
    const k = out + <usize>(t * size) * 4;
    turned(model, t, k, head, size, <usize>load<u32>(op + OP_BIAS_2), <usize>load<u32>(op + OP_KEY_NORM));
    keep(ctl, model, <usize>load<u32>(op + OP_KEYS), t, k, head, size);
  }
}

function value(ctl: usize, model: usize, op: usize, own: usize, act: usize, head: i32): void {
  const tokens = load<i32>(ctl + CTL_TOKENS), size = load<i32>(model + MODEL_HEAD_SIZE), out = <usize>load<u32>(own + OWN_SCRATCH);
  product(<usize>load<u32>(op + OP_MATRIX_3), act, tokens, head, size, out - <usize>(head * size) * 4, size);
  const bias = <usize>load<u32>(op + OP_BIAS_3);
  for (let t = 0; t < tokens; t++) {
    const v = out + <usize>(t * size) * 4;
    if (bias) addTo(v, bias + <usize>(head * size) * 4, size);
    keep(ctl, model, <usize>load<u32>(op + OP_VALUES), t, v, head, size);
  }
}

/** The rows of one head; `out` is where the first row of the matrix would go. */
function product(matrix: usize, act: usize, tokens: i32, head: i32, size: i32, out: usize, stride: i32): void {
  const groups = size / GROUP;
  matmul(matrix, act, tokens, head * groups, (head + 1) * groups, out, stride);
}

function turned(model: usize, t: i32, x: usize, head: i32, size: i32, bias: usize, norm: usize): void {
  const pairs = load<i32>(model + MODEL_PAIRS), angles = <usize>(t * pairs) * 4;
  if (bias) addTo(x, bias + <usize>(head * size) * 4, size);
  if (norm) rmsNorm(x, norm, x, size, load<f32>(model + MODEL_EPSILON));
  rope(x, <usize>load<u32>(model + MODEL_COS) + angles, <usize>load<u32>(model + MODEL_SIN) + angles, pairs);
}

function keep(ctl: usize, model: usize, cache: usize, t: i32, x: usize, head: i32, size: i32): void {
  const kind = load<i32>(model + MODEL_CACHE_KIND), at = head * load<i32>(model + MODEL_CAPACITY) + load<i32>(ctl + CTL_POSITION) + t;
  storeRow(kind, x, cache + <usize>at * <usize>rowBytes(kind, size), size);
}
