/** Brings a model onto a graphics adapter: its weights, and beside them its shaders. */
import type { LoadOptions, RunnerModel } from '#core/engine';
import { CHAT_CAPABILITIES } from '../../../chat/gguf-chat';
import type { LoadContext } from '../../../engine';
import { chatFileBy } from '../../by-tokenizer';
import { DeviceUse } from '../../device-use';
import { LoadClock } from '../../load-clock';
import { turn } from '../generate/turn';
import { openReaders } from '../load/files';
import { readModel, type ReadModel } from '../load/read-model';
import { isOutOfMemory, refusedMemory } from '../load/refused-memory';
import { halfOf } from '../load/smaller-context';
import type { ModelParts } from '../model';
import { readTokenizer } from '../tokenizer/read-tokenizer';
import type { Building } from './building';
import { buildPrograms } from './build';
import { makeBuffers, namedBuffers } from './buffers';
import type { CacheKind } from './cache';
import { claimGpu } from './claim';
import { GpuDecoder } from './decoder';
import { openDevice, type GpuDevice, type GpuFeature } from './device';
import { fitGpu } from './fit';
import { KernelSet } from './kernel-set';
import type { LowerLimits } from './limits';
import { loadGpu } from './load';
import { SUBMIT_MS } from './pace';
import { Pipelines } from './pipelines';
import { makeReady, rememberedVariants } from './ready';
import type { Variants } from './variants';
import { warmUp } from './warm-up';
import type { GpuWeights } from './weights';

/** Tokens of a prompt that the kernels take at once, at most. */
const CHUNK = 64;
/** Tokens that are chosen in one submit: a quarter of the reads, and little to wait for when it is stopped. */
const TOKENS_PER_SUBMIT = 4;

export interface GpuEngineSettings {
  limits?: LowerLimits;
  /** Features that are not used. */
  without?: readonly GpuFeature[];
  /** Whatever `kv_cache_type` says. */
  cache?: CacheKind;
  /** Up to 64. */
  tokensPerSubmit?: number;
  /** Milliseconds that a submit is meant to take at most. */
  submitMs?: number;
  /** Absent: what was remembered, else what the probe finds. */
  variants?: Variants;
  /** Whether the quickest kernels are looked for; absent: yes. */
  tune?: boolean;
  /** Whether what the device computes is compared with the CPU; absent: yes. */
  check?: boolean;
}

export interface GpuModelParts extends ModelParts {
  decoder: GpuDecoder;
  gpu: GpuDevice;
}

/** @throws PaddockError `no_gpu`, `not_supported`, `model_unreadable`, `out_of_memory`, `device_lost`, `aborted`, `engine_failed` */
export async function loadGpuParts(
  settings: GpuEngineSettings,
  model: RunnerModel,
  weights: readonly Blob[],
  options: LoadOptions,
  context: LoadContext,
): Promise<GpuModelParts> {
  const { signal, onProgress } = context;
  onProgress({ phase: 'engine' });
  const { limits, without } = settings;
  const open = () => openDevice({ limits, without, signal });
  const opening = open();
  opening.catch(() => {}); // awaited below
  const files = weights.map((blob, at) => ({ blob, handle: context.files?.[at] }));
  const readers = await openReaders(files);
  try {
    const read = await readModel(files, readers, signal);
    return await loadOnDevice(await opening, { read, settings, options, context, open });
  } catch (error) {
    const gpu = await opening.catch(() => undefined);
    gpu?.close();
    throw error;
  } finally {
    for (const reader of readers) reader.close();
  }
}

interface Loading {
  read: ReadModel;
  settings: GpuEngineSettings;
  options: LoadOptions;
  context: LoadContext;
  /** Another device. */
  open(): Promise<GpuDevice>;
}

/**
 * Drivers may say only when a buffer is used that there is no memory for it: a load whose context nobody asked for is
 * tried once more then, with half of it. When it throws, the device is closed.
 * @param most tokens of that second time
 */
async function loadOnDevice(
  gpu: GpuDevice,
  loading: Loading,
  most?: number,
): Promise<GpuModelParts> {
  const { read, settings, options, open } = loading;
  const { limits } = gpu;
  const cache = settings.cache ?? (options.kv_cache_type === 'q8_0' ? 'q8' : 'f16');
  const weights = await claimGpu(gpu, options.num_ctx, (asked) =>
    fitGpu(read.spec, read.tensors, asked || (most ?? 0), { cache, chunk: CHUNK, limits }),
  );
  try {
    return await fillDevice(gpu, weights, loading);
  } catch (error) {
    gpu.close();
    const cause = gpu.loss ?? error;
    if (!isOutOfMemory(cause)) throw cause;
    const half = halfOf(weights.plan.context);
    const asked = options.num_ctx > 0;
    if (!asked && half && most === undefined) return loadOnDevice(await open(), loading, half);
    throw refusedMemory(weights.plan, 'the graphics adapter', asked ? half : undefined);
  }
}

async function fillDevice(
  gpu: GpuDevice,
  weights: GpuWeights,
  { read, settings, context }: Loading,
): Promise<GpuModelParts> {
  const { device, features } = gpu;
  const { header, reader, spec } = read;
  const { signal, onProgress, onDeath, notes } = context;
  const use = new DeviceUse(onDeath);
  void gpu.lost.then((error) => use.lose(error));
  const { plan } = weights;
  const own = await makeBuffers(gpu, spec.vocabulary);

  const clock = new LoadClock();
  let uploaded = false;
  const pipelines = new Pipelines(device, (done, total) => {
    if (uploaded) onProgress({ phase: 'shaders', done, total });
  });
  const known = settings.variants ?? rememberedVariants(notes, gpu.key);
  const building: Building = {
    ...{ device, plan, weights, attention: plan.attention },
    kernels: new KernelSet(pipelines, features, known ?? {}, settings.variants === undefined),
    buffers: namedBuffers(weights, own),
  };
  const compiling = gpu.until(buildPrograms(building));
  compiling.catch(() => {}); // awaited below
  const loading = loadGpu({
    ...{ weights, device: gpu, reader, header, signal, clock },
    onProgress: (done, total) => onProgress({ phase: 'weights', done, total }),
  });
  loading.catch(() => {}); // awaited below
  await turn();
  const tokenizer = readTokenizer(header, spec.vocabulary);
  await loading;
  uploaded = true;
  clock.turn('compile');
  const programs = await compiling;
  const times = clock.times();

  const parts = {
    ...{ gpu, own, attention: building.attention, chunk: CHUNK },
    tokensPerSubmit: settings.tokensPerSubmit ?? TOKENS_PER_SUBMIT,
    submitMs: settings.submitMs ?? SUBMIT_MS,
  };
  onProgress({ phase: 'warmup' });
  const built = await makeReady(
    { building, programs, variants: known ?? {} },
    {
      ...{ parts, read, notes, signal },
      tunes: settings.tune !== false && known === undefined,
      checks: settings.check !== false,
    },
  );
  const decoder = new GpuDecoder({ ...parts, weights, programs: built.programs });
  await warmUp(decoder, signal);
  const dropped = built.building.kernels.pipelines.dropped.map(({ label }) => label).sort();
  use.leave();
  return {
    ...{ decoder, tokenizer, gpu },
    file: chatFileBy(tokenizer, header),
    enter: () => use.enter(),
    close: () => gpu.close(),
    info: {
      engine: 'paddock',
      backend: 'webgpu',
      adapter: gpu.adapter,
      ...(dropped.length > 0 && { dropped }),
      threads: 1,
      contextLength: plan.context,
      contextTrained: spec.contextTrained,
      capabilities: [...CHAT_CAPABILITIES, 'logprobs'],
      bytes: {
        weights: plan.weightBytes,
        cache: plan.cacheBytes,
        compute: plan.computeBytes + own.bytes,
      },
      times,
    },
  };
}
