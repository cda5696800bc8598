/** Probabilities of the starter's tokens: those of both engines, beside the same text. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Caller } from '#core/caller';
import { parseDigest } from '#core/digest';
import type { EngineChunk, SamplingOptions, TokenLogprob } from '#core/engine';
import { wllamaEngine } from '../../workers/runner/engines/wllama/engine';
import type { PaddockMethods } from './paddock-worker';

type Complete = (prompt: string, options: SamplingOptions) => AsyncIterable<EngineChunk>;

const LOADING = { num_ctx: 256, num_gpu: 0, num_thread: 1 };
const TIME = { timeout: 120_000 };
const GREEDY = { temperature: 0, logprobs: true, top_logprobs: 5 };
/** What rounding of the activations moves, as in `paddock-starter.test.ts`; 0.18 was measured here. */
const NEAR = 0.25;
const PROMPT = 'The capital of France is';

const open: (() => unknown)[] = [];
let ours: Complete;
let wllamas: Complete;

beforeAll(async () => {
  const weights = await (await fetch('/starter.gguf')).blob();
  const worker = new Worker(new URL('./paddock-worker.ts', import.meta.url), { type: 'module' });
  open.push(() => worker.terminate());
  const engine = new Caller<PaddockMethods>(worker);
  await engine.call('load', { weights, options: LOADING }).result;
  ours = (prompt, options) => engine.call('complete', { prompt, options });
  const digest = parseDigest(`sha256:${'0'.repeat(64)}`)!;
  const { signal } = new AbortController();
  const model = await wllamaEngine.load(
    { format: 'gguf', files: [{ digest }], size: weights.size },
    [weights],
    LOADING,
    { signal, onProgress() {}, onDeath: console.error },
  );
  open.push(() => model.close());
  expect(model.info.capabilities).toContain('logprobs');
  wllamas = (prompt, options) => model.complete({ prompt, options }, signal);
}, 120_000);

afterAll(() => Promise.all(open.map((close) => close())));

async function read(chunks: AsyncIterable<EngineChunk>) {
  let text = '';
  const logprobs: TokenLogprob[] = [];
  for await (const chunk of chunks) {
    if (chunk.type !== 'delta') continue;
    text += chunk.content;
    logprobs.push(...(chunk.logprobs ?? []));
  }
  return { text, logprobs };
}

const textOf = (logprobs: readonly TokenLogprob[]) =>
  new TextDecoder().decode(Uint8Array.from(logprobs.flatMap(({ bytes }) => bytes)));

describe('llama.cpp’s', () => {
  it('are those of Paddock’s own engine, token by token', TIME, async () => {
    const options = { ...GREEDY, num_predict: 8 };
    const [own, other] = [await read(ours(PROMPT, options)), await read(wllamas(PROMPT, options))];
    expect(other.text).toBe(own.text);
    expect(other.logprobs.map(({ token }) => token)).toEqual(
      own.logprobs.map(({ token }) => token),
    );
    let most = 0;
    own.logprobs.forEach(({ logprob, top_logprobs }, at) => {
      const theirs = other.logprobs[at]!;
      most = Math.max(most, Math.abs(theirs.logprob - logprob));
      expect(theirs.top_logprobs[0]).toMatchObject({
        token: theirs.token,
        logprob: theirs.logprob,
      });
      expect(theirs.top_logprobs).toHaveLength(5);
      expect(theirs.top_logprobs[0]!.token).toBe(top_logprobs[0]!.token);
    });
    expect(most).toBeLessThan(NEAR);
  });

  it('are likelier first, no more than all together, and write the text', TIME, async () => {
    const options = { ...GREEDY, top_logprobs: 20, num_predict: 8 };
    const { text, logprobs } = await read(wllamas('Once upon a time, in Zürich,', options));
    expect(textOf(logprobs)).toBe(text);
    for (const { logprob, top_logprobs } of logprobs) {
      const values = top_logprobs.map((one) => one.logprob);
      expect(values).toEqual([...values].sort((one, next) => next - one));
      expect(values.reduce((sum, value) => sum + Math.exp(value), 0)).toBeLessThan(1 + 1e-5);
      expect(logprob).toBeLessThanOrEqual(0);
    }
  });

  it(
    'are the model’s own, whatever bias, penalties and temperature make of them',
    TIME,
    async () => {
      const first = await read(wllamas(PROMPT, { ...GREEDY, num_predict: 1 }));
      const changed = { temperature: 3, seed: 4, repeat_penalty: 2, presence_penalty: 2, top_k: 1 };
      const again = await read(wllamas(PROMPT, { ...GREEDY, ...changed, num_predict: 1 }));
      expect(again.logprobs[0]!.top_logprobs).toEqual(first.logprobs[0]!.top_logprobs);
    },
  );

  it(
    'are refused at a character that several tokens write, and the model goes on',
    TIME,
    async () => {
      const whole = { temperature: 0, num_predict: 5 };
      const fruits = 'Repeat: 🍎 🍎 🍎 🍎';
      const { text } = await read(wllamas(fruits, whole));
      expect(text).toContain('🍎');
      const refused = read(wllamas(fruits, { ...GREEDY, ...whole }));
      await expect(refused).rejects.toMatchObject({ code: 'not_supported' });
      expect((await read(wllamas(fruits, whole))).text).toBe(text);
    },
  );

  it('come without the likeliest where none are asked for', TIME, async () => {
    const options = { temperature: 0, logprobs: true, num_predict: 3 };
    const { logprobs } = await read(wllamas(PROMPT, options));
    expect(logprobs.map(({ top_logprobs }) => top_logprobs)).toEqual([[], [], []]);
  });

  it('end where a stop string begins, as the text does', TIME, async () => {
    const { text: whole } = await read(wllamas(PROMPT, { ...GREEDY, num_predict: 8 }));
    const options = { ...GREEDY, num_predict: 8, stop: [whole.slice(6, 9)] };
    const [own, other] = [await read(ours(PROMPT, options)), await read(wllamas(PROMPT, options))];
    expect(other.text).toBe(whole.slice(0, whole.indexOf(whole.slice(6, 9))));
    expect(other.text).toBe(own.text);
    expect(other.logprobs.map(({ token }) => token)).toEqual(
      own.logprobs.map(({ token }) => token),
    );
    expect((await read(wllamas(PROMPT, { ...GREEDY, num_predict: 8 }))).text).toBe(whole);
  });
});
