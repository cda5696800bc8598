/** The forward pass as a list of ops: what is computed, in which order, from which tensors. */
import * as layout from '../kernels/program-layout';
import type { ActKind, MemoryPlan } from '../memory/plan';
import type { Share } from '../memory/share';
import type { LayerTensors, Matrix, Vector } from '../spec/tensors';

/** One op; what is absent is 0 in its record. */
export interface Op {
  code: number;
  prepare?: number;
  /** What its activations are made of, and by which norm. */
  act?: ActKind;
  source?: number;
  norm?: Vector;
  matrices?: Matrix[];
  biases?: (Vector | undefined)[];
  queryNorm?: Vector;
  keyNorm?: Vector;
  cache?: { keys: number; values: number };
  out?: number;
}

/** The forward pass of one memory's layers; in the first it begins with the embedding. */
export function forwardOps({ embedding, layers }: Share, plan: MemoryPlan): Op[] {
  const embed = embedding ? [{ code: layout.CODE_EMBED, matrices: [embedding] }] : [];
  return [...embed, ...layers.flatMap((layer, index) => layerOps(layer, plan, plan.caches[index]))];
}

/** The logits after the token whose stream is at `source`; in the first memory. */
export function headOps({ outputNorm, output }: Share, plan: MemoryPlan): Op[] {
  if (!output) return [];
  return [
    {
      code: layout.CODE_PROJECT,
      prepare: layout.PREPARE_NORM,
      act: 'stream',
      source: plan.buffers.stream,
      norm: outputNorm,
      matrices: [output],
      out: plan.buffers.logits,
    },
  ];
}

function layerOps(layer: LayerTensors, plan: MemoryPlan, cache: Op['cache']): Op[] {
  const { stream, attended, gated } = plan.buffers;
  return [
    {
      code: layout.CODE_QKV,
      prepare: layout.PREPARE_NORM,
      act: 'stream',
      source: stream,
      norm: layer.attentionNorm,
      matrices: [layer.query, layer.key, layer.value],
      biases: [layer.queryBias, layer.keyBias, layer.valueBias],
      queryNorm: layer.queryNorm,
      keyNorm: layer.keyNorm,
      cache,
    },
    { code: layout.CODE_ATTEND, cache },
    {
      code: layout.CODE_ADD,
      prepare: layout.PREPARE_ATTENDED,
      act: 'attended',
      source: attended,
      matrices: [layer.output],
    },
    {
      code: layout.CODE_GLU,
      prepare: layout.PREPARE_NORM,
      act: 'stream',
      source: stream,
      norm: layer.feedForwardNorm,
      matrices: [layer.gate, layer.up],
    },
    {
      code: layout.CODE_ADD,
      prepare: layout.PREPARE_RAW,
      act: 'gated',
      source: gated,
      matrices: [layer.down],
    },
  ];
}
