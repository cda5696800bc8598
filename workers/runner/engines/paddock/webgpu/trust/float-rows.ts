/** Products with the file's own weights, a slice of rows at a time: no matrix is ever whole in the heap. */
import { TENSOR_TYPES } from '#core/gguf/types';
import { throwIfAborted } from '../../../../abort';
import { TURN, turn } from '../../generate/turn';
import type { WeightsReader } from '../../load/reader';
import type { Matrix, Vector } from '../../spec/tensors';
import { unpackRows } from './unpack-rows';

/** Columns of a slice at most. */
const SLICE = 512 * 1024;

export class FloatRows {
  #turned = performance.now();

  constructor(
    private readonly reader: WeightsReader,
    private readonly dataOffset: number,
    private readonly signal: AbortSignal,
  ) {}

  vector({ tensor, length }: Vector): Promise<Float32Array> {
    return this.#read(tensor.offset, 4 * length).then(({ buffer }) => new Float32Array(buffer));
  }

  /** One row as numbers, [columns]. */
  async row(matrix: Matrix, row: number): Promise<Float32Array> {
    return this.#unpacked(matrix, row, 1);
  }

  /**
   * [inputs][rows]: each of `rows` of the matrix, or all, times each of the inputs ([columns]).
   * @throws PaddockError `aborted`
   */
  async times(
    matrix: Matrix,
    inputs: readonly Float64Array[],
    rows?: readonly number[],
  ): Promise<Float64Array[]> {
    throwIfAborted(this.signal);
    const count = rows?.length ?? matrix.rows;
    const out = inputs.map(() => new Float64Array(count));
    for (let done = 0; done < count;) {
      const first = rows?.[done] ?? done;
      const together = consecutive(rows, done, Math.max(1, Math.floor(SLICE / matrix.columns)));
      const most = Math.min(together, count - done);
      const weights = await this.#unpacked(matrix, first, most);
      inputs.forEach((input, at) => {
        for (let row = 0; row < most; row++) {
          out[at]![done + row] = dot(weights, row * matrix.columns, input);
        }
      });
      done += most;
      await this.#rest();
    }
    return out;
  }

  async #unpacked(matrix: Matrix, row: number, count: number): Promise<Float32Array> {
    const { block, bytes } = TENSOR_TYPES.get(matrix.type)!;
    const rowBytes = (matrix.columns / block) * bytes;
    const source = await this.#read(matrix.tensor.offset + row * rowBytes, count * rowBytes);
    const out = new Float32Array(count * matrix.columns);
    unpackRows(matrix.type, source, out);
    return out;
  }

  #read(offset: number, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
    return this.reader.bytes(this.dataOffset + offset, bytes);
  }

  /** So that a cancel is seen. */
  async #rest(): Promise<void> {
    if (performance.now() - this.#turned < TURN) return;
    await turn();
    throwIfAborted(this.signal);
    this.#turned = performance.now();
  }
}

/** How many of `rows` from the one at `from` on, `most` at most, follow each other. */
function consecutive(rows: readonly number[] | undefined, from: number, most: number): number {
  if (!rows) return most;
  let count = 1;
  while (count < most && rows[from + count] === rows[from]! + count) count++;
  return count;
}

/** Four sums, or the loop waits for each addition. */
function dot(weights: Float32Array, start: number, input: Float64Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let at = 0; at < input.length; at += 4) {
    a += weights[start + at]! * input[at]!;
    b += weights[start + at + 1]! * input[at + 1]!;
    c += weights[start + at + 2]! * input[at + 2]!;
    d += weights[start + at + 3]! * input[at + 3]!;
  }
  return a + b + (c + d);
}
