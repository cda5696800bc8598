/**
 * llama.cpp in WASM: runs any GGUF on the CPU, and on WebGPU where the adapter has `shader-f16`.
 * Owns one wllama instance a model. Does not own the model's bytes: they come as Blobs and are read in slices.
 */
import { Wllama } from '@wllama/wllama/esm/index.js';
import compatScript from '@wllama/wllama-compat/wasm/wllama.js?url';
import compatWasm from '@wllama/wllama-compat/wasm/wllama.wasm?url';
import wasm from '@wllama/wllama/esm/wasm/wllama.wasm?url';
import type { EngineInfo, LoadOptions, RunnerModel } from '#core/engine';
import { PaddockError, isAbort } from '#core/errors';
import type { GgufHeader } from '#core/gguf';
import { usualThreads } from '#core/usual-threads';
import { embeds } from '#core/weights-facts';
import { readBlobHeader, readWeightsHeader } from '#store/blob-header';
import { CHAT_CAPABILITIES } from '../../chat/gguf-chat';
import type { Engine } from '../../engine';
import { projectorOf, withoutProjector } from '../projector';
import { readChatFile } from './chat-file';
import { imageMarkOf } from './complete-seeing';
import { EmbeddingModel } from './embedding-model';
import { WllamaModel } from './model';
import { NativeLog } from './native-log';
import { numbered } from './numbered';
import { TokenModel } from './token-model';
import { poolingOf } from './pooling';
import { Words } from './words';
import { AUTO_CONTEXT } from '../auto-context';
import { probeWebGpu, type WebGpuProbe } from '#core/webgpu-probe';
import { watchWorkers } from './watch-workers';

/** Tokens of context where there may be images. Source: ollama, server/sched.go. */
const LEAST_SEEING = 2048;

export const wllamaEngine: Engine = {
  name: 'wllama',
  async load(whole, blobs, options, context) {
    const { blobs: weights } = withoutProjector({ model: whole, blobs, context });
    const projector = projectorOf({ model: whole, blobs });
    if (projector) await checkProjector(projector);
    // llama.cpp's reader has had overflows (CVE-2026-27940 and others): a file that lies stays outside.
    const { header, order } = await readWeightsHeader(weights);
    // Blobs without a name: of files wllama sorts those, and the store's names say nothing of parts.
    const parts = order.map((at) => weights[at]!.slice());
    const first = parts[0]!;
    // It is measured then, by tokens, which wllama takes no other way.
    const byTokens = options.engine !== undefined && !embeds(header);
    if (byTokens) parts[0] = await numbered(first);
    const trained =
      Number(header.metadata.get(`${header.architecture}.context_length`)) || Infinity;
    const { wllama: probe } = await probeWebGpu(options.num_gpu);
    // wllama 3.8.1's q8_0 cache: nonsense on the CPU (SmolLM2: "L'Étoile, la Marseillaise"), and WebGPU has no SET_ROWS.
    if (options.kv_cache_type === 'q8_0') {
      console.warn('llama.cpp (wllama) keeps its cache in f16: its q8_0 does not work.');
    }
    const asked = options.num_ctx || AUTO_CONTEXT;
    const tokens = projector ? Math.max(asked, LEAST_SEEING) : asked;
    const sizes = batches(header, Math.min(tokens, trained), options);
    const log = new NativeLog(() => context.onProgress({ phase: 'weights' }));
    const wllama = new Wllama({ default: absolute(wasm) }, { logger: log });
    // Where JSPI or Memory64 is missing wllama would fetch its other build from a CDN: serve it ourselves.
    wllama.setCompat({ worker: absolute(compatScript), wasm: absolute(compatWasm) });
    const stopWatching = watchWorkers(context.onDeath);
    context.signal.addEventListener('abort', () => void wllama.exit(), { once: true });
    context.onProgress({ phase: 'engine' });
    const usual = usualThreads('wllama', navigator.hardwareConcurrency);
    try {
      await Promise.race([
        wllama.loadModel(projector ? [...parts, projector.slice()] : parts, {
          ...sizes,
          n_parallel: 1,
          n_gpu_layers: probe.usable ? 99_999 : 0,
          n_threads: options.num_thread > 0 ? options.num_thread : usual,
        }),
        aborted(context.signal),
      ]);
      requireLoaded(wllama, log);
    } catch (error) {
      await wllama.exit();
      throw loadError(error, log, context.signal);
    } finally {
      stopWatching();
    }
    const info = describe(wllama, whole, probe, log);
    if (embeds(header)) {
      info.capabilities = ['embedding'];
      info.bytes = { weights: whole.size, cache: log.cacheBytes, compute: log.computeBytes };
      return new EmbeddingModel(wllama, info, log);
    }
    // A numbered model's texts are numbers, which no grammar of JSON knows.
    if (!byTokens) info.capabilities.push('format');
    const words = new Words(first, wllama.getModelMetadata().hparams.nVocab);
    if (byTokens) return new TokenModel({ wllama, info, log, words });
    const imageMark = imageMarkOf(wllama);
    if (imageMark !== undefined) info.capabilities.push('vision');
    return new WllamaModel({
      ...{ wllama, info, log, imageMark },
      readFile: () => readChatFile(first, wllama),
      tokenizer: () => words.tokenizer(),
    });
  },
};

/**
 * As wllama tells it from weights: others it would take for a part of them.
 * @throws PaddockError `model_unreadable`, `not_supported`
 */
async function checkProjector(projector: Blob): Promise<void> {
  const { architecture } = await readBlobHeader(projector);
  if (architecture === 'clip') return;
  const message = `llama.cpp cannot use the model's projector: its architecture is "${architecture}".`;
  throw new PaddockError('not_supported', message);
}

/** wllama's `n_ctx` and what goes with it. @throws PaddockError as `poolingOf` */
function batches(header: GgufHeader, n_ctx: number, { num_batch: n_batch }: LoadOptions) {
  if (!embeds(header)) return { n_ctx, n_batch };
  const pooling_type = poolingOf(header);
  // Only a model that reads from left to right can take a text piece by piece; the others see all of it at once.
  const whole = pooling_type === 'last' ? { n_batch } : { n_batch: n_ctx, n_ubatch: n_ctx };
  return { n_ctx, embeddings: true, pooling_type, ...whole };
}

/** Worker code runs from a blob URL, where a relative address means nothing. */
function absolute(url: string): string {
  return new URL(url, location.href).href;
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  );
}

/** wllama 3.8.1 does not look at `success` in its own worker's answer. */
function requireLoaded(wllama: Wllama, log: NativeLog): void {
  const { success } = wllama.getLoadedContextInfo() as { success?: boolean };
  if (!success) throw new Error(log.lastError ?? 'llama.cpp did not load the model');
}

function loadError(error: unknown, log: NativeLog, signal: AbortSignal): PaddockError {
  if (signal.aborted || isAbort(error)) return new PaddockError('aborted', 'Loading was stopped.');
  const thrown = error instanceof Error ? error.message : String(error);
  // llama.cpp's own words say more than "failed", but only when it was llama.cpp that failed.
  if (error instanceof TypeError) {
    const why = `The engine could not be fetched: ${thrown}.`;
    return new PaddockError('network', why, { url: absolute(wasm) });
  }
  const reason = log.projectorFault ?? log.lastError ?? thrown;
  if (/memory|alloc|RangeError/i.test(reason)) return new PaddockError('out_of_memory', reason);
  if (log.projectorFault !== undefined) {
    const message = `llama.cpp cannot use the model's projector: ${log.projectorFault}.`;
    return new PaddockError('not_supported', message);
  }
  return new PaddockError(log.lastError ? 'model_unreadable' : 'engine_failed', reason);
}

function describe(
  wllama: Wllama,
  model: RunnerModel,
  probe: WebGpuProbe,
  log: NativeLog,
): EngineInfo {
  const loaded = wllama.getLoadedContextInfo();
  const onGpu = probe.usable && log.offloadedLayers > 0;
  return {
    engine: 'wllama',
    backend: onGpu ? 'webgpu' : 'wasm',
    ...(onGpu
      ? { adapter: probe.adapter }
      : { noWebGpu: probe.usable ? 'engine_fell_back' : probe.reason }),
    threads: wllama.getNumThreads(),
    contextLength: loaded.n_ctx,
    contextTrained: loaded.n_ctx_train,
    capabilities: [...CHAT_CAPABILITIES],
    bytes: { weights: model.size, cache: cacheBytes(loaded.metadata, loaded.n_ctx) },
    times: log.clock.times(),
  };
}

/** Keys and values in f16: 2 tensors x layers x tokens x key-value heads x head size x 2 bytes. */
function cacheBytes(metadata: Record<string, string>, tokens: number): number {
  const key = (name: string) => Number(metadata[`${metadata['general.architecture']}.${name}`]);
  const heads = key('attention.head_count');
  const kvHeads = key('attention.head_count_kv') || heads;
  const headSize = key('attention.key_length') || key('embedding_length') / heads;
  const bytes = 2 * key('block_count') * tokens * kvHeads * headSize * 2;
  return Number.isFinite(bytes) ? bytes : 0;
}
