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
});
