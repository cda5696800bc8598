/** Chats in wllama: the text that llama.cpp is given, and how its tokens are known. */
import type { Wllama } from '@wllama/wllama/esm/index.js';
import { describe, expect, it, vi } from 'vitest';
import type { ChatMessage, ChatParams, EngineInfo, FinalChunk } from '#core/engine';
import type { ChatFile } from '../../workers/runner/chat/chat-file';
import type { Tokenizer } from '../../workers/runner/engines/paddock/tokenizer/tokenizer';
import { WllamaModel } from '../../workers/runner/engines/wllama/model';
import { NativeLog } from '../../workers/runner/engines/wllama/native-log';
import { textOf } from '../../workers/runner/engines/wllama/text-of';
import { ByteTokenizer } from '../fixtures/byte-tokenizer';
import { encode, SPECIAL, TEMPLATE } from '../fixtures/gguf-model';

const timings = { cache_n: 0, prompt_n: 1, prompt_ms: 1, predicted_n: 1, predicted_ms: 1 };
const FILE: ChatFile = {
  ...{ template: TEMPLATE, bos: '<s>', eos: '</s>', bosToken: SPECIAL, addsBos: true },
  vocabulary: SPECIAL + 9,
};
const CONTEXT = 40;

interface Options {
  file?: Partial<ChatFile>;
  readFile?: () => Promise<ChatFile>;
  tokenizer?: Tokenizer;
  reply?: string;
}

/** A model whose llama.cpp counts a letter, and a special name, as a token; it keeps what it answered. */
function house({ file = {}, reply = '', tokenizer, ...options }: Options = {}) {
  const prompts: string[] = [];
  const refused: string[] = [];
  const log = new NativeLog(() => {});
  const wllama = {
    createCompletion({ prompt, onData }: { prompt: string; onData: (chunk: object) => void }) {
      const n_prompt_tokens = encode(prompt).length + 1;
      if (n_prompt_tokens >= CONTEXT) {
        refused.push(prompt);
        log.error('@@', { type: 'exceed_context_size_error', n_prompt_tokens, n_ctx: CONTEXT });
        return Promise.reject(new Error('too long'));
      }
      prompts.push(prompt);
      onData({ choices: [{ text: reply, finish_reason: 'stop' }], timings });
      return Promise.resolve();
    },
  } as unknown as Wllama;
  const model = new WllamaModel({
    ...{ wllama, log, info: { contextLength: CONTEXT } as EngineInfo },
    readFile: async () => ({ ...FILE, ...file }),
    tokenizer: async () => tokenizer,
    ...options,
  });
  const chat = async (params: Partial<ChatParams> = {}) => {
    const asked = { messages: HI, options: {}, ...params };
    let final: FinalChunk | undefined;
    for await (const chunk of model.chat(asked, new AbortController().signal)) {
      if (chunk.type === 'final') final = chunk;
    }
    return final!;
  };
  return { prompts, refused, chat };
}

const user = (content: string): ChatMessage => ({ role: 'user', content });
const HI = [user('hi')];

describe('the text of a chat', () => {
  it('is what the file’s template writes, and what begins a text is llama.cpp’s to write', async () => {
    const adds = house({ file: { template: `{{ bos_token }}${TEMPLATE}` } });
    await adds.chat();
    const not = house({ file: { template: `{{ bos_token }}${TEMPLATE}`, addsBos: false } });
    await not.chat();
    expect([...adds.prompts, ...not.prompts]).toEqual(['[user: hi]>', '<s>[user: hi]>']);
  });

  it('goes on with a reply that was cut', async () => {
    const model = house();
    await model.chat({ messages: [...HI, { role: 'assistant', content: 'Well, ' }] });
    expect(model.prompts).toEqual(['[user: hi]>Well, ']);
  });

  it('is by what is read until it can be', async () => {
    const readFile = vi.fn<() => Promise<ChatFile>>().mockResolvedValue(FILE);
    readFile.mockRejectedValueOnce(new Error('gone'));
    const model = house({ readFile });
    await expect(model.chat()).rejects.toThrow('gone');
    await model.chat();
    await model.chat();
    expect(model.prompts).toHaveLength(2);
    expect(readFile).toHaveBeenCalledTimes(2);
  });
});

describe('with a vocabulary that only llama.cpp knows', () => {
  const long = [user('x'.repeat(20)), user('y'.repeat(10)), ...HI];

  it('messages go by llama.cpp’s own count', async () => {
    const model = house();
    await model.chat({ messages: long, truncate: true });
    expect(model.prompts).toEqual(['[user: yyyyyyyyyy][user: hi]>']);
    // It is told by refusals, each at once: nothing was read but the prompt.
    expect(model.refused.every((text) => text.endsWith('</s>'.repeat(CONTEXT)))).toBe(true);
  });

  it('a prompt that is too long is refused with that count', async () => {
    await expect(house().chat({ messages: long })).rejects.toMatchObject({
      code: 'context_exceeded',
      detail: { promptTokens: 58, contextLength: CONTEXT },
    });
  });

  it('llama.cpp refuses where nothing can be told of it', async () => {
    const none = house({ file: { bos: '', eos: '' } });
    await expect(none.chat({ messages: long })).rejects.toMatchObject({
      code: 'context_exceeded',
      detail: { promptTokens: 58, contextLength: CONTEXT },
    });
  });
});

describe('with a vocabulary that Paddock knows', () => {
  const tokenizer = new ByteTokenizer();

  it('a chat goes on from the tokens of the one before', async () => {
    const model = house({ tokenizer, reply: 'Yes', file: { addsBos: false } });
    const { context } = await model.chat({ tellContext: true });
    await model.chat({ messages: [user('more')], context });
    expect(model.prompts).toEqual(['[user: hi]>', '[user: hi]>Yes[user: more]>']);
    expect(model.refused).toEqual([]);
  });

  it('a single message that is too long loses its middle', async () => {
    const model = house({ tokenizer, file: { addsBos: false } });
    await model.chat({ messages: [user(`a${'x'.repeat(60)}z`)], truncate: true });
    expect(model.prompts).toEqual(['[use' + 'x'.repeat(15) + 'z]>']);
  });
});

describe('tokens as text', () => {
  const tokenizer = new ByteTokenizer();
  const [bos, end] = [256, 257];

  it('are their bytes, whole letters, and the names of special ones', () => {
    const tokens = [bos, ...new TextEncoder().encode('é😀'), bos];
    const named = Object.assign(new ByteTokenizer(), {
      bytes: (token: number) => (token < bos ? Uint8Array.of(token) : new Uint8Array()),
    });
    expect(textOf([...tokens, end], named, { addsBos: true, bosToken: bos })).toBe('é😀<bos><end>');
    expect(textOf(tokens, named, { addsBos: false, bosToken: bos })).toBe('<bos>é😀<bos>');
  });

  it('have a mark for a letter that was cut', () => {
    const [cut] = new TextEncoder().encode('é');
    expect(textOf([97, cut!, 98], tokenizer, { addsBos: false, bosToken: bos })).toBe('a\ufffdb');
  });
});
