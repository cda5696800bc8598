import { describe, expect, test } from 'vitest';
import type { ChatMessage } from '#core/engine';
import { renderPrompt } from '../../workers/runner/chat/render';

const NOW = new Date(2025, 2, 7, 9, 5);
const system: ChatMessage = { role: 'system', content: 'Be brief.' };
const user: ChatMessage = { role: 'user', content: 'Hi' };
const reply: ChatMessage = { role: 'assistant', content: 'Hello' };

function render(template: string, messages: ChatMessage[], bos = '<s>', eos = '</s>') {
  return renderPrompt({ template, messages, bos, eos, now: NOW });
}

const LLAMA3 = `{{- bos_token }}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content'] | trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{{- "Today Date: " + strftime_now("%d %b %Y") + "\\n\\n" }}
{{- system_message + "<|eot_id|>" }}
{%- for message in messages %}
    {{- '<|start_header_id|>' + message.role + '<|end_header_id|>\\n\\n' + message.content | trim + '<|eot_id|>' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}`;
const LLAMA3_HEAD =
  '<s><|start_header_id|>system<|end_header_id|>\n\nToday Date: 07 Mar 2025\n\nBe brief.<|eot_id|>' +
  '<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n';

const MISTRAL = `{{ bos_token }}{% for message in messages %}
{% if (message.role == 'user') != (loop.index0 % 2 == 0) %}
{{ raise_exception('Roles must alternate.') }}
{% endif %}
{% if message.role == 'user' %}{{ '[INST] ' + message.content + ' [/INST]' }}
{%- else %}{{ ' ' + message.content + eos_token }}{%- endif %}
{% endfor %}`;

const QWEN = `{% if messages[0].role != 'system' %}{{ '<|im_start|>system\\nYou help.<|im_end|>\\n' }}{% endif %}
{%- if tools %}{{ tools | tojson }}{% endif %}
{%- set ns = namespace(last=messages|length - 1) %}
{%- for message in messages[::-1] %}
  {%- if message.role == 'user' and message.content is string %}{% set ns.last = messages|length - 1 - loop.index0 %}{% endif %}
{%- endfor %}
{%- for message in messages %}
  {%- if '</think>' in message.content %}{% set content = message.content.split('</think>')[-1].lstrip('\\n') %}
  {%- else %}{% set content = message.content %}{% endif %}
  {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{% endif %}`;

describe('a chat in the format of', () => {
  test('Llama 3, with its date', () => {
    expect(render(LLAMA3, [system, user])).toBe(LLAMA3_HEAD);
  });

  test('Mistral, which writes no header for a reply', () => {
    expect(render(MISTRAL, [user])).toBe('<s>[INST] Hi [/INST]');
    expect(render(MISTRAL, [user, reply, user])).toBe(
      '<s>[INST] Hi [/INST] Hello</s>[INST] Hi [/INST]',
    );
  });

  test('Qwen, with namespaces, slices and methods', () => {
    const thought: ChatMessage = { role: 'assistant', content: '<think>x</think>\n\nHello' };
    expect(render(QWEN, [user, thought, user])).toBe(
      '<|im_start|>system\nYou help.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n' +
        '<|im_start|>assistant\nHello<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n',
    );
  });
});

describe('a final assistant message is continued', () => {
  test.each([
    ['Llama 3', LLAMA3, [system, user], LLAMA3_HEAD],
    ['Mistral', MISTRAL, [user], '<s>[INST] Hi [/INST]'],
    ['Qwen', QWEN, [system, user], render(QWEN, [system, user])],
  ])('%s', (_, template, messages, head) => {
    for (const content of ['Hello', '', 'Two words ', '<think>not yet']) {
      const text = render(template, [...messages, { role: 'assistant', content }]);
      expect(text).toBe(head + content);
    }
  });
});

test('a template that raises says why, and blames the messages', () => {
  expect(() => render(MISTRAL, [user, user])).toThrow(
    expect.objectContaining({
      code: 'bad_request',
      message: "The model's chat template refuses these messages: Roles must alternate.",
    }),
  );
});

test.each([
  ['a syntax error', '{% for x in %}'],
  ['a block that is not closed', '{% if true %}x'],
  ['nothing', ''],
  ['blanks that come to nothing', '{% set x = 1 %}'],
  ['an unknown filter', "{% set x = 1 %}{{ 'x' | no_such_filter }}"],
  ['a huge range', '{% for i in range(1000000000) %}x{% endfor %}'],
  ['a range without a step', '{% for i in range(1, 5, 0) %}x{% endfor %}'],
  [
    'loops in loops',
    '{% for a in range(9999) %}{% for b in range(9999) %}{{ a }}{% endfor %}{% endfor %}',
  ],
  [
    'empty loops in loops over a list',
    '{% set l = range(99999) %}{% for a in l %}{% for b in l %}{% endfor %}{% endfor %}x',
  ],
  [
    'a text that doubles',
    '{% set n = namespace(s="xxxxxxxx") %}{% for i in range(60) %}{% set n.s = n.s ~ n.s %}{% endfor %}{{ n.s }}',
  ],
  ['more than 128 KiB', `{% set x = 1 %}{# ${'x '.repeat(65_536)} #}x`],
  ['a run of blanks', `{% set x = 1 %}x${' '.repeat(80_000)}y`],
  [
    'a text that is split again and again',
    '{% set n = namespace(s="b", l=[]) %}{% for i in range(20) %}{% set n.s = n.s ~ n.s %}{% endfor %}' +
      "{% for i in range(500) %}{% set n.l = n.s.split('b') %}{% endfor %}x",
  ],
  [
    'a text that is replaced letter by letter again and again',
    '{% set n = namespace(s="b") %}{% for i in range(20) %}{% set n.s = n.s ~ n.s %}{% endfor %}' +
      "{% for i in range(500) %}{% set t = n.s.replace('b', 'c') %}{% endfor %}x",
  ],
  [
    'a long text that is cut again and again',
    '{% set n = namespace(s="b") %}{% for i in range(20) %}{% set n.s = n.s ~ n.s %}{% endfor %}' +
      '{% for i in range(500) %}{% set t = n.s[0:1] %}{% endfor %}x',
  ],
  [
    'a list that is copied again and again',
    '{% set l = range(99999) %}{% for i in range(2000) %}{% set t = l[::-1] %}{% endfor %}x',
  ],
  [
    'a list that holds itself many times, written out',
    '{% set n = namespace(l=[1]) %}{% for i in range(40) %}{% set n.l = [n.l, n.l] %}{% endfor %}{{ n.l | tojson }}',
  ],
  [
    'namespaces that hold one another many times, written out',
    '{% set n = namespace(l=1) %}{% for i in range(40) %}{% set n.l = namespace(a=n.l, b=n.l) %}{% endfor %}' +
      "{{ '' ~ n.l }}",
  ],
  ['a namespace in itself', '{% set n = namespace() %}{% set n.n = n %}{{ n | tojson }}'],
  [
    'long texts that are sorted again and again',
    '{% set n = namespace(s="b") %}{% for i in range(16) %}{% set n.s = n.s ~ n.s %}{% endfor %}' +
      '{% set l = [n.s, n.s ~ 1, n.s ~ 2, n.s ~ 3] %}{% for i in range(2000) %}{% set t = l | sort %}{% endfor %}x',
  ],
  ['a macro that calls itself', '{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}'],
  [
    'a macro that calls itself twice',
    '{% macro f(n) %}{% if n > 0 %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}',
  ],
  [
    'a long text that is searched again and again',
    '{% set n = namespace(s="b") %}{% for i in range(22) %}{% set n.s = n.s ~ n.s %}{% endfor %}' +
      "{% set u = n.s ~ 'c' %}{% for i in range(500) %}{% if u in n.s ~ n.s %}{% endif %}{% endfor %}x",
  ],
  [
    'a long text with capitals again and again',
    '{% set n = namespace(s="b ") %}{% for i in range(20) %}{% set n.s = n.s ~ n.s %}{% endfor %}' +
      '{% for i in range(500) %}{% set t = n.s | title %}{% set t = n.s.title() %}{% endfor %}x',
  ],
])(
  'a template with %s is refused in words',
  (_, template) => {
    expect(() => render(template, [user])).toThrow(
      expect.objectContaining({
        code: 'not_supported',
        message: expect.stringMatching(/^The model's chat template .*Use another model/s) as string,
      }),
    );
  },
  20_000,
);

test('a text that grows with each message is within the bounds', () => {
  const messages = Array.from({ length: 2000 }, () => ({ ...user, content: 'x'.repeat(100) }));
  const template =
    "{% set n = namespace(s='') %}{% for m in messages %}{% set n.s = n.s + m.content | trim %}{% endfor %}{{ n.s }}";
  expect(render(template, messages)).toHaveLength(200_000);
});

test('long messages are within the bounds', () => {
  const messages = [0, 1, 2].map(() => ({ ...user, content: 'word '.repeat(200_000) }));
  expect(render(QWEN, messages).length).toBeGreaterThan(3_000_000);
});

test('a chat of 2,000 messages is within the bounds', () => {
  const messages = Array.from({ length: 2001 }, (_, at) => (at % 2 === 0 ? user : reply));
  expect(render(QWEN, messages).split('<|im_start|>')).toHaveLength(2004);
});

test('the same months in every language, and fields that Python leaves', () => {
  expect(render('{{ strftime_now("%A %d. %B %y %H:%M %% %Q") }}', [user])).toBe(
    'Friday 07. March 25 09:05 % %Q',
  );
});
