/** The figures of a whole chat, and words for its tokens. */
import { describe, expect, it } from 'vitest';
import { chatFigures } from '../../src/lib/ui/chat/chat-figures';
import { percentText, tintOf, tokenText } from '../../src/lib/ui/chat/token-text';

const stats = (replyTokens: number, evalMs: number, promptTokens?: number) => ({
  ...{ measured: 'engine' as const, reason: 'stop' as const, replyTokens, evalMs },
  ...(promptTokens === undefined ? {} : { promptTokens }),
});
const likely = (share: number, token = 'a', bytes: number[] = []) => ({
  ...{ token, bytes, logprob: Math.log(share) },
});

describe('figures of a chat', () => {
  it('adds up what its replies measured', () => {
    const figures = chatFigures([
      { role: 'user' },
      { role: 'assistant', model: 'a', stats: stats(30, 1000, 12), thinkingMs: 500 },
      { role: 'user' },
      { role: 'assistant', model: 'b', stats: stats(10, 3000, 60) },
      { role: 'assistant', model: 'a' },
    ]);
    expect(figures).toEqual({
      ...{ messages: 5, replies: 3, read: 72, written: 40, writingMs: 4000, thinkingMs: 500 },
      ...{ rate: 10, about: false, models: ['a', 'b'] },
    });
  });

  it('claims no speed where nothing was measured, and says what is its own count', () => {
    expect(chatFigures([{ role: 'user' }]).rate).toBeNull();
    const own = { ...stats(3, 100), measured: 'page' as const };
    expect(chatFigures([{ role: 'assistant', stats: own }]).about).toBe(true);
  });
});

describe('words for tokens', () => {
  it('shows white space, and parts of a character as bytes', () => {
    expect(tokenText(likely(1, ' the\n'))).toBe('␣the⏎');
    expect(tokenText(likely(1, '', [0xe2, 0x0a]))).toBe('<E2><0A>');
    expect(tokenText(likely(1, '\uFFFD', [0xf0]))).toBe('<F0>');
  });

  it('writes percent as finely as it means something', () => {
    expect([1, 0.968, 0.0412, 0.0004].map((share) => percentText(likely(share)))).toEqual([
      ...['100 %', '97 %', '4.1 %', '< 0.1 %'],
    ]);
  });

  it('tints by how unlikely', () => {
    expect([0.95, 0.7, 0.4, 0.2, 0.01].map((share) => tintOf(likely(share)))).toEqual([
      ...[0, 1, 2, 3, 4],
    ]);
  });
});
