/** Where everything lies in one memory of a model. Addresses only: nothing is written here. */
import { ACT_BYTES, GROUP, MATRIX_BYTES } from '../kernels/layout';
import {
  CTL_BYTES,
  LAYER_OPS,
  MODEL_BYTES,
  OP_BYTES,
  OWN_ACTS,
  SPAN,
} from '../kernels/program-layout';
import { formOf } from '../kernels/forms';
import type { ModelSpec } from '../spec/model-spec';
import type { Matrix, Vector } from '../spec/tensors';
import { Arena } from './arena';
import { matricesOf, vectorsOf, type Share } from './share';
import * as sizes from './sizes';

/** One ACT record and its arrays. */
export interface ActPlan {
  record: number;
  columns: number;
  forms: number;
  arrays: Record<keyof ReturnType<typeof sizes.actBytes>, number>;
}

/** What an op's activations are made of: the stream, attention's result, the gated values. */
export type ActKind = 'stream' | 'attended' | 'gated';

interface ThreadPlan {
  own: number;
  row: number;
  scratch: number;
  acts: Record<ActKind, ActPlan>;
  /** For the slices of the file that it packs. */
  staging: number;
}

export interface MemoryPlan {
  /** Of the whole memory. */
  bytes: number;
  weightBytes: number;
  cacheBytes: number;
  control: number;
  model: number;
  threads: ThreadPlan[];
  stagingBytes: number;
  /** The acts that the threads of a prefill share. */
  acts: Record<ActKind, ActPlan>;
  matrices: Map<Matrix, { record: number; data: number }>;
  vectors: Map<Vector, number>;
  caches: { keys: number; values: number }[];
  buffers: Record<
    'tokens' | 'cos' | 'sin' | 'stream' | 'queries' | 'attended' | 'partials' | 'gated' | 'logits',
    number
  >;
  /** The ops of a forward pass, and the one that makes logits. */
  forward: number;
  head: number;
}

export interface PlanOptions {
  /** Positions. */
  context: number;
  cacheKind: number;
  threads: number;
  plain: boolean;
}

/** Bytes of the file that a thread packs at a time. */
const STAGING = 1024 * 1024;
/** Bytes that `pack` may read behind its source. */
const PACK_SLACK = 16;

export function planMemory(
  spec: ModelSpec,
  share: Share,
  { context, cacheKind, threads, plain }: PlanOptions,
): MemoryPlan {
  const arena = new Arena();
  const matrices = matricesOf(share);
  const stagingBytes = Math.max(
    STAGING,
    ...matrices.map((matrix) => Math.max(spec.headSize, GROUP) * sizes.rowBytes(matrix)),
  );
  const widths = actWidths(spec, share);
  const control = arena.take(CTL_BYTES);
  const model = arena.take(MODEL_BYTES);
  const acts = takeActs(arena, widths, sizes.CHUNK, plain, (bytes) => arena.take(bytes));
  const threadPlans = Array.from({ length: threads }, () => {
    const own = arena.take(OWN_ACTS + 3 * ACT_BYTES);
    let record = own + OWN_ACTS;
    const at = () => (record += ACT_BYTES) - ACT_BYTES;
    return {
      own,
      row: arena.take(4 * Math.max(spec.hidden, spec.heads * spec.headSize)),
      scratch: arena.take(sizes.scratchBytes(spec)),
      acts: takeActs(arena, widths, 1, plain, at),
      staging: arena.take(stagingBytes + PACK_SLACK),
    };
  });
  const { CHUNK } = sizes;
  const spans = Math.ceil(context / SPAN);
  const buffers = {
    tokens: arena.take(4 * CHUNK),
    cos: arena.take(2 * CHUNK * spec.rope.dimensions),
    sin: arena.take(2 * CHUNK * spec.rope.dimensions),
    stream: arena.take(4 * CHUNK * spec.hidden),
    queries: arena.take(4 * CHUNK * spec.heads * spec.headSize),
    attended: arena.take(4 * CHUNK * spec.heads * spec.headSize),
    partials: arena.take(spec.keyValueHeads * spans * sizes.partialBytes(spec)),
    gated: arena.take(4 * CHUNK * spec.feedForward),
    logits: arena.take(share.output ? 4 * spec.vocabulary : 0),
  };
  const forward = arena.take(OP_BYTES * (1 + LAYER_OPS * share.layers.length));
  const head = arena.take(OP_BYTES);
  const vectors = new Map(
    vectorsOf(share).map((vector) => [vector, arena.take(4 * vector.length)]),
  );
  const beforeWeights = arena.size;
  const placed = new Map(
    matrices.map((matrix) => [
      matrix,
      { record: arena.take(MATRIX_BYTES), data: arena.take(sizes.matrixBytes(matrix)) },
    ]),
  );
  const beforeCache = arena.size;
  const block = sizes.cacheBlockBytes(spec, cacheKind, context);
  const caches = share.layers.map(() => ({ keys: arena.take(block), values: arena.take(block) }));
  return {
    bytes: arena.size,
    weightBytes: beforeCache - beforeWeights,
    cacheBytes: arena.size - beforeCache,
    control,
    model,
    threads: threadPlans,
    stagingBytes,
    acts,
    matrices: placed,
    vectors,
    caches,
    buffers,
    forward,
    head,
  };
}

type Widths = Record<ActKind, { columns: number; forms: number }>;

/** For each kind the forms that any layer's matrices read. */
function actWidths(spec: ModelSpec, { layers, output }: Share): Widths {
  const forms = (matrices: (Matrix | undefined)[]) =>
    matrices.reduce((all, matrix) => all | (matrix ? formOf(matrix.type) : 0), 0);
  return {
    stream: {
      columns: spec.hidden,
      forms: forms([
        output,
        ...layers.flatMap(({ query, key, value, gate, up }) => [query, key, value, gate, up]),
      ]),
    },
    attended: {
      columns: spec.heads * spec.headSize,
      forms: forms(layers.map((layer) => layer.output)),
    },
    gated: { columns: spec.feedForward, forms: forms(layers.map((layer) => layer.down)) },
  };
}

/** The three kinds are never needed at once: their arrays lie over each other. */
function takeActs(
  arena: Arena,
  widths: Widths,
  tokens: number,
  plain: boolean,
  record: (bytes: number) => number,
): Record<ActKind, ActPlan> {
  const kinds = Object.keys(widths) as ActKind[];
  const needs = kinds.map((kind) =>
    sizes.actBytes(tokens, widths[kind].columns, widths[kind].forms, plain),
  );
  const names = Object.keys(needs[0]!) as (keyof ActPlan['arrays'])[];
  const arrays = Object.fromEntries(
    names.map((name) => {
      const bytes = Math.max(...needs.map((need) => need[name]));
      return [name, bytes === 0 ? 0 : arena.take(bytes)];
    }),
  ) as ActPlan['arrays'];
  return Object.fromEntries(
    kinds.map((kind) => [kind, { record: record(ACT_BYTES), ...widths[kind], arrays }]),
  ) as Record<ActKind, ActPlan>;
}
