import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '#core/engine';
import { PaddockError } from '#core/errors';
import { shorten } from '../../workers/host/server/truncate';

const tooLong = (promptTokens: number, contextLength: number) =>
  new PaddockError('context_exceeded', '', { promptTokens, contextLength });

const message = (role: ChatMessage['role'], content: string): ChatMessage => ({ role, content });

describe('shorten', () => {
  const system = message('system', 'rules');
  const last = message('user', 'and now?');

  it('drops from the front, keeps system messages and the last', () => {
    const messages = [message('user', 'a long one'), system, message('assistant', 'b'), last];
    expect(shorten(messages, tooLong(11, 10))).toEqual([system, messages[2], last]);
  });

  it('drops in proportion to the excess', () => {
    const many = Array.from({ length: 10 }, (_, n) => message('user', `message ${n}`));
    expect(shorten(many, tooLong(200, 100))).toHaveLength(5);
  });

  it('gives up when only system messages and the last are left', () => {
    expect(shorten([system, last], tooLong(11, 10))).toBeNull();
  });

  const called = (id: string): ChatMessage => ({
    ...message('assistant', ''),
    toolCalls: [{ id, name: 'look', arguments: { where: 'x'.repeat(50) } }],
  });
  const result = (content: string): ChatMessage => ({
    ...message('tool', content),
    toolName: 'look',
  });

  it('drops a call with its results, however little of it is too much', () => {
    const round = [called('a'), result('one'), result('two')];
    expect(shorten([...round, last], tooLong(1001, 1000))).toEqual([last]);
    expect(shorten([system, ...round, message('user', 'b'), last], tooLong(1001, 1000))).toEqual([
      system,
      message('user', 'b'),
      last,
    ]);
  });

  it('keeps the call whose result is the last message', () => {
    const round = [called('a'), result('one'), result('two')];
    const first = message('user', 'a long one');
    expect(shorten([first, ...round], tooLong(1001, 1000))).toEqual(round);
    expect(shorten(round, tooLong(1001, 1000))).toBeNull();
  });

  it('counts an image as the tokens that it takes', () => {
    const seen = { ...message('user', 'look'), images: [new Uint8Array(1)] };
    const many = Array.from({ length: 4 }, (_, n) => message('user', `message ${n}`));
    expect(shorten([seen, ...many, last], tooLong(200, 100))).toEqual([...many, last]);
  });
});
