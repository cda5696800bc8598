/** Paddock's engine on the adapter in a worker of its own, as the runner has it, with what it asks of the device. */
import { serve } from '#core/callee';
import { parseDigest } from '#core/digest';
import type {
  ChatParams,
  CompleteParams,
  EngineChunk,
  EngineInfo,
  EngineNote,
  LoadOptions,
  LoadProgress,
  SamplingOptions,
} from '#core/engine';
import { PaddockError } from '#core/errors';
import type { Port } from '#core/protocol';
import type { GpuEngineSettings } from '../../workers/runner/engines/paddock/gpu-engine';
import { PaddockModel } from '../../workers/runner/engines/paddock/model';
import { samplerSettings } from '../../workers/runner/engines/paddock/sampler/settings';
import {
  loadGpuParts,
  type GpuModelParts,
} from '../../workers/runner/engines/paddock/webgpu/load-parts';
import { countGpuWork, type GpuWork } from '../fixtures/gpu-counter';
import { emptyShaders, oneDevice } from '../fixtures/gpu-shaders';

const SHORTCUTS = { 'empty shaders': emptyShaders, 'one device': oneDevice };
export type Shortcut = keyof typeof SHORTCUTS;

export interface PaddockGpuMethods {
  /** Before the first load. */
  take: { params: Shortcut; chunk: never; result: void };
  load: {
    params: {
      weights: Blob | Blob[];
      options?: Partial<LoadOptions>;
      /** Kernels are neither chosen nor checked unless this says so. */
      settings?: GpuEngineSettings;
      notes?: EngineNote[];
      /** How often the adapter finds in the middle of it that it has no memory. */
      overflows?: number;
    };
    chunk: LoadProgress;
    result: EngineInfo;
  };
  chat: { params: ChatParams; chunk: EngineChunk; result: void };
  complete: { params: CompleteParams; chunk: EngineChunk; result: void };
  /**
   * Logits after the last of each run of `runs` tokens, which are evaluated one behind the other from position `start`;
   * what stands before it is in the cache.
   */
  forward: {
    params: { tokens: number[]; runs: number[]; start: number };
    chunk: Float32Array;
    result: void;
  };
  /** Logits after `next`, which stands behind `tokens` without those from `from` to `to`: they were dropped by a shift. */
  shifted: {
    params: { tokens: number[]; from: number; to: number; next: number };
    chunk: never;
    result: Float32Array;
  };
  /** Tokens that the decoder chooses by itself behind `tokens`. */
  choose: {
    params: { tokens: number[]; most: number; options: SamplingOptions };
    chunk: never;
    result: number[];
  };
  /** Tokens of a submit, from the next reply on. */
  together: { params: number; chunk: never; result: void };
  close: { params: null; chunk: never; result: void };
  /** Takes the device away, as a browser would. */
  lose: { params: null; chunk: never; result: void };
  work: { params: null; chunk: never; result: GpuWork };
  /** What the last load was given, and what it learned. */
  notes: { params: null; chunk: never; result: EngineNote[] };
  /** What the engine gave as reasons for its own death. */
  deaths: { params: null; chunk: never; result: string[] };
}

const counter = countGpuWork();
const deaths: string[] = [];
let parts: GpuModelParts | undefined;
let model: PaddockModel | undefined;
/** Of the last load. */
let noted = new Map<string, unknown>();

function loaded(): { parts: GpuModelParts; model: PaddockModel } {
  if (!parts || !model) throw new PaddockError('internal', 'no model is loaded');
  return { parts, model };
}

/** Evaluates `tokens` behind `start` others, in as many runs as it takes. */
async function evaluate(tokens: number[], start: number, signal: AbortSignal): Promise<void> {
  const { decoder } = loaded().parts;
  for (let at = 0; at < tokens.length; at += decoder.chunk) {
    await decoder.evaluate(tokens.slice(at, at + decoder.chunk), start + at, signal);
  }
}

serve<PaddockGpuMethods>(self as unknown as Port, {
  async take(shortcut) {
    SHORTCUTS[shortcut]();
  },
  async load({ weights, options, settings, notes = [], overflows = 0 }, { signal, send }) {
    const digest = parseDigest(`sha256:${'0'.repeat(64)}`)!;
    const files = [weights].flat();
    const size = files.reduce((sum, file) => sum + file.size, 0);
    noted = new Map(notes.map(({ key, value }) => [key, value]));
    let left = overflows;
    parts = await loadGpuParts(
      { tune: false, check: false, ...settings },
      { format: 'gguf', files: [{ digest }], size },
      files,
      { num_ctx: 0, num_gpu: -1, num_thread: 0, ...options },
      {
        signal,
        onProgress: (progress) => {
          if (progress.phase === 'weights' && progress.done === 0 && left-- > 0) counter.overflow();
          void send(progress);
        },
        onDeath: (reason) => void deaths.push(reason),
        notes: {
          read: (key) => noted.get(key),
          write: (key, value) => void noted.set(key, value),
        },
      },
    );
    model = new PaddockModel(parts);
    return model.info;
  },
  async notes() {
    return [...noted].map(([key, value]) => ({ key, value }));
  },
  async chat(params, { signal, send }) {
    for await (const chunk of loaded().model.chat(params, signal)) await send(chunk);
  },
  async complete(params, { signal, send }) {
    for await (const chunk of loaded().model.complete(params, signal)) await send(chunk);
  },
  async forward({ tokens, runs, start }, { signal, send }) {
    const { decoder } = loaded().parts;
    let done = 0;
    for (const count of runs) {
      await evaluate(tokens.slice(done, done + count), start + done, signal);
      done += count;
      await send((await decoder.logits((count - 1) % decoder.chunk)).slice());
    }
  },
  async shifted({ tokens, from, to, next }, { signal }) {
    const { decoder } = loaded().parts;
    await evaluate(tokens, 0, signal);
    decoder.shift(from, to, tokens.length);
    await decoder.evaluate([next], tokens.length - (to - from), signal);
    return (await decoder.logits(0)).slice();
  },
  async choose({ tokens, most, options }, { signal }) {
    const { decoder } = loaded().parts;
    await evaluate(tokens, 0, signal);
    const chosen = decoder.choose({
      ...{ settings: samplerSettings(options), start: tokens.length, text: tokens, most, signal },
      uniform: Math.random,
    });
    const ids: number[] = [];
    for (;;) {
      const token = await chosen!.next();
      if (token === undefined) break;
      ids.push(token);
    }
    await chosen!.close();
    return ids;
  },
  async together(tokens) {
    loaded().parts.decoder.tokensPerSubmit = tokens;
  },
  async close() {
    await loaded().model.close();
    parts = model = undefined;
  },
  async lose() {
    counter.lose();
  },
  async work() {
    return counter.now();
  },
  async deaths() {
    return deaths;
  },
});
