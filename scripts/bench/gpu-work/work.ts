/** What the parts of an engine's work ask of the GPU. */
import type { EngineInfo } from '#core/engine';
import { callsBetween, type GpuCalls } from '../../../tests/fixtures/gpu-counter';
import type { Subject } from './subjects';

export interface Work {
  info: EngineInfo;
  load: GpuCalls;
  /** Of a prompt of `promptTokens`, and the choice of the first token. */
  prefill: GpuCalls;
  promptTokens: number;
  /** Of one more token. */
  token: GpuCalls;
}

/** Of how many tokens `Work.token` is the mean: whole rounds of up to 8 tokens in flight. */
const TOKENS = 32;

/** @throws PaddockError as a load does */
export async function measureWork(subject: Subject): Promise<Work> {
  const reply = async (which: 0 | 1, tokens: number) => {
    const before = await subject.work();
    const { promptTokens } = await subject.reply(which, tokens);
    return { calls: callsBetween(before, await subject.work()), promptTokens };
  };
  const start = await subject.work();
  const info = await subject.load();
  const load = callsBetween(start, await subject.work());
  await reply(0, 1); // the buffers that grow once
  await reply(1, 1);
  const { calls: prefill, promptTokens } = await reply(0, 1);
  await reply(1, 1);
  const { calls: whole } = await reply(0, 1 + TOKENS);
  return { info, load, prefill, promptTokens, token: callsBetween(prefill, whole, TOKENS) };
}
