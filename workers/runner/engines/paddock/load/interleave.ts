/**
 * Some models turn the columns (i, i + half) of a head together, others (2i, 2i + 1). A product of queries and
 * keys does not mind the order of columns if it is the same in both, so the rows that make them are reordered
 * once, at load, and the kernels know the second way only.
 */

/** Copies whole heads of `headSize` rows of `rowBytes` bytes each: old row i and i + half become 2i and 2i + 1. */
export function interleaveRows(
  source: Uint8Array,
  target: Uint8Array,
  rowBytes: number,
  headSize: number,
): void {
  const half = headSize / 2;
  const rows = source.byteLength / rowBytes;
  for (let row = 0; row < rows; row++) {
    const head = Math.floor(row / headSize) * headSize;
    const inHead = row - head;
    const to = head + (inHead < half ? 2 * inHead : 2 * (inHead - half) + 1);
    target.set(source.subarray(row * rowBytes, (row + 1) * rowBytes), to * rowBytes);
  }
}
