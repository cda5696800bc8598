/** The chat of the engines for GGUF: the prompt that a model is given, and what comes of its reply. */
import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '#core/engine';
import { encode, SPECIAL, TEMPLATE, testModel } from '../fixtures/gguf-model';

const user = (content: string): ChatMessage => ({ role: 'user', content });
const said = (content: string): ChatMessage => ({ role: 'assistant', content });
const system = (content: string): ChatMessage => ({ role: 'system', content });

describe('the prompt', () => {
  it('is what the file’s template writes, or the one that is given', async () => {
    const model = testModel();
    await model.chat({ messages: [system('Be kind.'), user('Hi')] });
    expect(model.prompt()).toBe('[system: Be kind.][user: Hi]>');
    await model.chat({ messages: [user('Hi')], template: '{{ messages[0].content }}!' });
    expect(model.prompt()).toBe('Hi!');
    await model.chat({ messages: [user('Hi')], template: ' ' });
    expect(model.prompt()).toBe('[user: Hi]>');
  });

  it.each([
    ['named in the template', `{{ bos_token }}${TEMPLATE}`],
    ['written in the template', `<s>${TEMPLATE}`],
  ])('begins as texts do once: %s', async (_what, template) => {
    const adds = testModel({ file: { template } });
    await adds.chat({ messages: [user('Hi')] });
    expect(adds.prompt()).toBe('[user: Hi]>');
    expect(adds.prompts[0]!.tokens!.slice(0, 2)).toEqual([SPECIAL, ...encode('[')]);
    const none = testModel({ file: { template, addsBos: false } });
    await none.chat({ messages: [user('Hi')] });
    expect(none.prompt()).toBe('<s>[user: Hi]>');
  });

  it('goes on with a final reply', async () => {
    const model = testModel();
    await model.chat({ messages: [user('Hi'), said('Well, ')] });
    expect(model.prompt()).toBe('[user: Hi]>Well, ');
  });

  it('is none for a model without a template', async () => {
    const model = testModel({ file: { template: '' } });
    const refusal = {
      code: 'not_supported',
      message: expect.stringContaining('template') as string,
    };
    await expect(model.chat({ messages: [user('Hi')] })).rejects.toMatchObject(refusal);
    expect(model.prompts).toEqual([]);
  });
});

describe('a chat that is too long', () => {
  const chat = [system('Be kind.'), user('x'.repeat(50)), said('y'.repeat(50)), user('And now?')];

  it('loses its oldest messages, and the count is exact', async () => {
    const model = testModel({ contextLength: 60 });
    const { final } = await model.chat({ messages: chat, truncate: true });
    expect(model.prompt()).toBe('[system: Be kind.][user: And now?]>');
    expect(final.promptTokens).toBe(1 + model.prompt().length);
  });

  it('leaves a token for the reply', async () => {
    const [, ...rest] = chat;
    const whole = testModel();
    await whole.chat({ messages: rest });
    const { length } = whole.prompts[0]!;
    const kept = async (contextLength: number) => {
      const model = testModel({ contextLength });
      await model.chat({ messages: rest, truncate: true });
      return model.prompt();
    };
    expect(await kept(length + 1)).toBe(whole.prompt());
    expect(await kept(length)).toBe(`[assistant: ${'y'.repeat(50)}][user: And now?]>`);
  });

  it('is refused with its own count where nothing may go', async () => {
    const model = testModel({ contextLength: 60 });
    const whole = testModel();
    await whole.chat({ messages: chat });
    await expect(model.chat({ messages: chat })).rejects.toMatchObject({
      code: 'context_exceeded',
      detail: { promptTokens: whole.prompts[0]!.length, contextLength: 60 },
    });
    expect(model.prompts).toEqual([]);
  });

  it('by its last message alone loses the middle of that', async () => {
    const model = testModel({ contextLength: 40 });
    const messages = [user('old'), user(`begin ${'x'.repeat(100)} end`)];
    const { final } = await model.chat({ messages, truncate: true, options: { num_keep: 8 } });
    // Of 40 tokens 24 are left: the one that begins a text and 8, and the rest from the end.
    expect(model.prompt()).toBe('<s>[user: bxxxxxxxxx end]>');
    expect(final.promptTokens).toBe(24);
  });

  it.each<[string, boolean, { shift?: boolean }]>([
    ['shift is off', true, { shift: false }],
    ['truncate is off', false, {}],
  ])('by its last message alone is refused where %s', async (_what, truncate, options) => {
    const model = testModel({ contextLength: 40 });
    const messages = [user('old'), user('x'.repeat(100))];
    const alone = truncate ? '[user: ]>'.length + 1 + 100 : undefined;
    await expect(model.chat({ messages, truncate, options })).rejects.toMatchObject({
      code: 'context_exceeded',
      detail: { contextLength: 40, ...(alone && { promptTokens: alone }) },
    });
  });

  it('is refused, and not cut, where nobody knows its tokens', async () => {
    const model = testModel({ contextLength: 40, tokens: false });
    await expect(
      model.chat({ messages: [user('x'.repeat(100))], truncate: true }),
    ).rejects.toMatchObject({ code: 'context_exceeded' });
    await model.chat({ messages: [user('x'.repeat(100)), user('Hi')], truncate: true });
    expect(model.prompt()).toBe('[user: Hi]>');
  });
});

describe('a prompt as it is', () => {
  it('is given as it came', async () => {
    const model = testModel();
    await model.complete({ prompt: 'Once <s>' });
    expect(model.prompts[0]).toEqual({
      text: 'Once <s>',
      tokens: [SPECIAL, ...encode('Once <s>')],
      length: 7,
    });
    await model.complete({ prompt: [1, 2, 3], each: 'ids' });
    expect(model.prompts[1]).toEqual({ tokens: [1, 2, 3], length: 3 });
    expect(model.asked[1]).toMatchObject({ each: 'ids' });
  });

  it('is cut where it may be, and else refused with the counts', async () => {
    const model = testModel({ contextLength: 8 });
    const long = { prompt: 'abcdefghijkl', options: { num_keep: 3 } };
    await model.complete({ ...long, truncate: true });
    expect(model.prompt()).toBe('<s>abckl');
    const refusal = {
      code: 'context_exceeded',
      detail: { promptTokens: 13, contextLength: 8 },
    };
    await expect(model.complete(long)).rejects.toMatchObject(refusal);
    const off = { ...long, truncate: true, options: { shift: false } };
    await expect(model.complete(off)).rejects.toMatchObject(refusal);
  });
});

describe('the context of a reply', () => {
  it('is its prompt’s tokens and its own, which nobody else is told', async () => {
    const model = testModel({ reply: ['Yes', '', '.'] });
    const { deltas, final } = await model.chat({ messages: [user('Hi')], tellContext: true });
    expect(final.context).toEqual([SPECIAL, ...encode('[user: Hi]>'), 0, 1, 2]);
    expect(deltas).toEqual([
      { type: 'delta', content: 'Yes' },
      { type: 'delta', content: '.' },
    ]);
  });

  it('leaves what was asked for', async () => {
    const model = testModel();
    const asked = { messages: [user('Hi')], tellContext: true as const };
    const counted = await model.chat({ ...asked, each: 'count' });
    expect(counted.deltas[0]).toEqual({ type: 'delta', content: 'Yes', tokens: 1 });
    const told = await model.chat({ ...asked, each: 'ids' });
    expect(told.deltas[0]).toEqual({ type: 'delta', content: 'Yes', tokens: 1, ids: [0] });
    expect((await model.chat({ messages: [user('Hi')] })).final).not.toHaveProperty('context');
  });

  it('is by the text where the engine tells no tokens, and absent where nobody knows them', async () => {
    const asked = { messages: [user('Hi')], tellContext: true as const };
    const text = await testModel({ tellsTokens: false }).chat(asked);
    expect(text.final.context).toEqual([SPECIAL, ...encode('[user: Hi]>Yes.')]);
    const none = await testModel({ tokens: false, tellsTokens: false }).chat(asked);
    expect(none.final).not.toHaveProperty('context');
  });

  it('comes before the next prompt, which begins no text', async () => {
    const model = testModel({
      file: { template: `{{ bos_token }}${TEMPLATE}`, addsBos: false },
    });
    const { final } = await model.chat({ messages: [user('Hi')], tellContext: true });
    expect(final.context![0]).toBe(SPECIAL);
    await model.chat({ messages: [user('More')], context: final.context });
    expect(model.prompts[1]!.tokens).toEqual([...final.context!, ...encode('[user: More]>')]);
  });

  it('of another model is refused', async () => {
    const model = testModel();
    const asked = { messages: [user('Hi')], context: [1, SPECIAL + 99] };
    await expect(model.chat(asked)).rejects.toMatchObject({ code: 'bad_request' });
    const unknown = testModel({ tokens: false });
    await expect(unknown.chat({ messages: [user('Hi')], context: [1] })).rejects.toMatchObject({
      code: 'not_supported',
    });
  });

  it('loses its middle where all is too long', async () => {
    const model = testModel({ contextLength: 30 });
    const context = [SPECIAL, ...encode('x'.repeat(40))];
    await model.chat({ messages: [user('Hi')], context, truncate: true });
    expect(model.prompt()).toBe('<s>xxxxx[user: Hi]>');
  });
});

describe('a model that thinks', () => {
  const template =
    TEMPLATE +
    '{% if enable_thinking is defined and not enable_thinking %}<think>\n\n</think>\n\n{% endif %}';
  const reply = ['<th', 'ink>Hm', '</think>', 'Yes'];
  const messages = [user('Hi')];

  it('tells it apart from what it answers, asked or not', async () => {
    for (const think of [undefined, true, 'high'] as const) {
      const model = testModel({ file: { template }, reply });
      expect(await model.chat({ messages, think })).toMatchObject({ text: 'Yes', thinking: 'Hm' });
      expect(model.prompt()).toBe('[user: Hi]>');
    }
  });

  it('does not where nobody wants it', async () => {
    const model = testModel({ file: { template } });
    await model.chat({ messages, think: false });
    expect(model.prompt()).toBe('[user: Hi]><think>\n\n</think>\n\n');
    const stubborn = testModel({ file: { template }, reply });
    const { text, thinking, final } = await stubborn.chat({ messages, think: false });
    expect({ text, thinking }).toEqual({ text: 'Yes', thinking: '' });
    expect(final.evalTokens).toBe(4);
  });

  it('may begin in a thought that the prompt opened', async () => {
    const opens = `${TEMPLATE}<think>\n`;
    const model = testModel({ file: { template: opens }, reply: ['Hm</think>', 'Yes'] });
    expect(await model.chat({ messages })).toMatchObject({ text: 'Yes', thinking: 'Hm' });
  });

  it('goes on with the words of a thought', async () => {
    for (const own of [template, `${TEMPLATE}{{ '<think>\\n' }}`]) {
      for (const begun of [said('<think>\nHm'), { ...said(''), thinking: 'Hm' }]) {
        const model = testModel({ file: { template: own }, reply: [' so</think>', 'Yes'] });
        const told = await model.chat({ messages: [...messages, begun] });
        expect(told).toMatchObject({ text: 'Yes', thinking: ' so' });
        expect(model.prompt()).toBe('[user: Hi]><think>\nHm');
      }
    }
  });

  it('may think before what a format asks for, unless it was told not to', async () => {
    const asks = async (think: boolean | undefined, own = template) => {
      const model = testModel({ file: { template: own }, reply });
      await model.chat({ messages, think, format: 'json' });
      return model.asked[0];
    };
    const thought = { open: '<think>', close: '</think>', begun: false };
    expect(await asks(undefined)).toMatchObject({ format: 'json', thought });
    expect(await asks(true)).toMatchObject({ format: 'json', thought });
    const told = await asks(false);
    expect(told).toMatchObject({ format: 'json' });
    expect(told).not.toHaveProperty('thought');
    const opens = `${TEMPLATE}<think>\n`;
    expect(await asks(undefined, opens)).toMatchObject({ thought: { ...thought, begun: true } });
  });
});

describe('a model that calls tools', () => {
  const template = `{% if tools %}{% for tool in tools %}{{ tool.function.name }};{% endfor %}{% endif %}${TEMPLATE}<tool_call>`;
  const call = '<tool_call>{"name": "add", "arguments": {"b": 2, "a": 1}}</tool_call>';
  const tools = [{ name: 'add', parameters: { type: 'object' } }];
  const messages = [user('Add')];

  it('is told of them, and its calls are no text', async () => {
    const model = testModel({ file: { template }, reply: ['Well. ', call] });
    const { text, calls } = await model.chat({ messages, tools });
    expect(model.prompt()).toMatch(/^add;/);
    expect(text.trim()).toBe('Well.');
    expect(calls.map(({ name, arguments: args }) => [name, JSON.stringify(args)])).toEqual([
      ['add', '{"b":2,"a":1}'],
    ]);
  });

  it('calls none where there are none', async () => {
    const model = testModel({ file: { template }, reply: [call] });
    expect(await model.chat({ messages })).toMatchObject({ text: call, calls: [] });
  });
});

describe('a gap', () => {
  const fim = { prefix: '<PRE>', suffix: '<SUF>', middle: '<MID>' };
  const asked = { messages: [system('Be kind.'), user('def f():')], suffix: 'return x' };

  it('is shown by the file’s tokens', async () => {
    const model = testModel({ file: { fim, template: '' } });
    const { text } = await model.chat(asked);
    expect(model.prompt()).toBe('<PRE>def f():<SUF>return x<MID>');
    expect(model.prompts[0]!.tokens!.slice(0, 3)).toEqual([SPECIAL, SPECIAL + 2, 100]);
    expect(text).toBe('Yes.');
  });

  it('is shown by the template where it has a place for it', async () => {
    const template = '{{ .Prompt }}_{{ .Suffix }}';
    const model = testModel({ file: { fim }, reply: ['<think>', 'Yes'] });
    const { text } = await model.chat({ ...asked, template });
    expect(model.prompt()).toContain('def f():_return x');
    expect(text).toBe('<think>Yes');
  });

  it('is none for a model that was not taught', async () => {
    await expect(testModel().chat(asked)).rejects.toMatchObject({ code: 'not_supported' });
  });
});
