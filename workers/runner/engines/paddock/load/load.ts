/** Brings a model from its file into the engine's memories, on all threads at once. */
import type { GgufHeader } from '#core/gguf';
import { writeOps } from '../graph/write-ops';
import { forwardOps, headOps } from '../graph/program';
import { instantiate, type KernelCode } from '../kernels/instantiate';
import { poison, type Part } from '../memory/part';
import { writeRecords } from '../memory/write-records';
import type { ModelSpec } from '../spec/model-spec';
import type { ModelTensors } from '../spec/tensors';
import type { ThreadPool } from '../threads/pool';
import { throwIfAborted } from '../../../abort';
import { turn, TURN } from '../generate/turn';
import type { Fit } from './fit';
import { claimSlice, packSlice } from './pack-slices';
import type { WeightsFile } from './files';
import type { WeightsReader } from './reader';
import { slicesOf, type Slice } from './slices';
import { loadVectors } from './vectors';

export interface Load {
  header: GgufHeader;
  reader: WeightsReader;
  /** In the order in which `reader` has them. */
  files: readonly WeightsFile[];
  spec: ModelSpec;
  tensors: ModelTensors;
  fit: Fit;
  /** One a part of the fit. */
  memories: WebAssembly.Memory[];
  code: KernelCode;
  /** As many helpers as the plan has threads beside the first; the caller closes it. */
  pool: ThreadPool;
  cacheKind: number;
  signal: AbortSignal;
  /** Done in the first thread while the helpers pack. */
  meanwhile(): void;
  /** Bytes of the file that are packed, or nearly, and those that there are. */
  onProgress(bytes: number, total: number): void;
}

/** @throws PaddockError `aborted`, `model_unreadable`, `out_of_memory`, `engine_failed` */
export async function loadWeights(load: Load): Promise<Part[]> {
  const { header, reader, files, spec, tensors, fit, code, pool } = load;
  const parts = await Promise.all(
    fit.parts.map((part, index) => preparePart(load, part, load.memories[index]!)),
  );
  const plans = parts.map(({ plan }) => plan);
  const slices = slicesOf(spec, tensors, plans, header.dataOffset);
  try {
    await pool.start((thread) => ({
      ...{ module: code.module, thread, files, slices },
      parts: parts.map(({ memory, plan: { control, threads } }) => {
        const { own, staging } = threads[thread]!;
        return { memory, control, own, staging };
      }),
    }));
    load.meanwhile();
    await turn();
    throwIfAborted(load.signal);
    await loadVectors(reader, header.dataOffset, spec, tensors, parts);
    await packOwn(load, parts, slices);
    await pool.packed(load.signal);
  } catch (error) {
    poison(parts);
    throw error;
  }
  return parts;
}

async function preparePart(
  load: Load,
  { share, plan }: Fit['parts'][number],
  memory: WebAssembly.Memory,
): Promise<Part> {
  const { spec, code, fit, cacheKind } = load;
  const kernels = await instantiate(code.module, memory);
  const view = new DataView(memory.buffer);
  writeRecords(view, spec, plan, { context: fit.context, cacheKind });
  writeOps(view, plan, plan.forward, forwardOps(share, plan));
  writeOps(view, plan, plan.head, headOps(share, plan));
  return { share, plan, memory, kernels };
}

async function packOwn(
  { reader, signal, onProgress }: Load,
  parts: Part[],
  slices: Slice[],
): Promise<void> {
  const { memory, plan } = parts[0]!;
  const targets = parts.map((part) => ({ ...part, staging: part.plan.threads[0]!.staging }));
  const total = slices.reduce((sum, { length }) => sum + length, 0);
  let turned = performance.now();
  for (;;) {
    const slice = claimSlice(slices, memory, plan.control);
    if (!slice) return;
    packSlice(targets[slice.part]!, slice, reader);
    if (performance.now() - turned < TURN) continue;
    const before = slices.slice(0, slices.indexOf(slice) + 1);
    onProgress(
      before.reduce((sum, { length }) => sum + length, 0),
      total,
    );
    await turn();
    throwIfAborted(signal);
    turned = performance.now();
  }
}
