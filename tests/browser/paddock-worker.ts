/** Paddock's engine in a worker of its own, as the runner has it. */
import { serve } from '#core/callee';
import type {
  ChatParams,
  CompleteParams,
  EngineChunk,
  EngineInfo,
  LoadOptions,
} from '#core/engine';
import { PaddockError } from '#core/errors';
import type { Port } from '#core/protocol';
import { parseDigest } from '#core/digest';
import type { LoadedModel } from '../../workers/runner/engine';
import {
  createPaddockEngine,
  type EngineSettings,
} from '../../workers/runner/engines/paddock/engine';

export interface PaddockMethods {
  load: {
    params: { weights: Blob | Blob[]; options?: Partial<LoadOptions>; settings?: EngineSettings };
    chunk: never;
    result: EngineInfo;
  };
  chat: { params: ChatParams; chunk: EngineChunk; result: void };
  complete: { params: CompleteParams; chunk: EngineChunk; result: void };
  close: { params: null; chunk: never; result: void };
  /** Ends a helper thread as a browser would: it says nothing. */
  killHelper: { params: null; chunk: never; result: void };
  /** What the engine gave as reasons for its own death. */
  deaths: { params: null; chunk: never; result: string[] };
}

const helpers: Worker[] = [];
globalThis.Worker = class extends Worker {
  constructor(url: string | URL, options?: WorkerOptions) {
    super(url, options);
    helpers.push(this);
  }
};

const deaths: string[] = [];

let loaded: LoadedModel | undefined;

function model(): LoadedModel {
  if (!loaded) throw new PaddockError('internal', 'no model is loaded');
  return loaded;
}

serve<PaddockMethods>(self as unknown as Port, {
  async load({ weights, options, settings }, { signal }) {
    const digest = parseDigest(`sha256:${'0'.repeat(64)}`)!;
    const files = [weights].flat();
    const size = files.reduce((sum, file) => sum + file.size, 0);
    loaded = await createPaddockEngine(settings).load(
      { format: 'gguf', files: [{ digest }], size },
      files,
      { num_ctx: 0, num_gpu: 0, num_thread: 0, ...options },
      { signal, onProgress: () => {}, onDeath: (reason) => void deaths.push(reason) },
    );
    return loaded.info;
  },
  async chat(params, { signal, send }) {
    for await (const chunk of model().chat(params, signal)) await send(chunk);
  },
  async complete(params, { signal, send }) {
    for await (const chunk of model().complete(params, signal)) await send(chunk);
  },
  async close() {
    await loaded?.close();
    loaded = undefined;
  },
  async killHelper() {
    helpers.pop()?.terminate();
  },
  async deaths() {
    return deaths;
  },
});
