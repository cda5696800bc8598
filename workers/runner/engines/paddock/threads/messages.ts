/** What the runner and a helper thread say to each other; during a run they only share memory. */
import type { WireError } from '#core/errors';
import type { WeightsFile } from '../load/files';
import type { Slice } from '../load/slices';

/** One memory, and what is the thread's own in it. */
export interface HelperPart {
  memory: WebAssembly.Memory;
  control: number;
  own: number;
  staging: number;
}

export interface StartHelper {
  module: WebAssembly.Module;
  thread: number;
  parts: HelperPart[];
  files: readonly WeightsFile[];
  slices: Slice[];
}

export type FromHelper =
  /** It has its message, and reads slices of the file. */
  | { type: 'begun' }
  /** All slices are taken and its own are packed; from now on it answers to the memory only. */
  | { type: 'packed' }
  /** It has ended: in the load for a fault of the file, later by a crash. */
  | { type: 'failed'; error: WireError };
