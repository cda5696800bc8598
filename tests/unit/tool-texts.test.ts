/** Calls of tools in the texts of models, however the reply is cut. */
import { describe, expect, it, test } from 'vitest';
import type { EngineChunk, Tool } from '#core/engine';
import { HERMES, toolReader } from '../../workers/runner/chat/tools/reader';
import { withToolCalls } from '../../workers/runner/chat/tools/tool-chunks';
import { cuts, piecesOf, said } from '../fixtures/in-pieces';

const number = { type: 'number' };
const TOOLS: Tool[] = [
  { name: 'add', parameters: { type: 'object', properties: { a: number, b: number } } },
  { name: 'get_weather', parameters: { type: 'object', properties: { city: {} } } },
  { name: 'now', parameters: { type: 'object', properties: {} } },
];

const LLAMA = toolReader('{% if tools %}{"name": …, "parameters": …}{% endif %}')!;
const MISTRAL = toolReader('{% if tools %}[AVAILABLE_TOOLS]{% endif %}[TOOL_CALLS]')!;
const GRANITE = toolReader('{% if tools %}<|tool_call|>{% endif %}')!;

const CODER = toolReader('{% if tools %}<tool_call><function=…><parameter=…>{% endif %}')!;
const DEEPSEEK = toolReader('{% if tools %}<｜tool▁calls▁begin｜>{% endif %}')!;

const ADD = { name: 'add', arguments: { a: 1, b: 2 } };
const WEATHER = { name: 'get_weather', arguments: { city: 'Rome' } };
const add = '{"name": "add", "arguments": {"a": 1, "b": 2}}';
const weather = '{"name": "get_weather", "arguments": {"city": "Rome"}}';
const tagged = (json: string) => `<tool_call>\n${json}\n</tool_call>`;

type Sample = [text: string, content: string, calls: unknown[]];

const HERMES_SAMPLES: Sample[] = [
  [tagged(add), '', [ADD]],
  [`I look.\n${tagged(add)}\n${tagged(weather)}\n`, 'I look.', [ADD, WEATHER]],
  [`${tagged(add)} and more `, ' and more ', [ADD]],
  [tagged(`${add}\n${weather}`), '', [ADD, WEATHER]],
  [tagged(`[${add}, ${weather}]`), '', [ADD, WEATHER]],
  [`<tool_call>${add}`, '', [ADD]],
  [tagged('{"name": "now"}'), '', [{ name: 'now', arguments: {} }]],
  [tagged('{"arguments": "{\\"a\\": 1, \\"b\\": 2}", "name": "add"}'), '', [ADD]],
  [tagged(`{"type": "function", "function": ${add}}`), '', [ADD]],
  [
    tagged('{"name": "get_weather", "arguments": {"city": "a}\\"</tool_call> 🌧"}}'),
    '',
    [{ name: 'get_weather', arguments: { city: 'a}"</tool_call> 🌧' } }],
  ],
];

const LLAMA_SAMPLES: Sample[] = [
  ['{"name": "add", "parameters": {"a": 1, "b": 2}}', '', [ADD]],
  [`<|python_tag|>${add}`, '', [ADD]],
  [`<|python_tag|>${add}; ${weather}`, '', [ADD, WEATHER]],
  [`${add}\n${weather}`, '', [ADD, WEATHER]],
  [`[${add}, ${weather}]`, '', [ADD, WEATHER]],
  [`Let me see.\n\n${add}\n\nDone.`, 'Let me see.\n\nDone.', [ADD]],
];

const MISTRAL_SAMPLES: Sample[] = [
  [`[TOOL_CALLS][${add}, ${weather}]`, '', [ADD, WEATHER]],
  [`[TOOL_CALLS] [${add}]`, '', [ADD]],
  ['[TOOL_CALLS]add[ARGS]{"a": 1, "b": 2}', '', [ADD]],
  [
    '[TOOL_CALLS]add[CALL_ID]x1[ARGS]{"a": 1, "b": 2}[TOOL_CALLS]now[ARGS]{}',
    '',
    [ADD, { name: 'now', arguments: {} }],
  ],
  [` [${add}]`, '', [ADD]],
  [`Yes: [TOOL_CALLS][${add}]`, 'Yes:', [ADD]],
];

const GRANITE_SAMPLES: Sample[] = [
  [`<|tool_call|>[${add}, ${weather}]`, '', [ADD, WEATHER]],
  [`[${add}]`, '', [ADD]],
];

const write = (name: string, args: Record<string, string>) => {
  const values = Object.entries(args).map(([k, v]) => `<parameter=${k}>\n${v}\n</parameter>\n`);
  return `<tool_call>\n<function=${name}>\n${values.join('')}</function>\n</tool_call>`;
};
const tricky = 'a </parameter> b\n</function>\n\n<tool_call> "🌧"';

const CODER_SAMPLES: Sample[] = [
  [write('add', { a: '1', b: '2' }), '', [ADD]],
  ['<tool_call><function=now></function></tool_call>', '', [{ name: 'now', arguments: {} }]],
  [
    `I look.\n${write('get_weather', { city: 'Rome' })}\n${write('add', { a: '1', b: '2' })} So.`,
    'I look. So.',
    [WEATHER, ADD],
  ],
  [
    write('get_weather', { city: tricky }),
    '',
    [{ name: 'get_weather', arguments: { city: tricky } }],
  ],
  [write('get_weather', { city: '12' }), '', [{ name: 'get_weather', arguments: { city: '12' } }]],
  [write('add', { a: 'one', b: '2' }), '', [{ name: 'add', arguments: { a: 'one', b: 2 } }]],
];

/** What is no call of Qwen3-Coder's. */
const CODER_TEXTS = [
  tagged(add),
  write('nobody', { a: '1' }),
  '<tool_call><function=add><parameter=a>1</parameter>',
  '<tool_call><function=add>1</function></tool_call>',
  '<tool_call><function=a b></function></tool_call>',
];

const deepseek = (inner: string) => `<｜tool▁calls▁begin｜>${inner}<｜tool▁calls▁end｜>`;
const block = (name: string, json: string) =>
  `<｜tool▁call▁begin｜>function<｜tool▁sep｜>${name}\n\`\`\`json\n${json}\n\`\`\`<｜tool▁call▁end｜>`;
const plain = (name: string, json: string) =>
  `<｜tool▁call▁begin｜>${name}<｜tool▁sep｜>${json}<｜tool▁call▁end｜>`;
const one = '{"a": 1, "b": 2}';

const DEEPSEEK_SAMPLES: Sample[] = [
  [deepseek(block('add', one)), '', [ADD]],
  [deepseek(plain('add', one)), '', [ADD]],
  [
    `I look.\n${deepseek(`${block('add', one)}\n${block('get_weather', '{"city": "Rome"}')}`)}`,
    'I look.',
    [ADD, WEATHER],
  ],
  [deepseek(plain('add', one) + plain('now', '{}')), '', [ADD, { name: 'now', arguments: {} }]],
];

const DEEPSEEK_TEXTS = [
  deepseek(block('nobody', '{}')),
  deepseek(plain('add', '{"a": 1')),
  deepseek('words'),
  '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>add<｜tool▁sep｜>{}',
];

/** What only looks like a call. */
const TEXTS = [
  '',
  ' \n',
  'Plain words, [a list] and {braces}.\n{ x }\n[1] see',
  tagged('no JSON'),
  tagged('{"name": "add"}'),
  tagged('{"name": "nobody", "arguments": {}}'),
  tagged(`[${add}, {"name": "nobody", "arguments": {}}]`),
  tagged('{"name": "add", "arguments": {"a": 1}'),
  tagged('{"name": "add", "arguments": [1]}'),
  '<tool_call></tool_call>',
  '<tool_call>\n{"name": "add", "argu',
  '<tool_call>\n',
  'a < b <tool',
  '{"name": "Bob", "arguments": {"a": 1}}\n',
  '{"name": "add", "x": <b>}',
  '{"city": "Rome"}',
  `Say ${add} so`,
  '[TOOL_CALLS]',
  '[TOOL_CALLS]nobody[ARGS]{}',
  '[TOOL_CALLS]add[ARGS] none',
  '[TOOL_CALLS]a word',
  '[TOOL_CALLS',
  '[',
  '<|python_tag|>print(1)',
  '{"name": "add", "arguments": {}\n'.repeat(5),
];

describe.each([
  ['Hermes', HERMES, HERMES_SAMPLES],
  ['Llama', LLAMA, LLAMA_SAMPLES],
  ['Mistral', MISTRAL, MISTRAL_SAMPLES],
  ['Granite', GRANITE, GRANITE_SAMPLES],
  ['Qwen3-Coder', CODER, CODER_SAMPLES],
  ['DeepSeek', DEEPSEEK, DEEPSEEK_SAMPLES],
])('in the way of %s', (_way, reader, samples) => {
  const read = (pieces: string[]) => said(withToolCalls(piecesOf(pieces), reader, TOOLS));

  test.each(samples)('%j', async (text, content, calls) => {
    for (const pieces of cuts(text)) {
      const all = await read(pieces);
      expect({ ...all, pieces }).toEqual({ thinking: '', content, calls, pieces });
    }
  });

  test.each(TEXTS)('%j is text', async (text) => {
    for (const pieces of cuts(text)) {
      const all = await read(pieces);
      expect({ ...all, pieces }).toEqual({ thinking: '', content: text, calls: [], pieces });
    }
  });

  it('finds the same in any mixture of them, however it is cut', async () => {
    const parts = [...samples.map(([text]) => text), ...TEXTS.slice(0, -1)];
    for (let first = 0; first < parts.length; first++) {
      for (const apart of ['', '\n', ' x\n']) {
        const text = parts[first]! + apart + parts[(first * 7 + 3) % parts.length]!;
        const whole = await read([text]);
        for (const pieces of cuts(text).slice(1, 5)) {
          expect({ ...(await read(pieces)), pieces }).toEqual({ ...whole, pieces });
        }
      }
    }
  });
});

test.each([
  ...CODER_TEXTS.map((text) => [text, CODER] as const),
  ...DEEPSEEK_TEXTS.map((text) => [text, DEEPSEEK] as const),
])('%j is text to who writes otherwise', async (text, reader) => {
  for (const pieces of cuts(text)) {
    const { content, calls } = await said(withToolCalls(piecesOf(pieces), reader, TOOLS));
    expect({ content, calls, pieces }).toEqual({ content: text, calls: [], pieces });
  }
});

test('a value is of the type that the tool’s schema names', async () => {
  const types = { i: { type: 'integer' }, n: { anyOf: [{ type: 'number' }, { type: 'null' }] } };
  const more = { b: { type: 'boolean' }, l: { type: ['array', 'string'] }, o: { type: 'object' } };
  const tool = {
    name: 'f',
    parameters: { properties: { ...types, ...more, s: { type: 'string' } } },
  };
  const args = { i: '3', n: 'None', b: 'True', l: '[1]', o: '{"x": 1}', s: '3', other: '4' };
  const { calls } = await said(withToolCalls(piecesOf([write('f', args)]), CODER, [tool]));
  const typed = { i: 3, n: null, b: true, l: [1], o: { x: 1 }, s: '3', other: '4' };
  expect(calls).toEqual([{ name: 'f', arguments: typed }]);
});

test('words around a call come as they are written, the call when it is whole', async () => {
  const pieces = ['Well', ' then', ' ', '<tool', '_call>', add, '</tool_call>', ' so', '.'];
  const told: unknown[] = [];
  for await (const chunk of withToolCalls(piecesOf(pieces), HERMES, TOOLS)) {
    if (chunk.type === 'delta') told.push(chunk.toolCalls?.[0]?.name ?? chunk.content);
  }
  expect(told).toEqual(['Well', ' then', 'add', ' so', '.']);
});

test('each call has an id of its own, in the way of Ollama, and its arguments in their order', async () => {
  const reversed = '{"name": "add", "arguments": {"b": 2, "a": 1}}';
  const chunks: EngineChunk[] = [];
  for await (const chunk of withToolCalls(piecesOf([tagged(reversed), tagged(add)]), HERMES, TOOLS))
    chunks.push(chunk);
  const calls = chunks.flatMap((chunk) => (chunk.type === 'delta' ? (chunk.toolCalls ?? []) : []));
  expect(Object.keys(calls[0]!.arguments)).toEqual(['b', 'a']);
  expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
  for (const { id } of calls) expect(id).toMatch(/^call_[a-z0-9]{8}$/);
});

test('thoughts, counts and probabilities of a held piece pass', async () => {
  async function* chunks(): AsyncGenerator<EngineChunk> {
    yield { type: 'delta', content: '', thinking: 'Hm' };
    yield { type: 'delta', content: '<tool', tokens: 1 };
    yield { type: 'delta', content: '' };
  }
  const told: EngineChunk[] = [];
  for await (const chunk of withToolCalls(chunks(), HERMES, TOOLS)) told.push(chunk);
  expect(told).toEqual([
    { type: 'delta', content: '', thinking: 'Hm' },
    { type: 'delta', content: '', tokens: 1 },
  ]);
});

describe('how calls are read', () => {
  test('is told by the template', () => {
    expect(toolReader('{% for m in messages %}{{ m.content }}{% endfor %}')).toBeUndefined();
    expect(toolReader('{{ if .Tools }}<tool_call>{{ end }}')).toBe(HERMES);
    expect(LLAMA.bare).toBe(true);
  });

  test('a reply that begins thousands of calls is told at its end', async () => {
    const text = '<tool_call>{"name": "add", "arguments": {'.repeat(20_000);
    const bare = '{"name": "add", "arguments": {\n'.repeat(20_000);
    expect((await said(withToolCalls(piecesOf([text]), HERMES, TOOLS))).content).toBe(text);
    expect((await said(withToolCalls(piecesOf([bare]), LLAMA, TOOLS))).content).toBe(bare);
  });
});
