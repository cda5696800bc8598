// The products that take rows in groups: added to the stream, gated, or as they are.
import { GROUP, MATRIX_ROWS } from '../../layout';
import {
  CTL_TOKENS, MODEL_GATED, MODEL_HIDDEN, MODEL_STREAM, OP_MATRIX, OP_MATRIX_2,
  OP_OUT, OWN_SCRATCH,
} from '../../program-layout';
import { claim, pieceOf } from '../claim';
import { matmul } from '../matmul';
import { addTo, siluMul } from '../norm';
import { prepare } from './prepare';

/** Groups of one round: what lies in the scratch stays in the first-level cache. */
const ROUND = 8;

export function add(ctl: usize, model: usize, op: usize, own: usize, thread: i32): bool {
  const act = prepare(ctl, model, op, own, thread);
  if (!act) return false;
  const matrix = <usize>load<u32>(op + OP_MATRIX), tokens = load<i32>(ctl + CTL_TOKENS);
  const hidden = load<i32>(model + MODEL_HIDDEN), stream = <usize>load<u32>(model + MODEL_STREAM), scratch = <usize>load<u32>(own + OWN_SCRATCH);
  const groups = hidden / GROUP, piece = pieceOf(ctl, groups);
  for (let g = claim(ctl, thread, groups, piece); g < groups; g = claim(ctl, thread, groups, piece)) {
    const end = min(g + piece, groups);
    for (let from = g; from < end; from += ROUND) {
      const to = min(from + ROUND, end), width = (to - from) * GROUP;
      matmul(matrix, act, tokens, from, to, scratch - <usize>(from * GROUP) * 4, width);
      for (let t = 0; t < tokens; t++) addTo(stream + <usize>(t * hidden + from * GROUP) * 4, scratch + <usize>(t * width) * 4, width);
    }
  }
  return true;
}

export function glu(ctl: usize, model: usize, op: usize, own: usize, thread: i32): bool {
  const act = prepare(ctl, model, op, own, thread);
  if (!act) return false;
  const gate = <usize>load<u32>(op + OP_MATRIX), up = <usize>load<u32>(op + OP_MATRIX_2);
  const tokens = load<i32>(ctl + CTL_TOKENS), rows = load<i32>(gate + MATRIX_ROWS);
  const out = <usize>load<u32>(model + MODEL_GATED), scratch = <usize>load<u32>(own + OWN_SCRATCH);
  const groups = rows / GROUP, piece = pieceOf(ctl, groups);
  for (let g = claim(ctl, thread, groups, piece); g < groups; g = claim(ctl, thread, groups, piece)) {
    const end = min(g + piece, groups);
    for (let from = g; from < end; from += ROUND) {
      const to = min(from + ROUND, end), width = (to - from) * GROUP;
      matmul(gate, act, tokens, from, to, out, rows);
      matmul(up, act, tokens, from, to, scratch - <usize>(from * GROUP) * 4, width);
      for (let t = 0; t < tokens; t++) {
        const h = out + <usize>(t * rows + from * GROUP) * 4;
        siluMul(h, scratch + <usize>(t * width) * 4, h, width);
      }
    }
  }
  return true;
}

export function project(ctl: usize, model: usize, op: usize, own: usize, thread: i32): bool {
  const act = prepare(ctl, model, op, own, thread);
  if (!act) return false;
  const matrix = <usize>load<u32>(op + OP_MATRIX), tokens = load<i32>(ctl + CTL_TOKENS);
  const rows = load<i32>(matrix + MATRIX_ROWS), groups = (rows + GROUP - 1) / GROUP, piece = pieceOf(ctl, groups);
  for (let g = claim(ctl, thread, groups, piece); g < groups; g = claim(ctl, thread, groups, piece)) {
    matmul(matrix, act, tokens, g, min(g + piece, groups), <usize>load<u32>(op + OP_OUT), rows);
  }
  return true;
}
