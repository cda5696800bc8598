/**
 * Paddock's own engine: GGUF models of the architectures it knows, on the CPU, at the speed of native code.
 * What it cannot run it refuses with `not_supported`, and another engine takes the model.
 */
import { CHAT_CAPABILITIES } from '../../chat/gguf-chat';
import type { Engine, LoadContext } from '../../engine';
import { chatFileBy } from '../by-tokenizer';
import { LoadClock } from '../load-clock';
import type { LoadOptions, RunnerModel } from '#core/engine';
import { WasmDecoder } from './decode/wasm-decoder';
import { createMemory, loadKernels, type KernelCode, type KernelSet } from './kernels/instantiate';
import { CACHE_16, CACHE_8 } from './kernels/program-layout';
import { claimMemory } from './load/claim-memory';
import { fitContext, type Limits } from './load/fit';
import { throwIfAborted } from '../../abort';
import { loadWeights } from './load/load';
import { openReaders, type WeightsFile } from './load/files';
import { readModel } from './load/read-model';
import type { WeightsReader } from './load/reader';
import { poison } from './memory/part';
import { PaddockModel, type ModelParts } from './model';
import { ThreadController } from './threads/controller';
import { threadCount } from './threads/count';
import { ThreadPool } from './threads/pool';
import { probeThreads } from './threads/probe';
import { readTokenizer } from './tokenizer/read-tokenizer';

export interface EngineSettings {
  /** Absent: relaxed SIMD where the browser has it. */
  kernels?: KernelSet;
  /** Absent: what browsers give. */
  limits?: Limits;
  /** Whether threads share memory; absent: as the page is isolated. */
  shared?: boolean;
}

export function createPaddockEngine(settings: EngineSettings = {}): Engine {
  return {
    name: 'paddock',
    load: async (model, weights, options, context) =>
      new PaddockModel(await loadParts(settings, model, weights, options, context)),
  };
}

/** What a loaded model is made of; the tests reach its logits this way. */
export async function loadParts(
  settings: EngineSettings,
  model: RunnerModel,
  weights: readonly Blob[],
  options: LoadOptions,
  context: LoadContext,
): Promise<ModelParts> {
  const isolated = settings.shared ?? globalThis.crossOriginIsolated;
  const threads = threadCount(options.num_thread, navigator.hardwareConcurrency, isolated);
  // Helpers and kernels come while the header is read.
  const pool = new ThreadPool(threads - 1, context.onDeath);
  const kernels = loadKernels(isolated, settings.kernels);
  kernels.catch(() => {}); // awaited below
  const files = weights.map((blob, at) => ({ blob, handle: context.files?.[at] }));
  const readers = await openReaders(files);
  try {
    return await loadFrom(
      { limits: settings.limits, threads, pool, kernels, files, readers },
      model,
      options,
      context,
    );
  } catch (error) {
    pool.close();
    throw error;
  } finally {
    for (const reader of readers) reader.close();
  }
}

interface Means {
  limits: Limits | undefined;
  threads: number;
  pool: ThreadPool;
  kernels: Promise<KernelCode>;
  files: readonly WeightsFile[];
  /** One a file. */
  readers: readonly WeightsReader[];
}

async function loadFrom(
  { limits, threads, pool, kernels, ...found }: Means,
  model: RunnerModel,
  options: LoadOptions,
  context: LoadContext,
): Promise<ModelParts> {
  const { signal, onDeath, onProgress } = context;
  onProgress({ phase: 'engine' });
  const [read, code] = await Promise.all([readModel(found.files, found.readers, signal), kernels]);
  const { header, reader, files, spec, tensors } = read;
  const cacheKind = options.kv_cache_type === 'q8_0' ? CACHE_8 : CACHE_16;
  const memory = { threads, cacheKind, plain: code.set === 'plain' };
  const { fit, memories } = claimMemory(
    options.num_ctx,
    (asked) => fitContext(spec, tensors, asked, memory, limits),
    (bytes) => createMemory(bytes, code.shared),
  );
  let tokenizer!: ReturnType<typeof readTokenizer>;
  const clock = new LoadClock();
  clock.turn('read');
  const parts = await loadWeights({
    ...{ header, reader, files, spec, tensors, fit, memories, code, cacheKind, pool },
    signal,
    meanwhile: () => (tokenizer = readTokenizer(header, spec.vocabulary)),
    onProgress: (done, total) => onProgress({ phase: 'weights', done, total }),
  });
  const times = clock.times();
  const close = () => {
    poison(parts);
    pool.close();
  };
  throwIfAborted(signal);
  const asked = options.num_thread > 0;
  const best = asked ? threads : probeThreads(parts, threads);
  const decoder = new WasmDecoder({
    ...{ spec, parts, cacheKind, onDeath },
    threads: new ThreadController(threads, best, asked),
    context: fit.context,
  });
  return {
    decoder,
    tokenizer,
    file: chatFileBy(tokenizer, header),
    close,
    info: {
      engine: 'paddock',
      backend: 'wasm',
      threads: best,
      contextLength: fit.context,
      contextTrained: spec.contextTrained,
      capabilities: [...CHAT_CAPABILITIES, 'format', 'logprobs'],
      bytes: {
        weights: model.size,
        cache: fit.cacheBytes,
        compute: fit.bytes - fit.weightBytes - fit.cacheBytes,
      },
      times,
    },
  };
}
