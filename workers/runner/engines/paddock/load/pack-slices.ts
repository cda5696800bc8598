/** Reads slices of the file and packs them, until none is left: what every thread does during a load. */
import { CTL_CLAIMS } from '../kernels/program-layout';
import type { KernelExports } from '../kernels/instantiate';
import { notSupported, unreadableModel } from '../spec/read-spec';
import { interleaveRows } from './interleave';
import type { WeightsReader } from './reader';
import type { Slice } from './slices';

/** The bit of `pack`'s answer for a NaN or an infinite value. */
const NOT_FINITE = 1;

/** A memory as one thread packs into it. */
export interface PackTarget {
  kernels: KernelExports;
  memory: WebAssembly.Memory;
  /** The thread's own room for one slice. */
  staging: number;
}

/** The number of the next slice, and counts it as taken; as many as there are, or more, when all are. */
export function claimSlice(memory: WebAssembly.Memory, control: number): number {
  return Atomics.add(new Int32Array(memory.buffer, control, 16), CTL_CLAIMS / 4, 1);
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
  if (flags & NOT_FINITE) {
    throw unreadableModel(`the tensor "${slice.name}" has values that are not numbers`);
  }
  if (flags !== 0) throw notSupported(`the tensor "${slice.name}" has scales of 64 or more`);
}
