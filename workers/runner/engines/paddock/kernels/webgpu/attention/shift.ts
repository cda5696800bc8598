/** The context shift: positions move towards the beginning, and keys turn with them. */
import { declare, type Binding, type Kernel } from '../kernel';
import { cacheRead, cacheWrite, QUAD_TYPE } from './cache';
import { turned } from './heads';
import type { AttentionShape } from './shape';
import { each } from './text';

/** Bytes of the uniform `shift`, and its words: the positions [to, end) move to those from `from` on, `from` < `to`. */
export const SHIFT_BYTES = 16;
export function shiftWords(start: number, to: number, end: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.of(to, start, end - to, 0);
}

const SHIFT = `struct Shift {
  /** The first position that moves, and where it goes: not behind it. */
  source: u32,
  goal: u32,
  count: u32,
  unused: u32,
}`;

/** Lanes of a workgroup. */
const LANES = 64;

/**
 * Elements that a lane holds while its neighbours still read. In registers: software takes seconds to compile a
 * kilobyte of the workgroup's memory.
 */
const HELD = 8;

/** Lanes that share a key. */
function sharersOf(quads: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, quads / HELD)));
}

/**
 * Workgroups [kv heads], each for all positions of a head, in ascending order: they are read before those that take
 * their place are written, so the ranges may overlap. Bindings `keys`, `rope`, `shift`.
 */
export function turnKeys(shape: AttentionShape): Kernel & { workgroups: [number, number] } {
  const bindings: Binding[] = [
    { name: 'keys', access: 'write' },
    { name: 'rope', access: 'read' },
    { name: 'shift', access: 'uniform' },
  ];
  const quads = shape.headSize / 4;
  const sharers = sharersOf(quads);
  const held = Math.ceil(quads / sharers);
  const scaled = shape.cache === 'q8';
  const types = { keys: `array<${QUAD_TYPE[shape.cache]}>`, rope: 'array<vec2f>', shift: 'Shift' };
  return {
    label: `turnKeys ${shape.cache}`,
    bindings,
    workgroups: [shape.keyValueHeads, 1],
    code: `${SHIFT}
${declare(bindings, types)}
${cacheRead(shape)}
${cacheWrite(shape)}
${turned(shape.pairs)}
const POSITIONS = ${LANES / sharers}u;
/** Of a key: every so many elements are a lane's. */
const SHARERS = ${sharers}u;
${scaled ? `var<workgroup> tops: array<f32, ${LANES}>;` : ''}

@compute @workgroup_size(${LANES})
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) lane: u32) {
  let distance = shift.source - shift.goal;
  let first = lane / POSITIONS;
  for (var step = 0u; step < shift.count; step += POSITIONS) {
    let offset = step + lane % POSITIONS;
    let last = shift.count - 1u;
    let source = keyAt(workgroup.x, shift.source + min(offset, last));
    let goal = keyAt(workgroup.x, shift.goal + min(offset, last));
    ${scaled ? 'let old = keys[source + QUADS * KEY_BLOCK];' : ''}
${each(
  held,
  (n) => `    let quad${n} = min(first + ${n}u * SHARERS, QUADS - 1u);
    let old${n} = unpacked(keys[source + quad${n} * KEY_BLOCK])${scaled ? ' * keyScale(old)' : ''};
    let held${n} = turned(old${n}, quad${n}, distance, -1.0);`,
)}
    storageBarrier();
${scaled ? newScales(held) : ''}
    if (offset <= last) {
${each(
  held,
  (n) => `      if (first + ${n}u * SHARERS < QUADS) {
        keys[goal + quad${n} * KEY_BLOCK] = packed(held${n}${scaled ? ' * share' : ''});
      }`,
)}
      ${scaled ? 'if (first == 0u) { keys[goal + QUADS * KEY_BLOCK] = scales; }' : ''}
    }
  }
}`,
  };
}

/** Of the turned key; the value's stays. */
function newScales(held: number): string {
  return `
    var top = 0.0;
${each(held, (n) => `    top = max(top, largest(held${n}));`)}
    tops[lane] = top;
    workgroupBarrier();
    for (var sharer = 0u; sharer < SHARERS; sharer++) {
      top = max(top, tops[sharer * POSITIONS + lane % POSITIONS]);
    }
    workgroupBarrier();
    let scales = roundedUp(top) | (old & 0xffff0000u);
    let share = inverse(keyScale(scales));`;
}

/** As `turnKeys`, in any order with it. Bindings `values`, `shift`. */
export function moveValues(shape: AttentionShape): Kernel & { workgroups: [number, number] } {
  const bindings: Binding[] = [
    { name: 'values', access: 'write' },
    { name: 'shift', access: 'uniform' },
  ];
  return {
    label: `moveValues ${shape.cache}`,
    bindings,
    workgroups: [shape.keyValueHeads, 1],
    code: `${SHIFT}
${declare(bindings, { values: `array<${QUAD_TYPE[shape.cache]}>`, shift: 'Shift' })}
${cacheRead(shape)}
const STEP = ${LANES * HELD}u;

@compute @workgroup_size(${LANES})
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) lane: u32) {
  let source = valueAt(workgroup.x, shift.source);
  let goal = valueAt(workgroup.x, shift.goal);
  let count = shift.count * QUADS;
  for (var step = 0u; step < count; step += STEP) {
    let at = step + lane;
${each(HELD, (n) => `    let held${n} = values[source + min(at + ${n * LANES}u, count - 1u)];`)}
    storageBarrier();
${each(HELD, (n) => `    if (at + ${n * LANES}u < count) { values[goal + at + ${n * LANES}u] = held${n}; }`)}
  }
}`,
  };
}
