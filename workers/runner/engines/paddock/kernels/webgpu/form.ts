/** How a tensor type lies on the adapter: blocks cut in two planes, each aligned, no larger than in the file. */

export interface GpuForm {
  /** ggml's type id (`kernels/layout.ts`). */
  type: number;
  /** Columns of a block as the file has it: 32, 256 for the K types. */
  block: number;
  /** Bytes a block has in each plane: of 4 and of 2 a multiple; `scaleBytes` 0 is a type without a second plane. */
  codeBytes: number;
  scaleBytes: number;
  /** Cuts whole blocks as the file has them into the planes; all arrays begin at a block. */
  split(source: Uint8Array, codes: Uint8Array, scales: Uint8Array): void;
}
