/** Runs in the page: the tiny MLC model in a worker, and what its parts ask of the GPU. */
import { Caller } from '#core/caller';
import type { EngineInfo, FinalChunk } from '#core/engine';
import type { GpuWork } from '../../../tests/fixtures/gpu-counter';
import { tinyMlc } from '../../../tests/gpu/tiny-mlc';
import type { WebllmMethods } from '../../../tests/gpu/webllm-worker';

/** What one part asked for. */
export type Part = Omit<GpuWork, 'opened' | 'devices' | 'buffers' | 'bytes'>;

export interface Report {
  info: EngineInfo;
  load: Part;
  /** Of a prompt of `promptTokens`, and the choice of the first token. */
  prefill: Part;
  promptTokens: number;
  /** Of one more token. */
  token: Part;
}

const TOKENS = 32;
const PROMPT = 'hello how are you';

/** @throws PaddockError as a load does */
export async function measureGpuWork(): Promise<Report> {
  const url = new URL('../../../tests/gpu/webllm-worker.ts', import.meta.url);
  const engine = new Caller<WebllmMethods>(new Worker(url, { type: 'module' }));
  const now = () => engine.call('work', null).result;
  const reply = async (content: string, num_predict: number): Promise<[Part, FinalChunk]> => {
    const before = await now();
    let final: FinalChunk | undefined;
    const options = { temperature: 0, num_predict };
    const call = engine.call('chat', { messages: [{ role: 'user', content }], options });
    for await (const chunk of call) if (chunk.type === 'final') final = chunk;
    return [between(before, await now(), 1), final!];
  };

  const start = await now();
  const info = await engine.call('load', { files: await tinyMlc() }).result;
  const load = between(start, await now(), 1);
  await reply(PROMPT, 1); // the buffers that grow once
  await reply('another', 1);
  const [prefill, { promptTokens }] = await reply(PROMPT, 1);
  await reply('another', 1);
  const [whole] = await reply(PROMPT, 1 + TOKENS);
  return { info, load, prefill, promptTokens, token: between(prefill, whole, TOKENS) };
}

function between(before: Part, after: Part, count: number): Part {
  const part = (name: keyof Part) => (after[name] - before[name]) / count;
  return {
    dispatches: part('dispatches'),
    submits: part('submits'),
    maps: part('maps'),
    writes: part('writes'),
    writtenBytes: part('writtenBytes'),
    readBytes: part('readBytes'),
    pipelines: part('pipelines'),
  };
}

Object.assign(globalThis, { measureGpuWork });
