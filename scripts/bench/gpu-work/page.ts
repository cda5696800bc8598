/** Runs in the page: the tiny MLC model in a worker, and what its parts ask of the GPU. */
import { Caller } from '#core/caller';
import type { EngineInfo, FinalChunk } from '#core/engine';
import { callsBetween, type GpuCalls } from '../../../tests/fixtures/gpu-counter';
import { tinyMlc } from '../../../tests/gpu/tiny-mlc';
import type { WebllmMethods } from '../../../tests/gpu/webllm-worker';

export interface Report {
  info: EngineInfo;
  load: GpuCalls;
  /** Of a prompt of `promptTokens`, and the choice of the first token. */
  prefill: GpuCalls;
  promptTokens: number;
  /** Of one more token. */
  token: GpuCalls;
}

const TOKENS = 32;
const PROMPT = 'hello how are you';

/** @throws PaddockError as a load does */
export async function measureGpuWork(): Promise<Report> {
  const url = new URL('../../../tests/gpu/webllm-worker.ts', import.meta.url);
  const engine = new Caller<WebllmMethods>(new Worker(url, { type: 'module' }));
  const now = () => engine.call('work', null).result;
  const reply = async (content: string, num_predict: number): Promise<[GpuCalls, FinalChunk]> => {
    const before = await now();
    let final: FinalChunk | undefined;
    const options = { temperature: 0, num_predict };
    const call = engine.call('chat', { messages: [{ role: 'user', content }], options });
    for await (const chunk of call) if (chunk.type === 'final') final = chunk;
    return [callsBetween(before, await now()), final!];
  };

  const start = await now();
  const info = await engine.call('load', { files: await tinyMlc() }).result;
  const load = callsBetween(start, await now());
  await reply(PROMPT, 1); // the buffers that grow once
  await reply('another', 1);
  const [prefill, { promptTokens }] = await reply(PROMPT, 1);
  await reply('another', 1);
  const [whole] = await reply(PROMPT, 1 + TOKENS);
  return { info, load, prefill, promptTokens, token: callsBetween(prefill, whole, TOKENS) };
}

Object.assign(globalThis, { measureGpuWork });
