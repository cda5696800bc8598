/** Prompts by templates of the shapes that models have, in both languages. */
import { describe, expect, it, test } from 'vitest';
import type { ChatMessage, Think, Tool } from '#core/engine';
import { knowsSuffix, renderPrompt, type RenderOptions } from '../../workers/runner/chat/render';
import * as templates from '../fixtures/chat-templates';

const NOW = new Date(2025, 2, 7, 9, 5);
const system: ChatMessage = { role: 'system', content: 'Be brief.' };
const ask: ChatMessage = { role: 'user', content: 'Hi' };
const reply: ChatMessage = { role: 'assistant', content: 'Hello' };
const thought: ChatMessage = { role: 'assistant', content: 'Hello', thinking: 'Hm.' };
const tagged: ChatMessage = { role: 'assistant', content: '<think>\nHm.\n</think>\n\nHello' };
const called: ChatMessage = {
  ...{ role: 'assistant', content: '' },
  toolCalls: [{ id: 'call_abcdefgh', name: 'add', arguments: { b: 2, a: '<1>' } }],
};
const answered: ChatMessage = { role: 'tool', content: '3', toolName: 'add' };
const ADD: Tool = {
  name: 'add',
  description: 'Adds',
  parameters: { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] },
};

function render(template: string, messages: ChatMessage[], more: Partial<RenderOptions> = {}) {
  return renderPrompt({ template, messages, bos: '<s>', eos: '</s>', now: NOW, ...more });
}

const im = (role: string, text: string) => `<|im_start|>${role}\n${text}<|im_end|>\n`;
const OPEN = '<|im_start|>assistant\n';

test('contents are in parts for a template that knows no texts', () => {
  expect(render(templates.SMOLVLM, [system, ask, reply, ask])).toBe(
    '<|im_start|>System: Be brief.<end>\nUser: Hi<end>\nAssistant: Hello<end>\nUser: Hi<end>\nAssistant:',
  );
});

describe('tools are told of, their calls and answers written', () => {
  const chat = [system, ask, called, answered];
  const tools = [ADD];

  test('Qwen 2.5', () => {
    expect(render(templates.QWEN25, chat, { tools })).toBe(
      im(
        'system',
        'Be brief.\n\nFunctions:\n<tools>\n{"type": "function", "function": {"name": "add", "description": "Adds", ' +
          '"parameters": {"type": "object", "properties": {"a": {"type": "number"}}, "required": ["a"]}}}\n</tools>\n' +
          'Call them as <tool_call>{}</tool_call>.',
      ) +
        im('user', 'Hi') +
        '<|im_start|>assistant\n<tool_call>\n{"name": "add", "arguments": {"b": 2, "a": "<1>"}}\n</tool_call><|im_end|>\n' +
        im('user', '<tool_response>\n3\n</tool_response>') +
        OPEN,
    );
  });

  test('Llama 3.2', () => {
    const head = (role: string) => `<|start_header_id|>${role}<|end_header_id|>\n\n`;
    const text = render(templates.LLAMA32, chat, { tools });
    expect(text).toContain('"name": "add",\n        "description": "Adds"');
    expect(text.slice(text.indexOf('Hi<|eot_id|>'))).toBe(
      `Hi<|eot_id|>${head('assistant')}{"name": "add", "parameters": {"b": 2, "a": "<1>"}}<|eot_id|>` +
        `${head('ipython')}3<|eot_id|>${head('assistant')}`,
    );
    expect(render(templates.LLAMA32, [ask])).toBe(
      `<s>${head('system')}<|eot_id|>${head('user')}Hi<|eot_id|>${head('assistant')}`,
    );
  });

  test('Mistral, with ids as it wants them', () => {
    expect(render(templates.MISTRAL, chat.slice(1), { tools })).toMatch(
      /^<s>\[AVAILABLE_TOOLS\] \[\{"name": "add",.*\}\]\[\/AVAILABLE_TOOLS\]\[INST\] Hi\[\/INST\]\[TOOL_CALLS\] \[\{"name": "add", "arguments": \{"b": 2, "a": "<1>"\}, "id": "labcdefgh"\}\]<\/s>\[TOOL_RESULTS\] \{"content": 3, "call_id": "labcdefgh"\}\[\/TOOL_RESULTS\]$/,
    );
  });

  test('DeepSeek, which joins arguments to a text and wants no content', () => {
    expect(render(templates.R1, [ask, called, answered], { tools })).toBe(
      '<s><|User|>Hi<|calls|>add\n{"b": 2, "a": "<1>"}<|end|><|output|>3<|end|><|Assistant|><think>\n',
    );
  });

  test('Go, with the signs of HTML as Go writes them', () => {
    expect(render(templates.GO_QWEN3, chat, { tools })).toBe(
      '<|im_start|>system\nBe brief.\n<tools>\n{"type": "function", "function": {"name":"add","description":"Adds",' +
        '"parameters":{"type":"object","properties":{"a":{"type":"number"}},"required":["a"]}}}\n</tools>\n<|im_end|>\n' +
        im('user', 'Hi /think') +
        '<|im_start|>assistant\n<tool_call>\n{"name": "add", "arguments": {"b":2,"a":"\\u003c1\\u003e"}}\n</tool_call><|im_end|>\n' +
        im('user', '<tool_response>\n3\n</tool_response>') +
        OPEN,
    );
  });

  test('each answer has the id of the call that it answers', () => {
    const two: ChatMessage = {
      ...called,
      toolCalls: [
        { id: 'call_aaaaaaaa', name: 'add', arguments: {} },
        { id: 'call_bbbbbbbb', name: 'now', arguments: {} },
      ],
    };
    const answers: ChatMessage[] = [
      { role: 'tool', content: 'noon', toolName: 'now' },
      { role: 'tool', content: '3' },
    ];
    const template =
      "{% for m in messages %}{% if m.role == 'tool' %}{{ m.name }}:{{ m.tool_call_id }} {% endif %}{% endfor %}";
    expect(render(template, [ask, two, ...answers])).toBe('now:call_bbbbbbbb add:call_aaaaaaaa ');
  });

  test('a template that may use none hears so', () => {
    const template = '{% if tools is none and documents is none %}none{% endif %}';
    expect(render(template, [ask])).toBe('none');
    expect(render(template, [ask], { tools: [] })).toBe('none');
  });

  test.each([
    ['Gemma', templates.GEMMA3],
    ['SmolLM 2', templates.SMOLLM2],
    ['Go, the older form', templates.GO_CHATML],
  ])('%s knows of no tools, and reads calls and answers as texts', (_, template) => {
    const text = render(template, [ask, called, answered]);
    expect(text).toContain(
      '<tool_call>\n{"name":"add","arguments":{"b":2,"a":"<1>"}}\n</tool_call>',
    );
    expect(text).toMatch(/user\n<tool_response>\n3\n<\/tool_response>/);
  });
});

describe('thoughts', () => {
  const off = (template: string, think?: Think) => render(template, [ask], { think });

  test.each([
    ['Qwen 3', templates.QWEN3, OPEN, `${OPEN}<think>\n\n</think>\n\n`],
    ['SmolLM 3', templates.SMOLLM3, OPEN, `${OPEN}<think>\n\n</think>\n`],
    ['Go', templates.GO_QWEN3, OPEN, `${OPEN}<think>\n\n</think>\n\n`],
  ])('are switched off by the switch of %s', (_, template, on, without) => {
    expect(off(template).endsWith(on)).toBe(true);
    expect(off(template, true)).toBe(off(template));
    expect(off(template, false).endsWith(without)).toBe(true);
    expect(off(template, false).split('<think>')).toHaveLength(2);
  });

  test('are asked for where a template wants to be asked', () => {
    const asked = '2025. Think.<|eot|>';
    const tagged = `{# <think> #}${templates.GRANITE}`;
    expect(off(tagged)).toContain(asked);
    expect(off(tagged, false)).not.toContain(asked);
    // Nothing would tell these thoughts from the answer.
    expect(off(templates.GRANITE)).toContain('Date: March 07, 2025.<|eot|>');
    expect(off(templates.GRANITE, true)).toContain(asked);
  });

  test.each([
    ['whose prompt ends in a thought', templates.R1, '<|Assistant|><think>\n\n</think>\n\n'],
    [
      'whose prompt does not',
      "{% for m in messages %}{{ m.content.split('</think>')[-1] }}{% endfor %}>",
      'Hi><think>\n\n</think>\n\n',
    ],
    [
      'of Go',
      '{{ range .Messages }}{{ .Content }}{{ if .Thinking }}<think>{{ end }}{{ end }}>',
      'Hi><think>\n\n</think>\n\n',
    ],
  ])('are empty for a template without a switch, %s', (_, template, end) => {
    expect(off(template, false).endsWith(end)).toBe(true);
    expect(off(template, true).endsWith('</think>\n\n')).toBe(false);
  });

  test('are none for a model that has none', () => {
    expect(off(templates.SMOLLM2, false)).toBe(off(templates.SMOLLM2));
  });

  test('have a level where the template knows levels', () => {
    const template =
      '{% if reasoning_effort is defined %}{{ reasoning_effort }}{% else %}-{% endif %}';
    expect([undefined, true, 'low', 'max'].map((think) => off(template, think as Think))).toEqual([
      '-',
      '-',
      'low',
      'high',
    ]);
    const go = '{{ .Think }}{{ .ThinkLevel }}{{ .IsThinkSet }}{{ if .Messages }}{{ end }}';
    expect(off(go, 'high')).toBe('truehightrue');
    expect(off(go, false)).toBe('falsetrue');
  });

  it.each([
    ['Qwen 3', templates.QWEN3],
    ['Go', templates.GO_QWEN3],
  ])('of earlier questions are forgotten, those since the last are not: %s', (_, template) => {
    const bare = render(template, [ask, reply, ask]);
    expect(render(template, [ask, thought, ask])).toBe(bare);
    expect(render(template, [ask, tagged, ask])).toBe(bare);
    const working: ChatMessage = { ...called, thinking: 'Add them.' };
    expect(render(template, [ask, thought, ask, working, answered])).toContain('Add them.');
  });

  it('are forgotten as Ollama does: before the last question, in the content, the first alone', () => {
    const messages = (content: string): ChatMessage[] => [ask, { ...reply, content }, ask];
    const plain = render(templates.QWEN3, messages('abc'));
    expect(render(templates.QWEN3, messages('<think>Thinking... about it</think>abc'))).toBe(plain);
    expect(render(templates.QWEN3, messages('<think>x</think>\n\n\nabc'))).toBe(plain);
    expect(render(templates.QWEN3, messages('abc<think>x</think>'))).toContain(
      'abc<think>x</think>',
    );
    const none = '{% for m in messages %}{{ m.content }}{% endfor %}';
    expect(render(none, messages('<think>x</think>abc'))).toBe('Hi<think>x</think>abcHi');
  });
});

describe('a message that was begun is gone on with', () => {
  test.each<[string, string, ChatMessage, string]>([
    ['its text', templates.QWEN3, reply, `${OPEN}Hello`],
    ['its thought', templates.QWEN3, { ...thought, content: '' }, `${OPEN}<think>\nHm.`],
    ['both', templates.QWEN3, thought, `${OPEN}<think>\nHm.\n</think>\n\nHello`],
    ['both, as one text', templates.QWEN3, tagged, OPEN + tagged.content],
    [
      'text behind a prompt that opens a thought',
      templates.R1,
      reply,
      '<think>\n\n</think>\n\nHello',
    ],
    ['thought there', templates.R1, { ...thought, content: '' }, '<think>\nHm.'],
    ['both there', templates.R1, thought, '<think>\nHm.\n</think>\n\nHello'],
    ['both there, as one text', templates.R1, tagged, '|><think>\nHm.\n</think>\n\nHello'],
    [
      'thought there, as text',
      templates.R1,
      { ...reply, content: '<think>\nHm.' },
      '|><think>\nHm.',
    ],
    ['Go', templates.GO_QWEN3, reply, `${OPEN}Hello`],
    ['Go, the older form', templates.GO_CHATML, reply, `${OPEN}Hello`],
  ])('%s', (_, template, begun, end) => {
    const prompt = render(template, [system, ask, begun]);
    expect(prompt.endsWith(end)).toBe(true);
    expect(prompt.split('Hm.').length).toBeLessThan(3);
  });

  test('without a thought where none is wanted', () => {
    expect(render(templates.QWEN3, [ask, reply], { think: false })).toBe(
      `${im('user', 'Hi')}${OPEN}<think>\n\n</think>\n\nHello`,
    );
  });

  test('calls are not begun: the reply is another message', () => {
    expect(render(templates.QWEN25, [ask, called]).endsWith(`<|im_end|>\n${OPEN}`)).toBe(true);
  });
});

describe('Go', () => {
  test('of the older form is written once a question, up to where the reply goes', () => {
    const chat = [system, ask, reply, ask];
    expect(render(templates.GO_CHATML, chat)).toBe(
      im('system', 'Be brief.') +
        im('user', 'Hi') +
        im('assistant', 'Hello') +
        im('user', 'Hi') +
        OPEN,
    );
  });

  test('of the older form takes a system text where it comes', () => {
    const text = render('[{{ .System }}|{{ .Prompt }}|{{ .Response }}]', [ask, reply, system, ask]);
    expect(text).toBe('[|Hi|Hello][Be brief.|Hi|');
  });

  test.each([
    ['{{ .Prompt }}', 'HiHelloHi'],
    ['{{ .Prompt }}>{{ if .Response }}{{ .Response }};{{ end }}!', 'Hi>Hello;!Hi>'],
    ['{{ .Prompt }}>{{ if .System }}{{ else }}{{ .Response }}x{{ end }}!', 'Hi>Hellox!Hi>'],
    ['{{ .Prompt }}>{{ print .Response "" }};', 'Hi>Hello;Hi>'],
    ['{{ .Prompt }}>{{ (print .Response) }};', 'Hi>Hello;Hi>'],
    ['{{ .Prompt }}>{{ $.Response }};', 'Hi>Hello;Hi>'],
  ])('of the older form, %s', (template, text) => {
    expect(render(template, [ask, reply, ask])).toBe(text);
  });

  test('joins messages of one role, and all system texts', () => {
    const template = '{{ .System }}|{{ range .Messages }}{{ .Role }}:{{ .Content }};{{ end }}';
    expect(render(template, [system, ask, ask, reply, system, answered, answered])).toBe(
      'Be brief.\n\nBe brief.|system:Be brief.;user:Hi\n\nHi;assistant:Hello;system:Be brief.;user:<tool_response>\n3\n</tool_response>\n\n<tool_response>\n3\n</tool_response>;',
    );
    expect(render(`${template}{{ .Tools }}`, [ask, answered, answered])).toBe(
      '|user:Hi;tool:3;tool:3;',
    );
  });

  test('fills a gap where it knows how', () => {
    expect(knowsSuffix(templates.GO_CODER)).toBe(true);
    expect(knowsSuffix(templates.GO_CHATML)).toBe(false);
    expect(knowsSuffix('{% if x %}{{ y.Suffix }}{% endif %}')).toBe(false);
    expect(render(templates.GO_CODER, [system, ask], { suffix: 'END' })).toBe(
      '<|fim_prefix|>Hi<|fim_suffix|>END<|fim_middle|>',
    );
    expect(render(templates.GO_CODER, [ask])).toBe('user: Hi\nassistant: ');
  });

  test('goes through tools, their parameters and calls', () => {
    const template =
      '{{ range .Tools }}{{ .Type }} {{ .Function.Name }}: {{ .Function.Description }} {{ .Function.Parameters.Required }}' +
      '{{ range $name, $p := .Function.Parameters.Properties }} {{ $name }} {{ $p.Type }} {{ toTypeScriptType $p }}{{ end }}{{ end }} {{ .Tools }}' +
      '{{ range .Messages }}{{ range .ToolCalls }}{{ .Function.Index }}{{ range $k, $v := .Function.Arguments }} {{ $k }}={{ $v }}{{ end }}{{ end }}{{ end }}';
    expect(render(template, [ask, called], { tools: [ADD] })).toBe(
      'function add: Adds [a] a number number ' +
        `${JSON.stringify([{ type: 'function', function: ADD }])}0 a=<1> b=2`,
    );
  });

  test.each([
    ['{{ range 1000000000 }}{{ end }}{{ .Messages }}', 'does not come to an end'],
    ['{{ define "x" }}{{ template "x" }}{{ end }}{{ template "x" }}', 'more than 50 deep'],
    ['{{ range .Messages }}{{ .Nothing }}{{ end }}', "can't evaluate field Nothing in a message"],
    ['{{ .Prompt', 'unclosed action'],
    ['{{ if .Messages }}{{ end }}', 'it gives no text'],
  ])('%s is refused in words', (template, words) => {
    expect(() => render(template, [ask])).toThrow(
      expect.objectContaining({
        code: 'not_supported',
        message: expect.stringMatching(
          new RegExp(`^The model's chat template .*${words}.*Use another model`),
        ) as string,
      }),
    );
  });

  test('a chat of 2,000 messages is within the bounds', () => {
    const messages = Array.from({ length: 2001 }, (_, at) => (at % 2 === 0 ? ask : reply));
    expect(render(templates.GO_QWEN3, messages).split('<|im_start|>')).toHaveLength(2003);
    expect(render(templates.GO_CHATML, messages).split('<|im_start|>')).toHaveLength(2003);
  });
});

test.each([
  [
    'Gemma',
    templates.GEMMA3,
    '<s><start_of_turn>user\nBe brief.\n\nHi<end_of_turn>\n<start_of_turn>model\n',
  ],
  ['SmolLM 2', templates.SMOLLM2, im('system', 'Be brief.') + im('user', 'Hi') + OPEN],
  [
    'Granite',
    templates.GRANITE,
    '<|role|>system<|end|>Be brief.<|eot|>\n<|role|>user<|end|>Hi<|eot|>\n<|role|>assistant<|end|>',
  ],
])('a system text and a question by %s', (_, template, text) => {
  expect(render(template, [system, ask])).toBe(text);
});
