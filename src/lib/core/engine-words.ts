/** Words for what really runs a model. */
import type { EngineInfo, NoWebGpuReason } from '#core/engine';

/** What of an EngineInfo is kept with a reply. */
export type RanOn = Pick<EngineInfo, 'engine' | 'backend' | 'adapter' | 'noWebGpu' | 'threads'>;

/** `WebGPU, NVIDIA H100` or `CPU, 2 threads`. */
export function backendText(info: RanOn): string {
  if (info.backend === 'webgpu') return `WebGPU, ${info.adapter || 'adapter not named'}`;
  return `CPU, ${info.threads} ${info.threads === 1 ? 'thread' : 'threads'}`;
}

const REASONS: Record<NoWebGpuReason, string> = {
  no_webgpu: 'This browser has no WebGPU, so the model runs on the CPU.',
  no_adapter: 'The browser offers WebGPU but no graphics adapter, so the model runs on the CPU.',
  no_shader_f16:
    'The graphics adapter lacks 16-bit floats (shader-f16), which llama.cpp needs on it, so the model runs on the CPU.',
  software_adapter:
    'The graphics adapter is played by the processor, so the model runs on the CPU, which is faster.',
  asked_cpu: 'The request asked for the CPU (num_gpu 0).',
  gpu_refused:
    'Paddock’s own engine could not run the model on the graphics adapter, so it runs on the CPU.',
  engine_fell_back:
    'The engine was given a graphics adapter and did not use it: it runs on the CPU.',
};

const ENGINES = new Map([
  ['paddock', 'Paddock'],
  ['wllama', 'llama.cpp (wllama)'],
  ['webllm', 'WebLLM'],
]);

/** `paddock` or `wllama` as people know them; other names as they are. */
export function engineName({ engine }: Pick<EngineInfo, 'engine'>): string {
  return ENGINES.get(engine) ?? engine;
}

/** `Paddock, on the CPU`: what would run a model. */
export function engineOn(engine: string, backend: EngineInfo['backend']): string {
  return `${engineName({ engine })}, on ${backend === 'webgpu' ? 'WebGPU' : 'the CPU'}`;
}

/** Why a model with a projector is llama.cpp's. */
export const OWN_SEES_NOTHING = 'Paddock’s own engine sees no images.';

/** Why not the first choice runs `model`; null where none was tried before. */
export function refusedSentence(
  model: string,
  { engine, refused }: Pick<EngineInfo, 'engine' | 'refused'>,
): string | null {
  if (!refused) return null;
  // llama.cpp is asked first for what sees images alone.
  if (refused.engine === 'wllama') return `${model} reads text alone: ${refused.reason}`;
  // Our own engine runs on the CPU what it has refused on the adapter.
  if (engine === refused.engine) return `Paddock runs ${model} on the CPU: ${refused.reason}`;
  return `llama.cpp runs ${model}: ${refused.reason}`;
}

/** That the adapter computes by other shaders than it was meant to; null where it does not. */
export function droppedSentence({ dropped = [] }: Pick<EngineInfo, 'dropped'>): string | null {
  if (dropped.length === 0) return null;
  return dropped.length === 1
    ? 'The graphics adapter refused 1 shader; another took its place.'
    : `The graphics adapter refused ${dropped.length} shaders; others took their place.`;
}

/** Why the model does not run on WebGPU; null where it does, or nobody said. */
export function noWebGpuSentence(info: RanOn): string | null {
  return info.backend === 'wasm' && info.noWebGpu ? REASONS[info.noWebGpu] : null;
}

export function isNoWebGpuReason(value: unknown): value is NoWebGpuReason {
  return typeof value === 'string' && Object.hasOwn(REASONS, value);
}
