/** From weights that are there to programs that are quick on this device, and known to compute right. */
import { PaddockError } from '#core/errors';
import type { Notes } from '../../../engine';
import type { ReadModel } from '../load/read-model';
import { buildPrograms, type Programs } from './build';
import type { Building } from './building';
import type { GpuDecoderParts } from './decoder';
import { KernelSet } from './kernel-set';
import { Pipelines } from './pipelines';
import { dispatchTexts } from './programs';
import { firstLayers } from './trust/first-layers';
import { requireTrust } from './trust/trust';
import { readTuned, writeTuned } from './tune/notes';
import { tune } from './tune/tune';
import { inF32, usesBytes, usesF16, type Variants } from './variants';

export interface Built {
  building: Building;
  programs: Programs;
  variants: Variants;
}

export interface Readying {
  /** All but what is built. */
  parts: Omit<GpuDecoderParts, 'weights' | 'programs'>;
  read: Pick<ReadModel, 'spec' | 'tensors' | 'reader' | 'header'>;
  notes: Notes | undefined;
  /** Whether kernels are to be chosen: nothing was remembered, and nobody named them. */
  tunes: boolean;
  /** Whether what is computed is to be compared with the CPU, where that was not done before. */
  checks: boolean;
  signal: AbortSignal;
}

/** What an earlier load of the model chose on this device. */
export function rememberedVariants(
  notes: Notes | undefined,
  deviceKey: string,
): Variants | undefined {
  return readTuned(notes, deviceKey, navigator.userAgent);
}

/** @throws PaddockError `no_gpu` (see `trust.ts`), `aborted`, `device_lost`, `engine_failed` */
export async function makeReady(built: Built, readying: Readying): Promise<Built> {
  const tuned = readying.tunes ? await tuneBuilt(built, readying) : built;
  if (!readying.checks) return tuned;
  try {
    await check(tuned, readying);
    return tuned;
  } catch (error) {
    const wrong = error instanceof PaddockError && error.detail.wrong === true;
    if (!wrong || !(usesBytes(tuned.variants) || usesF16(tuned.variants))) throw error;
  }
  // Products of integers and in f16 have drivers' code of their own: without them the device may do.
  const floats = await rebuild(tuned, inF32(tuned.variants), readying);
  await check(floats, readying);
  writeTuned(readying.notes, readying.parts.gpu.key, navigator.userAgent, floats.variants);
  return floats;
}

async function tuneBuilt(built: Built, readying: Readying): Promise<Built> {
  const { parts, signal, notes } = readying;
  const { gpu, chunk } = parts;
  const variants = await tune({ ...{ gpu, chunk, signal }, building: built.building });
  writeTuned(notes, gpu.key, navigator.userAgent, variants);
  return Object.keys(variants).length > 0 ? rebuild(built, variants, readying) : built;
}

/** By pipelines of its own, so that those which lost are kept by nobody. */
async function rebuild(
  { building }: Built,
  variants: Variants,
  { parts: { gpu } }: Readying,
): Promise<Built> {
  const kernels = new KernelSet(new Pipelines(gpu.device), building.kernels.features, variants);
  const rebuilt = { ...building, kernels };
  return { building: rebuilt, programs: await gpu.until(buildPrograms(rebuilt)), variants };
}

async function check({ building, programs, variants }: Built, readying: Readying): Promise<void> {
  const { parts, read, notes, signal } = readying;
  const { gpu } = parts;
  const { pipelines, features } = building.kernels;
  const { embed, token, chunk, logits } = programs;
  const { spec, tensors, reader, header } = read;
  await requireTrust({
    ...{ spec, tensors, reader, notes, signal, dataOffset: header.dataOffset },
    rounding: {
      cache: building.attention.cache,
      int8: usesBytes(variants),
      f16: usesF16(variants),
    },
    open: (layers) => gpu.until(firstLayers(building, parts, layers)),
    deviceKey: gpu.key,
    shaders: [...pipelines.texts, ...dispatchTexts([...embed, ...token, ...chunk, ...logits])],
    facts: {
      ...{ adapter: gpu.adapter, browser: navigator.userAgent, features, variants },
      dropped: pipelines.dropped,
    },
  });
}
