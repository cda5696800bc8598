/**
 * Chats on both engines: cut to their context by exact counts, and gone on with from tokens. What llama.cpp takes
 * seconds for with the starter, a small model of random weights shows as well.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Caller } from '#core/caller';
import { parseDigest } from '#core/digest';
import type { ChatMessage, ChatParams, EngineChunk, FinalChunk } from '#core/engine';
import { wllamaEngine } from '../../workers/runner/engines/wllama/engine';
import { randomModel } from '../fixtures/random-model';
import { ASCII } from '../fixtures/random-model/vocabulary';
import type { PaddockMethods } from './paddock-worker';

type Chat = (params: ChatParams) => AsyncIterable<EngineChunk>;

const CONTEXT = 128;
const OPTIONS = { num_ctx: CONTEXT, num_gpu: 0, num_thread: 1 };
const TIME = { timeout: 120_000 };

const starter = async () => (await fetch('/starter.gguf')).blob();
const small = async () => new Blob([randomModel() as Uint8Array<ArrayBuffer>]);

const open: (() => unknown)[] = [];
afterAll(() => Promise.all(open.map((close) => close())));

async function viaPaddock(weights: Blob): Promise<Chat> {
  const worker = new Worker(new URL('./paddock-worker.ts', import.meta.url), { type: 'module' });
  open.push(() => worker.terminate());
  const engine = new Caller<PaddockMethods>(worker);
  await engine.call('load', { weights, options: OPTIONS }).result;
  return (params) => engine.call('chat', params);
}

async function viaWllama(file: Blob): Promise<Chat> {
  const digest = parseDigest(`sha256:${'0'.repeat(64)}`)!;
  const { signal } = new AbortController();
  const model = await wllamaEngine.load(
    { format: 'gguf', files: [{ digest }], size: file.size },
    [file],
    OPTIONS,
    { signal, onProgress() {}, onDeath: console.error },
  );
  open.push(() => model.close());
  return (params) => model.chat(params, signal);
}

/** The same weights with a vocabulary that llama.cpp cuts in a way that Paddock does not know. */
async function strange(): Promise<Blob> {
  const head = new Uint8Array(await (await small()).arrayBuffer());
  const letters = (text: string) => [...new TextEncoder().encode(text)];
  const key = letters('tokenizer.ggml.pre');
  const at = head.findIndex((_, start) => key.every((byte, n) => head[start + n] === byte));
  // The key's own letters, a type and a length stand before the value.
  const from = at + key.length + 4 + 8;
  expect(new TextDecoder().decode(head.subarray(from, from + 6))).toBe('smollm');
  head.set(letters('exaone'), from);
  return new Blob([head]);
}

async function reply(chunks: AsyncIterable<EngineChunk>): Promise<{ text: string } & FinalChunk> {
  let text = '';
  for await (const chunk of chunks) {
    if (chunk.type === 'delta') text += chunk.content;
    if (chunk.type === 'final') return { text, ...chunk };
  }
  throw new Error('the reply has no end');
}

const user = (content: string): ChatMessage => ({ role: 'user', content });
const options = { temperature: 0, num_predict: 6, logit_bias: ASCII };
const HISTORY: ChatMessage[] = [
  { role: 'system', content: 'Be kind.' },
  ...Array.from({ length: 400 }, (_, at) => user(`Number ${at}.`)),
  user('Say hello.'),
];
interface Case {
  load: () => Promise<Chat>;
  /** Tokens of one of those messages, at most. */
  message: number;
  /** Of the first hundred. */
  hundred: number;
}

const STARTER = { message: 12, hundred: 992 };
const SMALL = { message: 24, hundred: 1800 };
const CASES: [string, Case][] = [
  ['paddock', { load: async () => viaPaddock(await starter()), ...STARTER }],
  ['paddock, small', { load: async () => viaPaddock(await small()), ...SMALL }],
  ['wllama, small', { load: async () => viaWllama(await small()), ...SMALL }],
];
if (import.meta.env.PADDOCK_LONG) {
  CASES.push(['wllama', { load: async () => viaWllama(await starter()), ...STARTER }]);
}

describe.each(CASES)('%s', (name, { load, message, hundred }) => {
  let chat: Chat;
  beforeAll(async () => {
    chat = await load();
  }, 120_000);

  it('answers a long chat with as much of it as there is room for', TIME, async () => {
    const { promptTokens, text } = await reply(
      chat({ messages: HISTORY, truncate: true, options }),
    );
    expect(promptTokens).toBeLessThan(CONTEXT);
    expect(promptTokens).toBeGreaterThan(CONTEXT - message);
    expect(text).not.toBe('');
  });

  it('refuses it with its exact count where nothing may go', TIME, async () => {
    const refused = reply(chat({ messages: HISTORY.slice(0, 100), options }));
    await expect(refused).rejects.toMatchObject({
      code: 'context_exceeded',
      detail: { promptTokens: hundred, contextLength: CONTEXT },
    });
  });

  it('goes on from the tokens of an earlier reply', TIME, async () => {
    const first = await reply(
      chat({ messages: [user('My name is Ada. Say hello.')], tellContext: true, options }),
    );
    const asked = { messages: [user('What is my name?')], tellContext: true as const, options };
    const alone = await reply(chat(asked));
    const second = await reply(chat({ ...asked, context: first.context! }));
    expect(first.context!.length).toBeGreaterThanOrEqual(first.promptTokens + 1);
    expect(second.promptTokens).toBe(first.context!.length + alone.promptTokens);
    expect(second.context!.slice(0, first.context!.length)).toEqual(first.context);
    if (name.startsWith('paddock')) expect(second.cachedTokens).toBeGreaterThan(0);
  });

  it('answers a single message that is too long without its middle', TIME, async () => {
    const messages = [user(' the'.repeat(400))];
    const { promptTokens } = await reply(chat({ messages, truncate: true, options }));
    expect(promptTokens).toBe(CONTEXT - (CONTEXT - 4) / 2);
  });
});

it('llama.cpp counts for itself what Paddock’s tokenizer does not know', TIME, async () => {
  const chat = await viaWllama(await strange());
  const { promptTokens } = await reply(chat({ messages: HISTORY, truncate: true, options }));
  expect(promptTokens).toBeLessThan(CONTEXT);
  expect(promptTokens).toBeGreaterThan(CONTEXT - SMALL.message);
});
