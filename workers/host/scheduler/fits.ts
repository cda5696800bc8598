/** Whether what is loaded, or loads, serves a request. */
import type { EngineInfo, LoadOptions, RunnerModel } from '#core/engine';

/** What LoadOptions says of an absent `kv_cache_type`. */
const DEFAULT_CACHE = 'f16';

export interface ModelInUse {
  model: RunnerModel;
  options: LoadOptions;
  /** Absent while it loads. */
  info?: EngineInfo;
}

/** A reload is needed only for another blob or other load-time options; what is left open fits what is there. */
export function fits(
  { model, options, info }: ModelInUse,
  { model: asked, options: want }: Omit<ModelInUse, 'info'>,
): boolean {
  return (
    filesOf(model) === filesOf(asked) &&
    (want.num_ctx === 0 ||
      want.num_ctx === options.num_ctx ||
      want.num_ctx === info?.contextLength) &&
    (want.num_gpu === -1 ||
      want.num_gpu === options.num_gpu ||
      (want.num_gpu === 0 && info?.backend === 'wasm') ||
      (want.num_gpu > 0 && info?.backend === 'webgpu')) &&
    (want.num_thread === 0 ||
      want.num_thread === options.num_thread ||
      want.num_thread === info?.threads) &&
    (want.num_batch === undefined || want.num_batch === options.num_batch) &&
    (want.kv_cache_type === undefined ||
      want.kv_cache_type === (options.kv_cache_type ?? DEFAULT_CACHE))
  );
}

/** Models have a hundred files, and hundreds of requests ask at each turn. */
const known = new WeakMap<RunnerModel, string>();

/** What a model is known by here: names that share files share a runner. */
export function filesOf(model: RunnerModel): string {
  const files = known.get(model) ?? model.files.map(({ digest }) => digest).join();
  known.set(model, files);
  return files;
}
