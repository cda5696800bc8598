/** Norms and biases, f32: many small ones, which share buffers. */
import type { ModelSpec } from '../spec/model-spec';
import type { LayerTensors, ModelTensors, Vector } from '../spec/tensors';
import { OFFSET_ALIGNMENT, type GpuLimits } from './limits';
import { roundUp } from './parts';

interface Source {
  vector: Vector;
  interleave: number;
}

/** One binding: tensors one behind the other. */
export interface GpuVector {
  sources: Source[];
  /** Of the vectors' buffers, by its place in the list. */
  buffer: number;
  offset: number;
  bytes: number;
}

export interface LayerVectors {
  attentionNorm: GpuVector;
  feedForwardNorm: GpuVector;
  /** [q | k | v], as the rows of `qkv`. */
  qkvBias: GpuVector | undefined;
  /** [query | key], each as wide as a head. */
  headNorms: GpuVector | undefined;
}

export interface ModelVectors {
  /** Bytes of each. */
  buffers: number[];
  outputNorm: GpuVector;
  layers: LayerVectors[];
}

export function vectorsOf(spec: ModelSpec, tensors: ModelTensors, limits: GpuLimits): ModelVectors {
  const buffers: number[] = [0];
  const interleave = spec.rope.halves ? spec.headSize : 0;
  const place = (sources: Source[]): GpuVector => {
    const bytes = 4 * sources.reduce((sum, { vector }) => sum + vector.length, 0);
    const end = roundUp(buffers.at(-1)!, OFFSET_ALIGNMENT);
    const fits = end === 0 || end + bytes <= limits.binding;
    if (!fits) buffers.push(0);
    const offset = fits ? end : 0;
    buffers[buffers.length - 1] = offset + bytes;
    return { sources, buffer: buffers.length - 1, offset, bytes };
  };
  const plain = (vector: Vector) => place([{ vector, interleave: 0 }]);
  const optional = (sources: (Source | undefined)[]) => {
    const known = sources.filter((source) => source !== undefined);
    return known.length > 0 ? place(known) : undefined;
  };
  const source = (vector: Vector | undefined, turned: boolean) =>
    vector && { vector, interleave: turned ? interleave : 0 };
  const ofLayer = (layer: LayerTensors): LayerVectors => ({
    attentionNorm: plain(layer.attentionNorm),
    feedForwardNorm: plain(layer.feedForwardNorm),
    qkvBias: optional([
      source(layer.queryBias, true),
      source(layer.keyBias, true),
      source(layer.valueBias, false),
    ]),
    headNorms: optional([source(layer.queryNorm, true), source(layer.keyNorm, true)]),
  });
  return { buffers, layers: tensors.layers.map(ofLayer), outputNorm: plain(tensors.outputNorm) };
}

export function vectorsIn({ outputNorm, layers }: ModelVectors): GpuVector[] {
  const inLayers = layers.flatMap(({ attentionNorm, feedForwardNorm, qkvBias, headNorms }) => {
    return [attentionNorm, feedForwardNorm, qkvBias, headNorms];
  });
  return [outputNorm, ...inLayers].filter((vector) => vector !== undefined);
}
