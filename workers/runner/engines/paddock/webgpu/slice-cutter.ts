/** Reads a slice and cuts it into planes, in rooms that all slices of a load share. */
import { interleaveRows } from '../load/interleave';
import type { WeightsReader } from '../load/reader';
import { formOf } from '../kernels/webgpu/forms';
import { allFinite } from './finite';
import { roundUp } from './parts';
import type { Slice } from './slices';

export class SliceCutter {
  readonly #read: Uint8Array<ArrayBuffer>;
  readonly #ordered: Uint8Array<ArrayBuffer>;
  readonly #codes: Uint8Array<ArrayBuffer>;
  readonly #scales: Uint8Array<ArrayBuffer>;
  /** Of the last slice, whole words. */
  codes = new Uint8Array();
  scales = new Uint8Array();

  /** @param slices all that will be cut */
  constructor(slices: readonly Slice[]) {
    const largest = (bytes: (slice: Slice) => number) =>
      new Uint8Array(slices.reduce((most, slice) => Math.max(most, bytes(slice)), 0));
    this.#read = largest(({ length }) => length);
    this.#ordered = largest(({ length, interleave }) => (interleave > 0 ? length : 0));
    this.#codes = largest((slice) => planesOf(slice).codes);
    this.#scales = largest((slice) => planesOf(slice).scales);
  }

  read(slice: Slice, reader: WeightsReader): void {
    reader.read(this.#read.subarray(0, slice.length), slice.offset);
  }

  /** Of the slice that was read last; false where a value is no number. */
  cut(slice: Slice): boolean {
    const { type, length, rows, interleave } = slice;
    const read = this.#read.subarray(0, length);
    if (!allFinite(type, read)) return false;
    const ordered = interleave > 0 ? this.#ordered.subarray(0, length) : read;
    if (interleave > 0) interleaveRows(read, ordered, length / rows, interleave);
    const { codes, scales } = planesOf(slice);
    this.codes = this.#codes.subarray(0, codes);
    this.scales = this.#scales.subarray(0, scales);
    formOf(type).split(ordered, this.codes, this.scales);
    return true;
  }

  /** Where the slice's planes begin in the part's. */
  places({ type, columns, row }: Slice): { codesAt: number; scalesAt: number } {
    const { block, codeBytes, scaleBytes } = formOf(type);
    const blocks = (row * columns) / block;
    return { codesAt: blocks * codeBytes, scalesAt: blocks * scaleBytes };
  }
}

function planesOf({ type, rows, columns }: Slice): { codes: number; scales: number } {
  const { block, codeBytes, scaleBytes } = formOf(type);
  const blocks = (rows * columns) / block;
  return { codes: blocks * codeBytes, scales: roundUp(blocks * scaleBytes, 4) };
}
