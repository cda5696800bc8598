/** The engine in a worker of its own, as the runner has it, with what it does to GPU and network counted. */
import { serve } from '#core/callee';
import { parseDigest } from '#core/digest';
import type {
  ChatParams,
  CompleteParams,
  EngineChunk,
  EngineInfo,
  LoadOptions,
  LoadProgress,
} from '#core/engine';
import { PaddockError } from '#core/errors';
import type { Port } from '#core/protocol';
import { countGpuWork, type GpuWork } from '../fixtures/gpu-counter';
import { emptyShaders } from '../fixtures/gpu-shaders';
import { engineFor } from '../../workers/runner/engines/table';
import type { LoadedModel } from '../../workers/runner/engine';

export interface Outside {
  /** Addresses that were fetched since the worker began. */
  fetched: string[];
  /** Of the browser's own caches. */
  caches: string[];
  /** What the engine gave as reasons for its own death. */
  deaths: string[];
}

export interface WebllmMethods {
  load: {
    params: { files: Record<string, Blob>; options?: Partial<LoadOptions> };
    chunk: LoadProgress;
    result: EngineInfo;
  };
  chat: { params: ChatParams; chunk: EngineChunk; result: void };
  complete: { params: CompleteParams; chunk: EngineChunk; result: void };
  close: { params: null; chunk: never; result: void };
  /** Takes the device away, as a browser would. */
  lose: { params: null; chunk: never; result: void };
  /** The next load finds no memory on the GPU. */
  exhaust: { params: null; chunk: never; result: void };
  /** The next WebAssembly is made only once `give` was called. */
  hold: { params: null; chunk: never; result: void };
  give: { params: null; chunk: never; result: void };
  /** From now on shaders do nothing. */
  empty: { params: null; chunk: never; result: void };
  outside: { params: null; chunk: never; result: Outside };
  work: { params: null; chunk: never; result: GpuWork };
}

const work = countGpuWork();

const fetched: string[] = [];
const realFetch = globalThis.fetch;
globalThis.fetch = (input, init) => {
  fetched.push(input instanceof Request ? input.url : String(input));
  return realFetch(input, init);
};
const realCaches = globalThis.caches;

let held = Promise.resolve();
let give = () => {};
const instantiate = WebAssembly.instantiate.bind(WebAssembly) as (
  ...words: unknown[]
) => Promise<unknown>;
Object.assign(WebAssembly, {
  instantiate: async (...words: unknown[]) => {
    const before = held;
    held = Promise.resolve();
    await before;
    return instantiate(...words);
  },
});

const deaths: string[] = [];
let loaded: LoadedModel | undefined;

function model(): LoadedModel {
  if (!loaded) throw new PaddockError('internal', 'no model is loaded');
  return loaded;
}

serve<WebllmMethods>(self as unknown as Port, {
  async load({ files, options }, { signal, send }) {
    const digest = parseDigest(`sha256:${'0'.repeat(64)}`)!;
    const engine = await engineFor('mlc')!;
    const names = Object.keys(files);
    loaded = await engine.load(
      { format: 'mlc', files: names.map((name) => ({ digest, name })), size: 0 },
      Object.values(files),
      { num_ctx: 0, num_gpu: -1, num_thread: 0, ...options },
      {
        signal,
        onProgress: (progress) => void send(progress).catch(() => {}),
        onDeath: (reason) => void deaths.push(reason),
      },
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
    await model().close();
    loaded = undefined;
  },
  async lose() {
    work.lose();
  },
  async exhaust() {
    work.exhaust();
  },
  async hold() {
    held = new Promise((resolve) => (give = resolve));
  },
  async give() {
    give();
  },
  async empty() {
    emptyShaders();
  },
  outside: async () => ({ fetched, deaths, caches: await realCaches.keys() }),
  work: async () => work.now(),
});
