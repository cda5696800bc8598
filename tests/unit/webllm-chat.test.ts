/** Chats of MLC models that are too long, think, or go on from tokens; the pipeline is a stand-in. */
import { describe, expect, it } from 'vitest';
import type { ChatMessage, ChatParams, EngineChunk, EngineInfo, FinalChunk } from '#core/engine';
import type { Decoder } from '../../workers/runner/engines/webllm/decoder';
import type { PromptPart, TextPipeline } from '../../workers/runner/engines/webllm/pipeline';
import { TextModel } from '../../workers/runner/engines/webllm/text-model';
import { TokenBytes } from '../../workers/runner/engines/webllm/token-bytes';

const user = (content: string): ChatMessage => ({ role: 'user', content });
const said = (content: string, thinking?: string): ChatMessage => ({
  ...{ role: 'assistant', content },
  ...(thinking && { thinking }),
});

const BEGIN = 1;
const THINKS = { can: ['thinking' as const] };

/** A letter is a token; writes `reply`. */
function open(reply: string, { context = 100, can = [] as EngineInfo['capabilities'] } = {}) {
  const tokenizer = {
    encode: (text: string) => Int32Array.from(text, (letter) => letter.charCodeAt(0)),
    idToToken: (id: number) => (id < 1000 ? String.fromCharCode(id) : ''),
  };
  let left: number[] = [];
  const prompts: number[][] = [];
  const pipeline = {
    ...{ tokenizer, imageDataCache: new Map(), outputIds: [] as number[] },
    setSeed() {},
    async decodeStep() {
      const next = left.shift();
      if (next !== undefined) pipeline.outputIds.push(next);
    },
    stopped: () => left.length === 0,
    triggerStop() {},
    getFinishReason: () => 'stop',
    getCurRoundCompletionTotalTokens: () => reply.length,
    getCurRoundPrefillTotalTime: () => 1,
    getCurRoundDecodingTotalTime: () => 1,
  };
  const decoder = {
    begin(parts: readonly PromptPart[]) {
      prompts.push(parts[0] as number[]);
      return 0;
    },
    async prefill() {
      left = [...tokenizer.encode(reply)];
      pipeline.outputIds = left.splice(0, 1);
    },
  };
  const model = new TextModel({
    ...{ pipeline: pipeline as unknown as TextPipeline, decoder: decoder as unknown as Decoder },
    bytes: new TokenBytes(tokenizer, undefined),
    contextLength: context,
    info: { capabilities: can } as Partial<EngineInfo> as EngineInfo,
    template: {
      ...{ system_template: '{system_message}|', system_message: 'S' },
      ...{ roles: { user: 'U', assistant: 'A' }, seps: ['|'], stop_str: [], stop_token_ids: [] },
      system_prefix_token_ids: [BEGIN],
    },
    step: (work) => work,
    close: async () => {},
    enter: async () => () => {},
  });
  const { signal } = new AbortController();
  const chat = (params: Partial<ChatParams>) =>
    collect(model.chat({ messages: [], options: {}, ...params }, signal));
  const complete = (prompt: string, truncate: boolean) =>
    collect(model.complete({ prompt, truncate, options: { num_keep: 2 } }, signal));
  return { chat, complete, prompts, prompt: () => String.fromCharCode(...prompts.at(-1)!) };
}

async function collect(chunks: AsyncIterable<EngineChunk>) {
  let [text, thinking] = ['', ''];
  const calls: [string, unknown][] = [];
  let final: FinalChunk | undefined;
  for await (const chunk of chunks) {
    if (chunk.type === 'final') final = chunk;
    if (chunk.type !== 'delta') continue;
    text += chunk.content;
    thinking += chunk.thinking ?? '';
    for (const call of chunk.toolCalls ?? []) calls.push([call.name, call.arguments]);
  }
  return { text, thinking, calls, final: final! };
}

const HEAD = String.fromCharCode(BEGIN);

describe('a chat that is too long', () => {
  const messages = [user('x'.repeat(60)), said('y'.repeat(40)), user('Now?')];

  it('loses its oldest messages', async () => {
    const model = open('Yes');
    const { final } = await model.chat({ messages, truncate: true });
    expect(model.prompt()).toBe(`${HEAD}S|A: ${'y'.repeat(40)}|U: Now?|A: `);
    expect(final.promptTokens).toBe(model.prompt().length);
  });

  it('is refused with its count where nothing may go', async () => {
    const length = `${HEAD}S|U: |A: |U: Now?|A: `.length + 100;
    await expect(open('').chat({ messages })).rejects.toMatchObject({
      code: 'context_exceeded',
      detail: { promptTokens: length, contextLength: 100 },
    });
  });

  it('by its last message alone loses its middle, if it may', async () => {
    const model = open('Yes');
    const long = { messages: [user(`a${'x'.repeat(200)}z`)], truncate: true };
    await model.chat({ ...long, options: { num_keep: 6 } });
    expect(model.prompt()).toBe(`${HEAD}S|U: a${'x'.repeat(41)}z|A: `);
    await expect(model.chat({ ...long, options: { shift: false } })).rejects.toMatchObject({
      code: 'context_exceeded',
    });
  });

  it('goes on with a reply behind what is left', async () => {
    const model = open('Yes');
    await model.chat({ messages: [messages[0]!, ...messages, said('We')], truncate: true });
    expect(model.prompt()).toBe(`${HEAD}S|A: ${'y'.repeat(40)}|U: Now?|A: We`);
  });

  it('and so is a prompt as it is', async () => {
    const model = open('Yes', { context: 8 });
    await model.complete('abcdefghijkl', true);
    expect(model.prompt()).toBe(`${HEAD}abkl`);
    await expect(model.complete('abcdefghijkl', false)).rejects.toMatchObject({
      code: 'context_exceeded',
    });
  });
});

describe('a model that thinks', () => {
  const messages = [user('Hi')];

  it('tells it apart from what it answers', async () => {
    const model = open('<think>Hm</think>Yes', THINKS);
    expect(await model.chat({ messages })).toMatchObject({ text: 'Yes', thinking: 'Hm' });
    expect(model.prompt()).toBe(`${HEAD}S|U: Hi|A: `);
  });

  it('is not shown what it thought before', async () => {
    const model = open('Yes', THINKS);
    const before = said('<think>\nHm\n</think>\n\nHello');
    await model.chat({ messages: [...messages, before, user('More')] });
    expect(model.prompt()).toBe(`${HEAD}S|U: Hi|A: Hello|U: More|A: `);
  });

  it('does not where nobody wants it', async () => {
    const model = open('Yes', THINKS);
    await model.chat({ messages, think: false });
    expect(model.prompt()).toBe(`${HEAD}S|U: Hi|A: <think>\n\n</think>\n\n`);
    const stubborn = open('<think>Hm</think>Yes', THINKS);
    expect(await stubborn.chat({ messages, think: false })).toMatchObject({
      ...{ text: 'Yes', thinking: '' },
    });
  });

  it('goes on in its thought, and behind it', async () => {
    const inside = open(' m</think>Yes', THINKS);
    expect(await inside.chat({ messages: [...messages, said('', 'H')] })).toMatchObject({
      ...{ text: 'Yes', thinking: ' m' },
    });
    expect(inside.prompt()).toBe(`${HEAD}S|U: Hi|A: <think>\nH`);
    const behind = open('s', THINKS);
    expect(await behind.chat({ messages: [...messages, said('Ye', 'Hm')] })).toMatchObject({
      ...{ text: 's', thinking: '' },
    });
    expect(behind.prompt()).toBe(`${HEAD}S|U: Hi|A: <think>\nHm\n</think>\n\nYe`);
  });
});

describe('the context of a reply', () => {
  it('is its tokens, and comes before the next prompt', async () => {
    const model = open('Yes');
    const first = await model.chat({ messages: [user('Hi')], tellContext: true });
    const { context } = first.final;
    expect(String.fromCharCode(...context!)).toBe(`${HEAD}S|U: Hi|A: Yes`);
    await model.chat({ messages: [user('More')], context });
    expect(model.prompt()).toBe(`${HEAD}S|U: Hi|A: YesS|U: More|A: `);
    await expect(model.chat({ messages: [user('More')], context: [5000] })).rejects.toMatchObject({
      code: 'bad_request',
    });
  });
});

it('calls of tools are told from the text, and from a thought', async () => {
  const call = '<tool_call>\n{"name": "add", "arguments": {"a": 1}}\n</tool_call>';
  const tools = [{ name: 'add', parameters: { type: 'object' } }];
  const model = open(`<think>Hm</think>Well. ${call}`, {
    context: 900,
    can: ['thinking', 'tools'],
  });
  expect(await model.chat({ messages: [user('Add')], tools })).toMatchObject({
    ...{ text: expect.stringMatching(/^Well\.\s*$/) as string, thinking: 'Hm' },
    calls: [['add', { a: 1 }]],
  });
});

it('no gap is filled', async () => {
  const asked = { messages: [user('Hi')], suffix: '!' };
  await expect(open('').chat(asked)).rejects.toMatchObject({ code: 'not_supported' });
});
