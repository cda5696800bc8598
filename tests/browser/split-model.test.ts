/** A model in three files gives what it gives in one, on both engines; and a chat takes the template that it brings. */
import { afterAll, describe, expect, it } from 'vitest';
import { Caller } from '#core/caller';
import { parseDigest } from '#core/digest';
import type { ChatParams, EngineChunk, FinalChunk } from '#core/engine';
import type { LoadedModel } from '../../workers/runner/engine';
import { wllamaEngine } from '../../workers/runner/engines/wllama/engine';
import { randomModel, randomParts } from '../fixtures/random-model';
import { ASCII } from '../fixtures/random-model/vocabulary';
import { logitsOf } from './paddock-logits';
import type { PaddockMethods } from './paddock-worker';

const OPTIONS = { type: 'Q8_0', seed: 21 } as const;
const TOKENS = Array.from({ length: 24 }, (_, at) => 3 + ((at * 37) % 340));

const blobOf = (bytes: Uint8Array) => new Blob([bytes as Uint8Array<ArrayBuffer>]);
const whole = [blobOf(randomModel(OPTIONS))];
const [first, second, third] = randomParts(OPTIONS, 3).map(blobOf) as [Blob, Blob, Blob];
const shuffled = [third, first, second];

const open: (() => unknown)[] = [];
afterAll(() => Promise.all(open.map((close) => close())));

type Chat = (params: ChatParams) => AsyncIterable<EngineChunk>;

async function viaWllama(weights: Blob[]): Promise<LoadedModel> {
  const digest = parseDigest(`sha256:${'0'.repeat(64)}`)!;
  const model = await wllamaEngine.load(
    { format: 'gguf', files: [{ digest }], size: 0 },
    weights,
    { num_ctx: 512, num_gpu: 0, num_thread: 1 },
    { signal: new AbortController().signal, onProgress() {}, onDeath: console.error },
  );
  open.push(() => model.close());
  return model;
}

async function viaPaddock(weights: Blob[]): Promise<Chat> {
  const url = new URL('./paddock-worker.ts', import.meta.url);
  const worker = new Worker(url, { type: 'module' });
  open.push(() => worker.terminate());
  const engine = new Caller<PaddockMethods>(worker);
  await engine.call('load', { weights }).result;
  return (params) => engine.call('chat', params);
}

async function reply(chunks: AsyncIterable<EngineChunk>): Promise<{ text: string } & FinalChunk> {
  let text = '';
  for await (const chunk of chunks) {
    if (chunk.type === 'delta') text += chunk.content;
    if (chunk.type === 'final') return { text, ...chunk };
  }
  throw new Error('the reply has no end');
}

const options = { temperature: 0, num_predict: 12, seed: 1, logit_bias: ASCII };
const messages: ChatParams['messages'] = [{ role: 'user', content: 'The horse stood still.' }];

describe('three parts in a wrong order', () => {
  it.each([1, 2])('give the same logits on our engine with %i threads', async (threads) => {
    const expected = await logitsOf(whole, TOKENS, { threads });
    expect(await logitsOf(shuffled, TOKENS, { threads })).toEqual(expected);
  });

  it('say the same in llama.cpp, files with names too', { timeout: 60_000 }, async () => {
    const never = new AbortController().signal;
    const expected = await reply((await viaWllama(whole)).chat({ messages, options }, never));
    expect(expected.text).not.toBe('');
    const named = shuffled.map((part, at) => new File([part], `x-0000${at + 1}-of-00003.gguf`));
    const got = await reply((await viaWllama(named)).chat({ messages, options }, never));
    expect(got.text).toBe(expected.text);
    expect(got.promptTokens).toBe(expected.promptTokens);
  });
});

const CHATML =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + " +
  "'<|im_end|>' + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
const SHORT = '{% for message in messages %}{{ message.content }}{% endfor %}';

describe.each<[string, () => Promise<Chat>]>([
  ['our engine', () => viaPaddock(whole)],
  [
    'llama.cpp',
    async () => {
      const model = await viaWllama(whole);
      return (params) => model.chat(params, new AbortController().signal);
    },
  ],
])('a template that comes with a chat, on %s', (_name, start) => {
  it('is rendered in the place of the file’s', { timeout: 60_000 }, async () => {
    const chat = await start();
    const own = await reply(chat({ messages, options }));
    const same = await reply(chat({ messages, options, template: CHATML }));
    expect(same.text).toBe(own.text);
    expect(same.promptTokens).toBe(own.promptTokens);
    const short = await reply(chat({ messages, options, template: SHORT }));
    expect(short.promptTokens).toBeLessThan(own.promptTokens);
    // The file's again: a template is the chat's, not the loaded model's.
    expect((await reply(chat({ messages, options }))).text).toBe(own.text);
  });

  it('has the texts of the tokens that begin and end a text', { timeout: 60_000 }, async () => {
    const chat = await start();
    const content = (template: string) => reply(chat({ messages, options, template }));
    const with_ = await content(`{% if true %}{{ bos_token }}{{ eos_token }}{% endif %}x`);
    const written = await content('{% if true %}<|im_start|><|im_end|>{% endif %}x');
    expect(with_.promptTokens).toBe(written.promptTokens);
    expect(with_.promptTokens).toBeGreaterThan(
      (await content('{% if true %}{% endif %}x')).promptTokens,
    );
  });

  it('that fails says so, and the next chat goes on', { timeout: 60_000 }, async () => {
    const chat = await start();
    const bad = reply(
      chat({ messages, options, template: '{% for x in messages|nosuch %}{% endfor %}' }),
    );
    await expect(bad).rejects.toMatchObject({ code: 'not_supported' });
    expect((await reply(chat({ messages, options }))).text).not.toBe('');
  });
});
