/** Whether blocks, as the file has them, hold numbers: their scales and, of types without blocks, the values. */
import { TENSOR_TYPES } from '#core/gguf/types';
import { BF16, F16, F32, Q4_1, Q4_K, Q5_1, Q5_K, Q6_K } from '../kernels/layout';

/** All bits of the exponent, in a value's upper 16 bits: an infinity or none. */
const HALF = 0x7c00;
const BRAIN = 0x7f80;

/** @param source whole blocks, aligned to 2 bytes */
export function allFinite(type: number, source: Uint8Array): boolean {
  const halves = new Uint16Array(source.buffer, source.byteOffset, source.byteLength / 2);
  switch (type) {
    case F32:
      return none(halves, 1, 2, BRAIN);
    case BF16:
      return none(halves, 0, 1, BRAIN);
    case F16:
      return none(halves, 0, 1, HALF);
  }
  const step = TENSOR_TYPES.get(type)!.bytes / 2;
  const first = type === Q6_K ? step - 1 : 0;
  const minimum = [Q4_1, Q5_1, Q4_K, Q5_K].includes(type);
  return none(halves, first, step, HALF) && (!minimum || none(halves, 1, step, HALF));
}

/** None of every `step`th has all bits of `mask`. */
function none(halves: Uint16Array, first: number, step: number, mask: number): boolean {
  for (let at = first; at < halves.length; at += step) {
    if ((halves[at]! & mask) === mask) return false;
  }
  return true;
}
