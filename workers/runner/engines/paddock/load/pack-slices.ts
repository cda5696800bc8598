/** Reads slices of the file and packs them, until none is left: what every thread does during a load. */
import { CTL_CLAIMS, CTL_FAULT } from '../kernels/program-layout';
import type { KernelExports } from '../kernels/instantiate';
import { damagedValues, notSupported } from '../spec/faults';
import { interleaveRows } from './interleave';
import type { WeightsReader } from './reader';
import type { Slice } from './slices';

/** The bit of `pack`'s answer for a NaN or an infinite value. */
const NOT_FINITE = 1;

/** A memory as one thread packs into it. */
interface PackTarget {
  kernels: KernelExports;
  memory: WebAssembly.Memory;
  /** The thread's own room for one slice. */
  staging: number;
}

/**
 * The next slice, which counts as taken; undefined when all are, or when a thread has found a fault.
 * @param control of the first memory
 */
export function claimSlice(
  slices: readonly Slice[],
  memory: WebAssembly.Memory,
  control: number,
): Slice | undefined {
  const words = new Int32Array(memory.buffer, control, 16);
  if (Atomics.load(words, CTL_FAULT / 4) !== 0) return undefined;
  return slices[Atomics.add(words, CTL_CLAIMS / 4, 1)];
}

/** @throws PaddockError `model_unreadable`, `not_supported`, naming the tensor; what reading the file throws */
export function packSlice(
  { kernels, memory, staging }: PackTarget,
  slice: Slice,
  reader: WeightsReader,
): void {
  const room = new Uint8Array(memory.buffer, staging, slice.length);
  if (slice.interleave === 0) reader.read(room, slice.offset);
  else {
    const rows = new Uint8Array(slice.length);
    reader.read(rows, slice.offset);
    interleaveRows(rows, room, slice.length / slice.rows, slice.interleave);
  }
  const flags = kernels.pack(slice.type, staging, slice.target, slice.columns, slice.rows);
  if (flags & NOT_FINITE) throw damagedValues(slice.name);
  if (flags !== 0) throw notSupported(`the tensor "${slice.name}" has scales of 64 or more`);
}
