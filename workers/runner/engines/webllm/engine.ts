/** MLC models by web-llm: on WebGPU only, from the store's blobs. Owns one device a model. */
import { MLCEngine, ModelType, modelVersion, type ModelRecord } from '@mlc-ai/web-llm';
import type { Capability, EngineInfo, LoadOptions } from '#core/engine';
import { PaddockError } from '#core/errors';
import { needsOfQuantization } from '#core/mlc/adapter';
import { knowsThinking, makesEmbeddings, seesImages } from '#core/mlc/abilities';
import { LIBRARY_NAME } from '#core/mlc/library';
import { throwIfAborted } from '../../abort';
import type { Engine, LoadContext, LoadedModel } from '../../engine';
import { AUTO_CONTEXT } from '../auto-context';
import { requireAdapter } from './adapter';
import { installBlobCaches, MODEL_ADDRESS } from './blob-caches';
import { Decoder } from './decoder';
import { EmbeddingModel } from './embedding-model';
import { readModelFiles, type ModelFiles } from './files';
import { GpuWatch } from './gpu-watch';
import { LoadFollower } from './load-follower';
import { pipelineOf } from './pipeline';
import { textEnds } from './text-ends';
import { TextModel } from './text-model';
import { TokenBytes } from './token-bytes';
import { warmUp } from './warm-up';

/** web-llm's name for the one model that an engine of ours has. */
const ID = 'model';

export const webllmEngine: Engine = {
  name: 'webllm',
  async load(model, blobs, options, context) {
    context.onProgress({ phase: 'engine' });
    const files = await readModelFiles(model, blobs);
    if (options.engine !== undefined && options.engine !== 'webllm') {
      const message = `The engine "${options.engine}" runs no MLC models.`;
      throw new PaddockError('not_supported', message);
    }
    if (options.num_gpu === 0) {
      throw new PaddockError('not_supported', 'MLC models run on a graphics adapter only.');
    }
    if (options.kv_cache_type === 'q8_0') {
      console.warn('MLC models keep their cache as their library does: kv_cache_type is left out.');
    }
    const { config, tensors } = files;
    const { f16 } = needsOfQuantization(config.quantization);
    const adapter = await requireAdapter({ f16, largest: tensors.largest });
    throwIfAborted(context.signal);
    return open(files, options, adapter, context);
  },
};

async function open(
  files: ModelFiles,
  options: LoadOptions,
  adapter: string,
  context: LoadContext,
): Promise<LoadedModel> {
  const follower = new LoadFollower(files, context, modelVersion);
  const watch = new GpuWatch(follower);
  const restore = installBlobCaches({ files: files.blobs, onRead: (name) => follower.read(name) });
  const engine = new MLCEngine({
    appConfig: { model_list: [recordOf(files, options)], cacheBackend: 'cache' },
    logLevel: 'ERROR',
  });
  const close = async () => {
    watch.ignoreLoss();
    await engine.unload();
    watch.release();
  };
  // It takes no signal: what it asks for next is refused, and its device taken away.
  const loading = engine.reload(ID);
  try {
    await follower.until(loading);
    const model = await describe(engine, { files, options, adapter, follower, watch, close });
    follower.loaded();
    return model;
  } catch (error) {
    const explained = await follower.explain(error, watch.outOfMemory);
    watch.release();
    await loading.catch(() => {}); // it is `error`, or what came of taking the device away
    await engine.unload().catch((late: unknown) => console.warn('After a failed load:', late));
    throw explained;
  } finally {
    watch.stopOpening();
    restore();
  }
}

function recordOf(files: ModelFiles, options: LoadOptions): ModelRecord {
  const embeds = makesEmbeddings(files.config);
  return {
    model: MODEL_ADDRESS,
    model_id: ID,
    model_lib: MODEL_ADDRESS + LIBRARY_NAME,
    model_type: embeds ? ModelType.embedding : ModelType.LLM,
    overrides: {
      // Stop strings are ours: web-llm gives out what may be the beginning of one.
      conv_template: { ...files.template, stop_str: [] } as ChatTemplate,
      ...(!embeds && {
        context_window_size: contextOf(files, options),
        sliding_window_size: -1,
      }),
    },
  };
}

type ChatTemplate = NonNullable<ModelRecord['overrides']>['conv_template'];

function contextOf({ config }: ModelFiles, { num_ctx }: LoadOptions): number {
  const trained = config.contextLength ?? 0;
  if (makesEmbeddings(config)) return trained;
  return Math.min(num_ctx || AUTO_CONTEXT, trained || Infinity);
}

interface Opened {
  files: ModelFiles;
  options: LoadOptions;
  adapter: string;
  follower: LoadFollower;
  watch: GpuWatch;
  close(): Promise<void>;
}

async function describe(
  engine: MLCEngine,
  { files, options, adapter, follower, watch, close }: Opened,
): Promise<LoadedModel> {
  const { config, template, tensors, tokenizer } = files;
  const pipeline = pipelineOf(engine, ID);
  const embeds = makesEmbeddings(config);
  const decoder = embeds ? undefined : new Decoder(pipeline);
  await follower.until(warmUp(pipeline, decoder, template));
  const capabilities: Capability[] = embeds
    ? ['embedding']
    : ['completion', 'chat', 'format', 'logprobs'];
  const vision = pipeline.image_embed !== undefined;
  if (!embeds && seesImages({ ...config, vision })) capabilities.push('vision');
  if (!embeds && files.tools) capabilities.push('tools');
  if (!embeds && knowsThinking(config)) capabilities.push('thinking');
  const info: EngineInfo = {
    ...{ engine: 'webllm', backend: 'webgpu', adapter, threads: 1, capabilities },
    contextLength: contextOf(files, options),
    contextTrained: config.contextLength ?? 0,
    bytes: {
      weights: tensors.gpuBytes,
      cache: follower.bytesBeforeShaders - tensors.gpuBytes,
      compute: watch.bytes - follower.bytesBeforeShaders,
    },
    times: follower.clock.times(),
  };
  const step = <T>(work: Promise<T>) => follower.during(work, watch);
  const enter = () => follower.enter();
  if (!decoder) {
    return new EmbeddingModel({ info, pipeline, ends: textEnds(tokenizer), step, close, enter });
  }
  const bytes = new TokenBytes(pipeline.tokenizer, tokenizer);
  const { contextLength } = info;
  const parts = { info, pipeline, decoder, bytes, contextLength, template };
  return new TextModel({ ...parts, step, close, enter });
}
