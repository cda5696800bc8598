// The activations of an op. For one token every thread makes them for itself, which costs less than a barrier; for
// several tokens the threads share the rows, and meet.
import { ACT_COLUMNS } from '../../layout';
import {
  CTL_POSITION, CTL_TOKENS, MODEL_ATTENDED, MODEL_EPSILON, MODEL_HEADS, MODEL_HEAD_SIZE, MODEL_KV_HEADS,
  MODEL_PARTIALS, MODEL_PARTIAL_BYTES, OP_ACT, OP_ACT_OWN, OP_NORM, OP_PREPARE,
  OP_SOURCE, OWN_ROW, PREPARE_ATTENDED, PREPARE_NORM, SPAN,
} from '../../program-layout';
import { mergeSpans } from '../attention';
import { meet } from '../barrier';
import { claim, pieceOf } from '../claim';
import { rmsNorm } from '../norm';
import { quantize } from '../quantize';

/** The ACT record to read; 0 when a thread is dead. */
export function prepare(ctl: usize, model: usize, op: usize, own: usize, thread: i32): usize {
  const tokens = load<i32>(ctl + CTL_TOKENS);
  if (tokens == 1) {
    const act = own + load<i32>(op + OP_ACT_OWN);
    quantize(act, row(ctl, model, op, own, load<i32>(act + ACT_COLUMNS), 0, 1), 0, 1);
    return act;
  }
  const act = <usize>load<u32>(op + OP_ACT), columns = load<i32>(act + ACT_COLUMNS);
  const piece = pieceOf(ctl, tokens);
  for (let t = claim(ctl, thread, tokens, piece); t < tokens; t = claim(ctl, thread, tokens, piece)) {
    const end = min(t + piece, tokens);
    for (let i = t; i < end; i++) {
      quantize(act, row(ctl, model, op, own, columns, i, tokens) - <usize>i * <usize>columns * 4, i, i + 1);
    }
  }
  return meet(ctl, thread, 0) ? act : 0;
}

/** f32 [columns] of token `t`. */
function row(ctl: usize, model: usize, op: usize, own: usize, columns: i32, t: i32, tokens: i32): usize {
  const kind = load<i32>(op + OP_PREPARE), out = <usize>load<u32>(own + OWN_ROW);
  const at = <usize>t * <usize>columns * 4;
  if (kind == PREPARE_NORM) {
    rmsNorm(<usize>load<u32>(op + OP_SOURCE) + at, <usize>load<u32>(op + OP_NORM), out, columns, load<f32>(model + MODEL_EPSILON));
    return out;
  }
  if (kind == PREPARE_ATTENDED) {
    if (tokens > 1) return <usize>load<u32>(model + MODEL_ATTENDED) + at;
    const spans = load<i32>(ctl + CTL_POSITION) / SPAN + 1;
    const groups = load<i32>(model + MODEL_KV_HEADS), heads = load<i32>(model + MODEL_HEADS) / groups, size = load<i32>(model + MODEL_HEAD_SIZE);
    const bytes = <usize>load<u32>(model + MODEL_PARTIAL_BYTES);
    for (let g = 0; g < groups; g++) {
      const partials = <usize>load<u32>(model + MODEL_PARTIALS) + <usize>(g * spans) * bytes;
      mergeSpans(partials, spans, heads, size, out + <usize>(g * heads * size) * 4);
    }
    return out;
  }
  return <usize>load<u32>(op + OP_SOURCE) + at;
}
