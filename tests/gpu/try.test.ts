import { expect, it } from 'vitest';
import { Caller } from '#core/caller';
import { randomModel } from '../fixtures/random-model';
import { Reference } from '../fixtures/reference/forward';
import type { PaddockGpuMethods } from './paddock-worker';

it('tries', async () => {
  const worker = new Worker(new URL('./paddock-worker.ts', import.meta.url), { type: 'module' });
  const engine = new Caller<PaddockGpuMethods>(worker);
  const file = randomModel({ type: 'Q8_0', size: { layers: 2, hidden: 64, feedForward: 128, heads: 2, keyValueHeads: 1, headSize: 32 } });
  const started = performance.now();
  const call = engine.call('load', { weights: new Blob([Uint8Array.from(file)]), options: { num_ctx: 256 }, settings: { cache: 'f32' } });
  for await (const progress of call) console.log(JSON.stringify(progress));
  console.log(JSON.stringify(await call.result), performance.now() - started);
  const tokens = [5, 17, 33, 42, 51];
  const reference = (await Reference.load(file)).all(tokens);
  const logits = [];
  for await (const one of engine.call('forward', { tokens, runs: [3, 1, 1] })) logits.push(one);
  const compare = (a: Float64Array, b: Float32Array) => Math.max(...a.map((v, i) => Math.abs(v - b[i]!)));
  console.log(compare(reference[2]!, logits[0]!), compare(reference[3]!, logits[1]!), compare(reference[4]!, logits[2]!), Math.max(...reference[4]!));
  const ids = await engine.call('choose', { tokens, most: 12, options: { temperature: 0 } }).result;
  console.log(ids.join());
  expect(ids).toHaveLength(12);
});
