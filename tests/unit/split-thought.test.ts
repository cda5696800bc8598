/** Replies of an earlier build, whose thoughts stand between tags. */
import { expect, it } from 'vitest';
import { parseMessage } from '../../src/lib/storage/message-guard';

function read(content: string, more: object = {}) {
  const message = { id: 'm', conversationId: 'c', parentId: null, createdAt: 1, state: 'done' };
  const record = parseMessage({ ...message, role: 'assistant', content, ...more });
  return { thinking: record?.thinking, content: record?.content };
}

it.each<[string, string, { thinking?: string; content: string }]>([
  ['an answer', 'Hi', { content: 'Hi' }],
  ['a thought and an answer', '<think>\nHm\n</think>\n\nHi', { thinking: 'Hm', content: 'Hi' }],
  ['a thought that was stopped', '<think>\nHm', { thinking: 'Hm', content: '' }],
  ['an answer that names the tags', 'Hi <think>\n', { content: 'Hi <think>\n' }],
])('%s', (_what, content, expected) => {
  expect(read(content)).toEqual({ thinking: undefined, ...expected });
});

it('leaves what a person wrote as it is', () => {
  expect(read('<think>\nHm', { role: 'user' })).toEqual({
    thinking: undefined,
    content: '<think>\nHm',
  });
});

it('keeps a thought that has a place of its own', () => {
  expect(read('Hi', { thinking: 'Hm' })).toEqual({ thinking: 'Hm', content: 'Hi' });
});
