/** Loads, cancels and closes Paddock's engine again and again, and counts what it leaves behind. */
import { serve } from '#core/callee';
import { parseDigest } from '#core/digest';
import { toPaddockError } from '#core/errors';
import type { Port } from '#core/protocol';
import type { LoadedModel } from '../../workers/runner/engine';
import { createPaddockEngine } from '../../workers/runner/engines/paddock/engine';

export interface Left {
  /** Helper threads that were started, and those of them that live. */
  started: number;
  alive: number;
  /** Memories that were made, and those of them that are still held after a collection. */
  memories: number;
  held: number;
}

export interface RoundsMethods {
  /** Loads, says `predict` tokens and closes, `rounds` times. The texts. */
  loads: { params: { weights: Blob; rounds: number }; chunk: never; result: string[] };
  /** Stops loads and replies on their way, a little later each round; returns how many of each were stopped. */
  cancels: {
    params: { weights: Blob; rounds: number };
    chunk: never;
    result: { loads: number; replies: number };
  };
  left: { params: null; chunk: never; result: Left };
}

let started = 0;
const alive = new Set<Worker>();
globalThis.Worker = class extends Worker {
  constructor(url: string | URL, options?: WorkerOptions) {
    super(url, options);
    started++;
    alive.add(this);
  }

  override terminate(): void {
    alive.delete(this);
    super.terminate();
  }
};

const memories: WeakRef<WebAssembly.Memory>[] = [];
WebAssembly.Memory = class extends WebAssembly.Memory {
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    super(descriptor);
    memories.push(new WeakRef(this));
  }
};

function load(weights: Blob, signal: AbortSignal): Promise<LoadedModel> {
  return createPaddockEngine().load(
    {
      format: 'gguf',
      files: [{ digest: parseDigest(`sha256:${'0'.repeat(64)}`)! }],
      size: weights.size,
    },
    [weights],
    { num_ctx: 1024, num_gpu: 0, num_thread: 2 },
    { signal, onProgress: () => {}, onDeath: (reason) => console.error(reason) },
  );
}

async function say(model: LoadedModel, tokens: number, signal: AbortSignal): Promise<string> {
  let text = '';
  const options = { num_predict: tokens, seed: 5, temperature: 1 };
  for await (const chunk of model.complete({ prompt: 'The fox '.repeat(40), options }, signal)) {
    if (chunk.type === 'delta') text += chunk.content;
  }
  return text;
}

/** Aborts after `turns` turns of the event loop. */
async function after(turns: number, controller: AbortController): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setTimeout(resolve));
  controller.abort(new DOMException('stopped', 'AbortError'));
}

const never = new AbortController().signal;

/** Whether `work` was stopped; other errors are thrown. */
async function stopped(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return false;
  } catch (error) {
    if (toPaddockError(error).code === 'aborted') return true;
    throw error;
  }
}

serve<RoundsMethods>(self as unknown as Port, {
  async loads({ weights, rounds }) {
    const texts: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const model = await load(weights, never);
      texts.push(await say(model, 24, never));
      await model.close();
    }
    return texts;
  },
  async cancels({ weights, rounds }) {
    const count = { loads: 0, replies: 0 };
    const model = await load(weights, never);
    for (let round = 0; round < rounds; round++) {
      const loading = new AbortController();
      const loaded = load(weights, loading.signal);
      void after(round % 8, loading);
      if (await stopped(loaded)) count.loads++;
      else await (await loaded).close();
      const replying = new AbortController();
      void after(round % 8, replying);
      if (await stopped(say(model, 500, replying.signal))) count.replies++;
    }
    await model.close();
    return count;
  },
  async left() {
    // Nothing collects on demand: buffers of some size that are dropped at once move the collector to it.
    for (let n = 0; n < 40; n++) {
      new ArrayBuffer(32 * 1024 ** 2);
      await new Promise((resolve) => setTimeout(resolve));
    }
    const held = memories.filter((memory) => memory.deref() !== undefined).length;
    return { started, alive: alive.size, memories: memories.length, held };
  },
});
