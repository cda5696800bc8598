// Attention. One token: a unit is a span of positions for one key-value head; several: a block of query tokens.
import {
  BLOCK_TOKENS, CTL_POSITION, CTL_TOKENS, MODEL_ATTENDED, MODEL_CACHE_KIND, MODEL_CAPACITY, MODEL_HEADS,
  MODEL_HEAD_SIZE, MODEL_KV_HEADS, MODEL_PARTIALS, MODEL_PARTIAL_BYTES, MODEL_QUERIES, OP_KEYS, OP_VALUES, OWN_SCRATCH, SPAN,
} from '../../program-layout';
import { attendBlock, attendSpan, placeQueries } from '../attention';
import { rowBytes } from '../cache';
import { claim } from '../claim';

export function attend(ctl: usize, model: usize, op: usize, own: usize, thread: i32): void {
  const tokens = load<i32>(ctl + CTL_TOKENS), position = load<i32>(ctl + CTL_POSITION);
  const kvHeads = load<i32>(model + MODEL_KV_HEADS);
  const pieces = tokens == 1 ? position / SPAN + 1 : (tokens + BLOCK_TOKENS - 1) / BLOCK_TOKENS;
  const units = kvHeads * pieces;
  let placed = -1;
  for (let u = claim(ctl, thread, units, 1); u < units; u = claim(ctl, thread, units, 1)) {
    if (tokens > 1) {
      // The last blocks see most positions: first, so that no share ends with the longest.
      block(model, op, own, position, tokens, u % kvHeads, pieces - 1 - u / kvHeads);
      continue;
    }
    const group = u / pieces, index = u % pieces;
    if (group != placed) place(model, own, group);
    span(model, op, own, position, group, index, pieces);
    // A head's queries serve all its spans but those behind the last, which takes their room: a stolen unit may be an earlier one.
    placed = index + 1 < pieces ? group : -1;
  }
}

/** Puts the queries of one key-value head into the thread's scratch. */
function place(model: usize, own: usize, group: i32): void {
  const heads = load<i32>(model + MODEL_HEADS) / load<i32>(model + MODEL_KV_HEADS), size = load<i32>(model + MODEL_HEAD_SIZE);
  const q = <usize>load<u32>(model + MODEL_QUERIES) + <usize>(group * heads * size) * 4;
  placeQueries(q, heads, size, 0, <usize>load<u32>(own + OWN_SCRATCH));
}

function span(model: usize, op: usize, own: usize, position: i32, group: i32, index: i32, spans: i32): void {
  const kind = load<i32>(model + MODEL_CACHE_KIND), size = load<i32>(model + MODEL_HEAD_SIZE);
  const heads = load<i32>(model + MODEL_HEADS) / load<i32>(model + MODEL_KV_HEADS);
  const from = index * SPAN, to = min(from + SPAN, position + 1);
  const cache = <usize>group * <usize>load<u32>(model + MODEL_CAPACITY) * <usize>rowBytes(kind, size);
  const out = <usize>load<u32>(model + MODEL_PARTIALS) + <usize>(group * spans + index) * <usize>load<u32>(model + MODEL_PARTIAL_BYTES);
  attendSpan(
    kind, heads, <usize>load<u32>(op + OP_KEYS) + cache, <usize>load<u32>(op + OP_VALUES) + cache, from, to, size,
    <usize>load<u32>(own + OWN_SCRATCH), out,
  );
}

function block(model: usize, op: usize, own: usize, position: i32, tokens: i32, group: i32, index: i32): void {
  const kind = load<i32>(model + MODEL_CACHE_KIND), size = load<i32>(model + MODEL_HEAD_SIZE);
  const all = load<i32>(model + MODEL_HEADS), heads = all / load<i32>(model + MODEL_KV_HEADS);
  const first = index * BLOCK_TOKENS, count = min(BLOCK_TOKENS, tokens - first), stride = all * size;
  const at = <usize>(first * stride + group * heads * size) * 4;
  const cache = <usize>group * <usize>load<u32>(model + MODEL_CAPACITY) * <usize>rowBytes(kind, size);
  attendBlock(
    kind, <usize>load<u32>(model + MODEL_QUERIES) + at, stride, heads, count, position + first,
    <usize>load<u32>(op + OP_KEYS) + cache, <usize>load<u32>(op + OP_VALUES) + cache, size,
    <usize>load<u32>(own + OWN_SCRATCH), <usize>load<u32>(model + MODEL_ATTENDED) + at, stride,
  );
}
