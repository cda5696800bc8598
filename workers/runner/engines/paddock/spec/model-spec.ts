/** What a GGUF file says of its model: all that the graph needs to know. */

export interface ModelSpec {
  architecture: 'llama' | 'qwen2' | 'qwen3';
  layers: number;
  /** Width of the residual stream. */
  hidden: number;
  feedForward: number;
  heads: number;
  keyValueHeads: number;
  /** Width of a head; the same for keys and values. */
  headSize: number;
  vocabulary: number;
  /** Tokens. */
  contextTrained: number;
  normEpsilon: number;
  rope: RopeSpec;
  /** Added to queries, keys and values (qwen2; some llama files). */
  attentionBias: boolean;
  /** Queries and keys are normalised a head at a time (qwen3). */
  headNorm: boolean;
  /** The output matrix is the embedding. */
  tiedOutput: boolean;
}

export interface RopeSpec {
  base: number;
  /** Positions are divided by it (linear scaling); 1 where there is none. */
  linear: number;
  /** Columns of a head that turn. */
  dimensions: number;
  /** Pairs are (i, i + half) in the file, not (2i, 2i + 1): rows are reordered at load. */
  halves: boolean;
  /** Of `rope_freqs.weight`: each pair's frequency is divided by its factor (Llama 3.x). */
  factors: Float32Array | undefined;
}
