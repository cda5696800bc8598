/** What a model thinks, told from what it answers, however the reply is cut. */
import { describe, expect, it, test } from 'vitest';
import type { ChatMessage, EngineChunk } from '#core/engine';
import {
  endsInThought,
  hasThought,
  thinkTags,
  withThinking,
} from '../../workers/runner/chat/thinking';
import { cuts, piecesOf, said } from '../fixtures/in-pieces';

const TAGS = { open: '<think>', close: '</think>' };

test.each([
  ['{% if x %}<think>{% endif %}', '<think>'],
  ["{{ content.split('</think>')[-1] }}", '<think>'],
  ['{{ if .Thinking }}<thinking>{{ .Thinking }}</thinking>{{ end }}', '<thinking>'],
  ['[THINK]{{ x }}[/THINK]', '[THINK]'],
  ['{% if enable_thinking %}x{% endif %}', '<think>'],
  ['{{ if .IsThinkSet }}{{ .Thinking }}{{ end }}', '<think>'],
])('the tags of %s', (template, open) => {
  expect(thinkTags(template)?.open).toBe(open);
});

test('a template that speaks of no thoughts has no tags', () => {
  expect(thinkTags('{% for m in messages %}I think{% endfor %}')).toBeUndefined();
});

describe('a reply', () => {
  test.each<[string, boolean, string, string]>([
    ['<think>Hm.</think>Yes', false, 'Hm.', 'Yes'],
    [' \n<think>\nHm.\n\nSo.\n</think>\n\nYes \n', false, 'Hm.\n\nSo.', 'Yes \n'],
    ['<think>\n\n</think>\n\nYes', false, '', 'Yes'],
    ['Hm.\n</think>\n\nYes', true, 'Hm.', 'Yes'],
    ['\n Hm.', true, 'Hm.', ''],
    ['<think>Hm.</think>Yes', true, 'Hm.', 'Yes'],
    ['</think>Yes', true, '', 'Yes'],
    ['<think>never closed </thin', false, 'never closed </thin', ''],
    ['<think> \n', false, '', ''],
    ['<think>a < b </ think> </thinker>', false, 'a < b </ think> </thinker>', ''],
    ['Yes <think>no</think>', false, '', 'Yes <think>no</think>'],
    ['  Yes', false, '', '  Yes'],
    ['<thin', false, '', '<thin'],
    ['<thought>x', false, '', '<thought>x'],
    ['<think>a</think>b</think>c<think>', false, 'a', 'b</think>c<think>'],
    ['<think>思う 🤔</think>はい', false, '思う 🤔', 'はい'],
    ['', false, '', ''],
  ])('%j, open: %s', async (text, open, thinking, content) => {
    for (const pieces of cuts(text)) {
      const all = await said(withThinking(piecesOf(pieces), TAGS, open));
      expect({ ...all, pieces }).toEqual({ thinking, content, calls: [], pieces });
    }
  });

  it('goes on with a thought as it was, blanks too', async () => {
    const text = ' so\n\nfar.\n</think>\n\nYes';
    for (const pieces of cuts(text)) {
      const all = await said(withThinking(piecesOf(pieces), TAGS, true, true));
      expect(all).toMatchObject({ thinking: ' so\n\nfar.', content: 'Yes' });
    }
  });

  it('is given out as it comes, but for what may be a tag', async () => {
    const told: string[][] = [];
    const pieces = ['<think>', 'One ', 'two', '</', 'b></think', '>', '\n', 'Yes', ' no'];
    for await (const chunk of withThinking(piecesOf(pieces), TAGS, false)) {
      if (chunk.type === 'delta') told.push([chunk.thinking ?? '', chunk.content]);
    }
    expect(told).toEqual([
      ['One', ''],
      [' two', ''],
      ['</b>', ''],
      ['', 'Yes'],
      ['', ' no'],
    ]);
  });

  it('keeps the count of tokens and the probabilities of what is held', async () => {
    async function* chunks(): AsyncGenerator<EngineChunk> {
      yield { type: 'delta', content: '<thi', tokens: 2 };
      yield { type: 'delta', content: 'nk>', logprobs: [] };
      yield { type: 'delta', content: '' };
      yield { type: 'delta', content: 'a', ids: [7] };
    }
    const told: EngineChunk[] = [];
    for await (const chunk of withThinking(chunks(), TAGS, false)) told.push(chunk);
    expect(told).toEqual([
      { type: 'delta', content: '', tokens: 2 },
      { type: 'delta', content: '', logprobs: [] },
      { type: 'delta', content: '', thinking: 'a', ids: [7] },
    ]);
  });
});

describe('a prompt ends inside a thought', () => {
  const ask: ChatMessage = { role: 'user', content: '<think>' };
  const begun = (content: string, thinking?: string): ChatMessage[] => [
    ask,
    { role: 'assistant', content, ...(thinking && { thinking }) },
  ];
  test.each<[string, string, ChatMessage[], boolean]>([
    ['where it writes the tag last', '<|assistant|><think>\n', [ask], true],
    ['not where a question has it', '<think><|assistant|>', [ask], false],
    ['where a thought is gone on with', 'x', begun('', 'Hm'), true],
    ['where a text is, which has begun one', 'x', begun(' <think>Hm'), true],
    ['not behind it', 'x', begun('Yes', 'Hm'), false],
    ['not behind it, in a text', 'x', begun('<think>Hm</think>Y'), false],
  ])('%s', (_what, prompt, messages, inside) => {
    expect(endsInThought(prompt, messages, TAGS)).toBe(inside);
  });

  test.each<[string, ChatMessage[], boolean]>([
    ['with none of its words', [ask], false],
    ['with the tag alone', begun('<think>\n'), false],
    ['with words', begun('', 'Hm'), true],
    ['with words in the text', begun('<think>\nHm'), true],
  ])('%s', (_what, messages, words) => {
    expect(hasThought(messages, TAGS)).toBe(words);
  });
});
