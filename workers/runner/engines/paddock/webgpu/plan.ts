/** Every buffer that a model takes on the adapter, to the byte, before one of them is made. */
import { cacheBytes as blockBytes, type AttentionShape } from '../kernels/webgpu/attention/shape';
import type { ModelSpec } from '../spec/model-spec';
import type { LayerTensors, Matrix, ModelTensors } from '../spec/tensors';
import { activationBytes, type ActivationName } from './activations';
import { attentionShape, type CacheKind } from './cache';
import { inParts, joined, mostRows, type GpuMatrix, type Whole } from './parts';
import type { GpuLimits } from './limits';
import { tooLarge, type TooLarge } from './too-large';
import { vectorsOf, type LayerVectors, type ModelVectors } from './vectors';

export interface PlanOptions {
  /** Tokens. */
  context: number;
  cache: CacheKind;
  /** Tokens of one prefill run. */
  chunk: number;
  /** Positions that one workgroup of attention takes, a multiple of 32; absent: 128. */
  split?: number;
  limits: GpuLimits;
}

export interface GpuLayer extends LayerVectors {
  /** One below the other they are the rows of `qkv`; of one type: one matrix; else q and k, v; else three. */
  qkv: GpuMatrix[];
  output: GpuMatrix;
  /** `gate` and `up` are parted at the same rows. */
  gate: GpuMatrix;
  up: GpuMatrix;
  down: GpuMatrix;
}

export interface GpuPlan {
  spec: ModelSpec;
  options: PlanOptions;
  context: number;
  attention: AttentionShape;
  layers: GpuLayer[];
  embedding: GpuMatrix;
  /** The embedding itself where it is tied. */
  output: GpuMatrix;
  vectors: ModelVectors;
  /** Of one layer; keys and values are a buffer each. */
  cacheBlock: { keys: number; values: number };
  /** Bytes of each of the other buffers. */
  activations: Record<ActivationName, number>;
  /** Of all, matrices and vectors. */
  weightBytes: number;
  cacheBytes: number;
  computeBytes: number;
  bytes: number;
  /** Undefined: the adapter can hold each piece. */
  tooLarge: TooLarge | undefined;
}

/** Never throws: what does not fit is said in `tooLarge`. */
export function planGpu(spec: ModelSpec, tensors: ModelTensors, options: PlanOptions): GpuPlan {
  const { limits, context, chunk } = options;
  const cut = (...wholes: Whole[]) => cutAlike(wholes, limits);
  const one = (matrix: Matrix) => cut(joined([matrix]))[0]!;
  const embedding = one(tensors.embedding);
  const output = tensors.output === tensors.embedding ? embedding : one(tensors.output);
  const vectors = vectorsOf(spec, tensors, limits);
  const layers = tensors.layers.map((layer, at): GpuLayer => {
    const [gate, up] = cut(joined([layer.gate]), joined([layer.up]));
    return {
      ...vectors.layers[at]!,
      qkv: attentionMatrices(spec, layer).map((whole) => cut(whole)[0]!),
      output: one(layer.output),
      gate: gate!,
      up: up!,
      down: one(layer.down),
    };
  });
  const attention = attentionShape(spec, options);
  const cacheBlock = blockBytes(attention);
  const activations = activationBytes(spec, attention, chunk);
  const matrices = matricesOf({ layers, embedding, output });
  const weightBytes = sum(matrices.map(matrixBytes)) + sum(vectors.buffers);
  const cacheBytes = spec.layers * (cacheBlock.keys + cacheBlock.values);
  const computeBytes = sum(Object.values(activations));
  return {
    ...{ spec, options, context, attention, layers, embedding, output, vectors, cacheBlock },
    ...{ activations, weightBytes, cacheBytes, computeBytes },
    bytes: weightBytes + cacheBytes + computeBytes,
    tooLarge: tooLarge({ matrices, vectors, cacheBlock, activations }, limits),
  };
}

/** Each once. */
export function matricesOf({
  layers,
  embedding,
  output,
}: Pick<GpuPlan, 'layers' | 'embedding' | 'output'>): GpuMatrix[] {
  const inLayers = layers.flatMap(({ qkv, output, gate, up, down }) => {
    return [...qkv, output, gate, up, down];
  });
  return [embedding, ...inLayers, ...(output === embedding ? [] : [output])];
}

function attentionMatrices(spec: ModelSpec, { query, key, value }: LayerTensors): Whole[] {
  const interleave = spec.rope.halves ? spec.headSize : 0;
  const turned = [query, key].map((matrix) => ({ ...matrix, interleave }));
  if (query.type !== key.type) return [...turned.map((each) => joined([each])), joined([value])];
  return query.type === value.type
    ? [joined([...turned, value])]
    : [joined(turned), joined([value])];
}

/** Parted at the same rows, so that one dispatch reads the same of each. */
function cutAlike(wholes: readonly Whole[], limits: GpuLimits): GpuMatrix[] {
  const most = Math.min(...wholes.map((whole) => mostRows(whole, limits)));
  return wholes.map((whole) => inParts(whole, most || whole.rows));
}

function matrixBytes({ parts }: GpuMatrix): number {
  return sum(parts.map(({ bytes }) => bytes));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
