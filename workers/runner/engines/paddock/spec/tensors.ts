/** The tensors that a model of this spec has: found, their shapes and types checked, and none left over. */
import type { GgufHeader } from '#core/gguf';
import type { GgufTensor } from '#core/gguf/tensors';
import type { PaddockMatrixType } from '#core/paddock-limits';
import * as types from '../kernels/layout';
import type { ModelSpec } from './model-spec';
import { notSupported, unreadableModel } from './faults';

/** A tensor of one dimension, kept as f32. */
export interface Vector {
  tensor: GgufTensor;
  length: number;
}

export interface Matrix {
  tensor: GgufTensor;
  /** ggml's type id. */
  type: number;
  rows: number;
  columns: number;
}

export interface LayerTensors {
  attentionNorm: Vector;
  query: Matrix;
  key: Matrix;
  value: Matrix;
  queryBias?: Vector;
  keyBias?: Vector;
  valueBias?: Vector;
  queryNorm?: Vector;
  keyNorm?: Vector;
  output: Matrix;
  feedForwardNorm: Vector;
  gate: Matrix;
  up: Matrix;
  down: Matrix;
}

export interface ModelTensors {
  embedding: Matrix;
  layers: LayerTensors[];
  outputNorm: Vector;
  /** The embedding itself where it is tied. */
  output: Matrix;
  /** Goes into the spec, not into a memory. */
  ropeFactors: Vector | undefined;
}

/** Their numbers in the kernels. */
const MATRIX_TYPES = new Map<string, number>(
  Object.entries<number>({
    F32: types.F32,
    F16: types.F16,
    BF16: types.BF16,
    Q4_0: types.Q4_0,
    Q4_1: types.Q4_1,
    Q5_0: types.Q5_0,
    Q5_1: types.Q5_1,
    Q8_0: types.Q8_0,
    Q4_K: types.Q4_K,
    Q5_K: types.Q5_K,
    Q6_K: types.Q6_K,
  } satisfies Record<PaddockMatrixType, number>),
);

/** @throws PaddockError `not_supported` or `model_unreadable`, naming the tensor */
export function findTensors(header: GgufHeader, spec: ModelSpec): ModelTensors {
  const finder = new Finder(header);
  const embedding = finder.matrix('token_embd.weight', spec.vocabulary, spec.hidden);
  const found: ModelTensors = {
    embedding,
    layers: Array.from({ length: spec.layers }, (_, layer) => findLayer(finder, spec, layer)),
    outputNorm: finder.vector('output_norm.weight', spec.hidden),
    output: spec.tiedOutput
      ? embedding
      : finder.matrix('output.weight', spec.vocabulary, spec.hidden),
    // llama.cpp divides by them in this architecture only.
    ropeFactors:
      spec.architecture === 'llama'
        ? finder.optionalVector('rope_freqs.weight', spec.rope.dimensions / 2)
        : undefined,
  };
  finder.requireAllRead();
  return found;
}

function findLayer(finder: Finder, spec: ModelSpec, layer: number): LayerTensors {
  const name = (part: string) => `blk.${layer}.${part}`;
  const queries = spec.heads * spec.headSize;
  const keys = spec.keyValueHeads * spec.headSize;
  return {
    attentionNorm: finder.vector(name('attn_norm.weight'), spec.hidden),
    query: finder.matrix(name('attn_q.weight'), queries, spec.hidden),
    key: finder.matrix(name('attn_k.weight'), keys, spec.hidden),
    value: finder.matrix(name('attn_v.weight'), keys, spec.hidden),
    ...(spec.attentionBias && {
      queryBias: finder.vector(name('attn_q.bias'), queries),
      keyBias: finder.vector(name('attn_k.bias'), keys),
      valueBias: finder.vector(name('attn_v.bias'), keys),
    }),
    ...(spec.headNorm && {
      queryNorm: finder.vector(name('attn_q_norm.weight'), spec.headSize),
      keyNorm: finder.vector(name('attn_k_norm.weight'), spec.headSize),
    }),
    output: finder.matrix(name('attn_output.weight'), spec.hidden, queries),
    feedForwardNorm: finder.vector(name('ffn_norm.weight'), spec.hidden),
    gate: finder.matrix(name('ffn_gate.weight'), spec.feedForward, spec.hidden),
    up: finder.matrix(name('ffn_up.weight'), spec.feedForward, spec.hidden),
    down: finder.matrix(name('ffn_down.weight'), spec.hidden, spec.feedForward),
  };
}

class Finder {
  readonly #tensors: Map<string, GgufTensor>;
  readonly #read = new Set<string>();

  constructor(header: GgufHeader) {
    this.#tensors = new Map(header.tensors.map((tensor) => [tensor.name, tensor]));
  }

  matrix(name: string, rows: number, columns: number): Matrix {
    const tensor = this.#take(name, [columns, rows]);
    const type = MATRIX_TYPES.get(tensor.type);
    if (type === undefined) throw notSupported(`the tensor "${name}" has the type ${tensor.type}`);
    return { tensor, type, rows, columns };
  }

  vector(name: string, length: number): Vector {
    const tensor = this.#take(name, [length]);
    if (tensor.type === 'F32') return { tensor, length };
    throw notSupported(`the tensor "${name}" has the type ${tensor.type}, and F32 is known`);
  }

  optionalVector(name: string, length: number): Vector | undefined {
    return this.#tensors.has(name) ? this.vector(name, length) : undefined;
  }

  /** A tensor that nobody asked for would be left out of the computation. */
  requireAllRead(): void {
    const left = [...this.#tensors.keys()].find((name) => !this.#read.has(name));
    if (left) throw notSupported(`the tensor "${left}" is not known`);
  }

  #take(name: string, shape: number[]): GgufTensor {
    const tensor = this.#tensors.get(name);
    if (!tensor) throw unreadableModel(`the tensor "${name}" is missing`);
    this.#read.add(name);
    const dims = tensor.dims.slice(0, shape.length);
    const same =
      tensor.dims.slice(shape.length).every((dim) => dim === 1) &&
      shape.every((dim, index) => dims[index] === dim);
    if (same) return tensor;
    const found = tensor.dims.join(' × ');
    throw unreadableModel(`the tensor "${name}" is ${found}, and should be ${shape.join(' × ')}`);
  }
}
