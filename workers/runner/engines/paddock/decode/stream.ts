/** What goes into and between the memories of a model: tokens, angles, the residual stream. */
import type { Part } from '../memory/part';
import type { ModelSpec } from '../spec/model-spec';

export class Stream {
  readonly words: Int32Array;
  readonly floats: Float32Array;
  readonly #part: Part;
  readonly #hidden: number;

  constructor(part: Part, { hidden }: ModelSpec) {
    this.#part = part;
    this.#hidden = hidden;
    this.words = new Int32Array(part.memory.buffer);
    this.floats = new Float32Array(part.memory.buffer);
  }

  setTokens(tokens: readonly number[]): void {
    this.words.set(tokens, this.#part.plan.buffers.tokens / 4);
  }

  /** Room for the cosines and sines of a run, `length` each. */
  angles(length: number): { cos: Float32Array; sin: Float32Array } {
    const { cos, sin } = this.#part.plan.buffers;
    const room = (address: number) => this.floats.subarray(address / 4, address / 4 + length);
    return { cos: room(cos), sin: room(sin) };
  }

  /** Address of one token's row, f32 [hidden]. */
  addressOf(token: number): number {
    return this.#part.plan.buffers.stream + token * this.#hidden * 4;
  }

  /** Takes over the rows of the first `tokens` tokens from another memory. */
  copyFrom(other: Stream, tokens: number): void {
    const at = other.addressOf(0) / 4;
    const rows = other.floats.subarray(at, at + tokens * this.#hidden);
    this.floats.set(rows, this.addressOf(0) / 4);
  }
}
