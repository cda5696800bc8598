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

const LANES = 128;

/** Elements of keys that move at once: 8 KiB of the workgroup's memory. */
const ROOM = 512;

/** Elements of values that a lane moves at once. */
const HELD = 8;

/** Positions that move at once: a power of two. */
function positionsOf(quads: number): number {
  return Math.min(LANES, 2 ** Math.floor(Math.log2(ROOM / quads)));
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
  const positions = positionsOf(quads);
  const scaled = shape.cache === 'q8';
  return {
    label: `turnKeys ${shape.cache}`,
    bindings,
    workgroups: [shape.keyValueHeads, 1],
    code: `${SHIFT}
${declare(bindings, { keys: `array<${QUAD_TYPE[shape.cache]}>`, rope: 'array<vec2f>', shift: 'Shift' })}
${cacheRead(shape)}
${cacheWrite(shape)}
${turned(shape.pairs)}
const POSITIONS = ${positions}u;
/** [four columns][position] */
var<workgroup> moving: array<vec4f, ${quads * positions}>;
${scaled ? `var<workgroup> oldScales: array<u32, ${positions}>;` : ''}

@compute @workgroup_size(${LANES})
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) lane: u32) {
  let offset = lane % POSITIONS;
  for (var step = 0u; step < shift.count; step += POSITIONS) {
    let moves = step + offset < shift.count;
    let source = keyAt(workgroup.x, shift.source + step + offset);
    let goal = keyAt(workgroup.x, shift.goal + step + offset);
    if (moves) {
      ${scaled ? 'let scales = keys[source + QUADS * KEY_BLOCK];' : ''}
      ${scaled ? 'oldScales[offset] = scales;' : ''}
      for (var quad = lane / POSITIONS; quad < QUADS; quad += ${LANES / positions}u) {
        let columns = unpacked(keys[source + quad * KEY_BLOCK])${scaled ? ' * keyScale(scales)' : ''};
        moving[quad * POSITIONS + offset] = turned(columns, quad, shift.source - shift.goal, -1.0);
      }
    }
    workgroupBarrier();
    storageBarrier();
    if (moves) {
      ${scaled ? newScales() : ''}
      for (var quad = lane / POSITIONS; quad < QUADS; quad += ${LANES / positions}u) {
        keys[goal + quad * KEY_BLOCK] = packed(moving[quad * POSITIONS + offset]${scaled ? ' * share' : ''});
      }
      ${scaled ? 'if (lane < POSITIONS) { keys[goal + QUADS * KEY_BLOCK] = scales; }' : ''}
    }
    workgroupBarrier();
  }
}`,
  };
}

/** Of the turned key; the value's stays. */
function newScales(): string {
  return `var top = 0.0;
      for (var quad = 0u; quad < QUADS; quad++) {
        top = max(top, largest(moving[quad * POSITIONS + offset]));
      }
      let scales = roundedUp(top) | (oldScales[offset] & 0xffff0000u);
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
