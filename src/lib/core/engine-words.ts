/** Words for what really runs a model. */
import type { EngineInfo, NoWebGpuReason } from '#core/engine';
import * as m from '#core/messages/engine';

/** What of an EngineInfo is kept with a reply. */
export type RanOn = Pick<EngineInfo, 'engine' | 'backend' | 'adapter' | 'noWebGpu' | 'threads'>;

/** `WebGPU, NVIDIA H100` or `CPU, 2 threads`. */
export function backendText(info: RanOn): string {
  const { backend, adapter, threads } = info;
  if (backend !== 'webgpu') return m.engine_cpu({ threads });
  return adapter ? m.engine_webgpu({ adapter }) : m.engine_webgpu_unnamed();
}

const REASONS: Record<NoWebGpuReason, () => string> = {
  no_webgpu: m.engine_no_webgpu,
  no_adapter: m.engine_no_adapter,
  no_shader_f16: m.engine_no_f16,
  software_adapter: m.engine_software,
  asked_cpu: m.engine_asked_cpu,
  gpu_refused: m.engine_gpu_refused,
  engine_fell_back: m.engine_fell_back,
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
  const said = { engine: engineName({ engine }) };
  return backend === 'webgpu' ? m.engine_on_webgpu(said) : m.engine_on_cpu(said);
}

/** Why not the first choice runs `model`; null where none was tried before. */
export function refusedSentence(
  model: string,
  { engine, refused }: Pick<EngineInfo, 'engine' | 'refused'>,
): string | null {
  if (!refused) return null;
  const said = { model, reason: refused.reason };
  // llama.cpp is asked first for what sees images alone.
  if (refused.engine === 'wllama') return m.engine_text_alone(said);
  // Our own engine runs on the CPU what it has refused on the adapter.
  if (engine === refused.engine) return m.engine_own_on_cpu(said);
  return m.engine_llama_runs(said);
}

/** That the adapter computes by other shaders than it was meant to; null where it does not. */
export function droppedSentence({ dropped = [] }: Pick<EngineInfo, 'dropped'>): string | null {
  return dropped.length === 0 ? null : m.engine_dropped({ count: dropped.length });
}

/** Why the model does not run on WebGPU; null where it does, or nobody said. */
export function noWebGpuSentence(info: RanOn): string | null {
  return info.backend === 'wasm' && info.noWebGpu ? REASONS[info.noWebGpu]() : null;
}

export function isNoWebGpuReason(value: unknown): value is NoWebGpuReason {
  return typeof value === 'string' && Object.hasOwn(REASONS, value);
}
