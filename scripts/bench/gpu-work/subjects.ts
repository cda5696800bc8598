/** The engines that are compared, each in a worker that counts what it asks of its device. */
import { Caller } from '#core/caller';
import type { ChatParams, EngineChunk, EngineInfo, FinalChunk } from '#core/engine';
import type { GpuCalls } from '../../../tests/fixtures/gpu-counter';
import type { PaddockGpuMethods } from '../../../tests/gpu/paddock-worker';
import { tinyMlc } from '../../../tests/gpu/tiny-mlc';
import type { WebllmMethods } from '../../../tests/gpu/webllm-worker';

export interface Subject {
  /** Once, before all else. */
  load(): Promise<EngineInfo>;
  work(): Promise<GpuCalls>;
  /** A reply of just so many tokens to one of two texts, of which no cache has the other's. */
  reply(which: 0 | 1, tokens: number): Promise<FinalChunk>;
  end(): void;
}

const TEXTS = ['hello how are you', 'another'] as const;

/** WebLLM with the tiny model. */
export function webllm(): Subject {
  const url = new URL('../../../tests/gpu/webllm-worker.ts', import.meta.url);
  const worker = new Worker(url, { type: 'module' });
  const engine = new Caller<WebllmMethods>(worker);
  return {
    load: async () => engine.call('load', { files: await tinyMlc() }).result,
    work: () => engine.call('work', null).result,
    reply(which, num_predict) {
      const messages: ChatParams['messages'] = [{ role: 'user', content: TEXTS[which] }];
      const options = { temperature: 0, num_predict };
      return lastOf(engine.call('chat', { messages, options }));
    },
    end: () => worker.terminate(),
  };
}

export interface Paddock extends Subject {
  /** The same engine with as many tokens of a submit. */
  together(tokens: number): Pick<Subject, 'reply'>;
}

/** Ours with the model that the page's server has. */
export function paddock(): Paddock {
  const url = new URL('../../../tests/gpu/paddock-worker.ts', import.meta.url);
  const worker = new Worker(url, { type: 'module' });
  const engine = new Caller<PaddockGpuMethods>(worker);
  const reply: Subject['reply'] = (which, num_predict) => {
    const prompt = Array.from({ length: PROMPT }, (_, at) => 10 + 20 * which + at);
    const options = { temperature: 0, num_predict, ignore_eos: true, cache_prompt: false };
    return lastOf(engine.call('complete', { prompt, options }));
  };
  return {
    async load() {
      const weights = await (await fetch('/model.gguf')).blob();
      const options = { num_ctx: 512, num_gpu: -1 };
      const settings = { submitMs: Infinity };
      return engine.call('load', { weights, options, settings }).result;
    },
    work: () => engine.call('work', null).result,
    reply,
    together: (tokens) => ({
      async reply(which, num_predict) {
        await engine.call('together', tokens).result;
        return reply(which, num_predict);
      },
    }),
    end: () => worker.terminate(),
  };
}

/** Tokens: as many as the tiny MLC model reads of the first text. */
const PROMPT = 10;

async function lastOf(reply: AsyncIterable<EngineChunk>): Promise<FinalChunk> {
  for await (const chunk of reply) if (chunk.type === 'final') return chunk;
  throw new Error('The reply had no end.');
}
