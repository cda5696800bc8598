/**
 * The first layers of a model, computed on the CPU in float64 straight from the file: what an adapter is compared
 * with. Our CPU engine would round activations to 8 bits, and its rounding hide a scale that is off by one percent.
 */
import { ropeFrequencies } from '../../decode/rope-angles';
import type { ModelSpec } from '../../spec/model-spec';
import type { LayerTensors, Matrix, ModelTensors, Vector } from '../../spec/tensors';
import type { FloatRows } from './float-rows';
import { hold, type Held } from './rounded-row';

/** [positions][columns] */
type Rows = Float64Array[];

/**
 * Logits after the tokens at `ends`, of those rows of the output alone: [ends][rows]. `spec.layers` layers are
 * computed, which may be fewer than the model has.
 * @throws PaddockError `aborted`
 */
export async function floatLogits(
  spec: ModelSpec,
  tensors: ModelTensors,
  weights: FloatRows,
  text: { tokens: readonly number[]; ends: readonly number[]; rows: readonly number[] },
  held: Held,
): Promise<Float64Array[]> {
  const model = new FloatModel(spec, weights, held);
  const stream: Rows = [];
  for (const token of text.tokens) {
    stream.push(Float64Array.from(await weights.row(tensors.embedding, token)));
  }
  for (const layer of tensors.layers.slice(0, spec.layers)) {
    addTo(stream, await model.attention(layer, stream));
    addTo(stream, await model.feedForward(layer, stream));
  }
  const last = text.ends.map((end) => stream[end]!);
  return weights.times(tensors.output, await model.normed(last, tensors.outputNorm), text.rows);
}

class FloatModel {
  readonly #frequencies: Float64Array;

  constructor(
    private readonly spec: ModelSpec,
    private readonly weights: FloatRows,
    private readonly held: Held,
  ) {
    this.#frequencies = ropeFrequencies(spec.rope);
  }

  /** RMSNorm (arXiv:1910.07467): x / sqrt(mean(x²) + epsilon) · weight. */
  async normed(rows: Rows, vector: Vector): Promise<Rows> {
    const weight = await this.weights.vector(vector);
    return rows.map((row) => this.#norm(row, weight));
  }

  async attention(layer: LayerTensors, stream: Rows): Promise<Rows> {
    const { heads, keyValueHeads, headSize } = this.spec;
    const input = await this.normed(stream, layer.attentionNorm);
    const queries = await this.#linear(layer.query, input, layer.queryBias);
    const keys = await this.#linear(layer.key, input, layer.keyBias);
    const values = await this.#linear(layer.value, input, layer.valueBias);
    await this.#place(queries, layer.queryNorm);
    await this.#place(keys, layer.keyNorm);
    for (const row of [...keys, ...values]) hold(row, this.held, headSize);
    const attended = queries.map((row, position) => {
      const out = new Float64Array(heads * headSize);
      for (let head = 0; head < heads; head++) {
        // Grouped queries (arXiv:2305.13245): neighbouring heads share keys and values.
        const shared = Math.floor((head * keyValueHeads) / heads) * headSize;
        const query = row.subarray(head * headSize, (head + 1) * headSize);
        const scores = keys.slice(0, position + 1).map((key) => {
          return dotOf(query, key.subarray(shared, shared + headSize)) / Math.sqrt(headSize);
        });
        softmax(scores).forEach((share, at) => {
          for (let column = 0; column < headSize; column++) {
            out[head * headSize + column]! += share * values[at]![shared + column]!;
          }
        });
      }
      return out;
    });
    return this.weights.times(layer.output, attended);
  }

  /** down(silu(gate(x)) · up(x)), silu(x) = x / (1 + e^-x) (arXiv:2002.05202). */
  async feedForward(layer: LayerTensors, stream: Rows): Promise<Rows> {
    const input = await this.normed(stream, layer.feedForwardNorm);
    const gates = await this.weights.times(layer.gate, input);
    const ups = await this.weights.times(layer.up, input);
    const gated = gates.map((row, at) =>
      row.map((gate, column) => (gate / (1 + Math.exp(-gate))) * ups[at]![column]!),
    );
    return this.weights.times(layer.down, gated);
  }

  async #linear(matrix: Matrix, input: Rows, bias: Vector | undefined): Promise<Rows> {
    const out = await this.weights.times(matrix, input);
    if (!bias) return out;
    const values = Float64Array.from(await this.weights.vector(bias));
    addTo(
      out,
      out.map(() => values),
    );
    return out;
  }

  /** Each head normalised where the model does that (qwen3), and turned to its position (arXiv:2104.09864). */
  async #place(rows: Rows, norm: Vector | undefined): Promise<void> {
    const { headSize, rope } = this.spec;
    const weight = norm && (await this.weights.vector(norm));
    const half = this.#frequencies.length;
    rows.forEach((row, position) => {
      for (let start = 0; start < row.length; start += headSize) {
        const head = row.subarray(start, start + headSize);
        if (weight) head.set(this.#norm(head, weight));
        this.#frequencies.forEach((frequency, pair) => {
          const [one, other] = rope.halves ? [pair, pair + half] : [2 * pair, 2 * pair + 1];
          const [cos, sin] = [Math.cos(position * frequency), Math.sin(position * frequency)];
          const [x, y] = [head[one]!, head[other]!];
          head[one] = x * cos - y * sin;
          head[other] = x * sin + y * cos;
        });
      }
    });
  }

  #norm(row: Float64Array, weight: Float32Array): Float64Array {
    const scale = 1 / Math.sqrt(dotOf(row, row) / row.length + this.spec.normEpsilon);
    return row.map((value, at) => value * scale * weight[at]!);
  }
}

function softmax(scores: readonly number[]): number[] {
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

function dotOf(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += one[at]! * other[at]!;
  return sum;
}

function addTo(rows: Rows, what: readonly Float64Array[]): void {
  rows.forEach((row, at) => {
    for (let column = 0; column < row.length; column++) row[column]! += what[at]![column]!;
  });
}
