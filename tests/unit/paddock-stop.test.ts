import { describe, expect, it } from 'vitest';
import type { EngineChunk, TokenLogprob } from '#core/engine';
import { ReplyText } from '../../workers/runner/engines/paddock/generate/reply-text';
import { StopStrings } from '../../workers/runner/engines/paddock/generate/stop';

/** All ways to cut `text` in up to three. */
function* splits(text: string): Generator<string[]> {
  for (let a = 0; a <= text.length; a++) {
    for (let b = a; b <= text.length; b++)
      yield [text.slice(0, a), text.slice(a, b), text.slice(b)];
  }
}

function read(stops: string[], pieces: string[]): { text: string; stopped: boolean } {
  const strings = new StopStrings(stops);
  const text = pieces.map((piece) => strings.push(piece)).join('');
  return { text: text + strings.flush(), stopped: strings.stopped };
}

describe('stop strings', () => {
  it.each([
    [['STOP'], 'Go on. STOP here', 'Go on. ', true],
    [['STOP'], 'STO P SSTOP', 'STO P S', true],
    [['STOP'], 'no end STO', 'no end STO', false],
    [['abab'], 'aababab', 'a', true],
    [['aab'], 'aaab', 'a', true],
    [['\n\n', 'User:'], 'one\nUser: two', 'one\n', true],
    [['abc', 'b'], 'xabc', 'xa', true],
    [['b', 'abc'], 'xabc', 'xa', true],
    [['bc', 'abc'], 'xabcd', 'x', true],
    [['', '👋'], 'hi 👌 👋!', 'hi 👌 ', true],
    [[], 'all of it', 'all of it', false],
  ])('%j in %j leave %j at all splits', (stops, text, left, stopped) => {
    for (const pieces of splits(text)) expect(read(stops, pieces)).toEqual({ text: left, stopped });
    expect(read(stops, [...text])).toEqual({ text: left, stopped });
  });

  it('hold back only what may be their beginning', () => {
    const strings = new StopStrings(['<end>', 'dx']);
    expect(strings.push('a <e')).toBe('a ');
    expect(strings.push('n')).toBe('');
    expect(strings.push('d of')).toBe('<end of');
    expect(strings.push('d')).toBe('');
    expect(strings.flush()).toBe('d');
    expect(strings.flush()).toBe('');
  });

  it('give out nothing more once one has come', () => {
    const strings = new StopStrings(['.']);
    expect(strings.push('a.b')).toBe('a');
    expect(strings.push('c')).toBe('');
    expect(strings.flush()).toBe('');
  });
});

describe('the text of a reply', () => {
  const logprob = (token: string): TokenLogprob => ({
    token,
    bytes: [],
    logprob: -1,
    top_logprobs: [],
  });
  const bytes = (text: string) => new TextEncoder().encode(text);
  const tokens = (chunk: EngineChunk | undefined) =>
    chunk?.type === 'delta' ? chunk.logprobs?.map(({ token }) => token) : undefined;

  it('never splits a character', () => {
    const text = 'é€👩‍👩‍👧 한';
    const reply = new ReplyText([]);
    const pieces = [...bytes(text)].map((byte) => reply.push(Uint8Array.of(byte))?.content ?? '');
    expect(pieces.join('')).toBe(text);
    expect(pieces.filter(Boolean).every((piece) => piece.isWellFormed())).toBe(true);
    expect(pieces.filter(Boolean)).toHaveLength([...text].length);
  });

  it('drops a character that was cut at the end, and shows a broken one', () => {
    const reply = new ReplyText([]);
    expect(reply.push(Uint8Array.of(0xff, 0x41))?.content).toBe('\ufffdA');
    expect(reply.push(bytes('👋').subarray(0, 2))).toBeUndefined();
    expect(reply.flush()).toBeUndefined();
  });

  it('sends log-probabilities with the text of their tokens', () => {
    const reply = new ReplyText(['STOP']);
    const [head, tail] = [bytes('👋').subarray(0, 2), bytes('👋').subarray(2)];
    expect(reply.push(head, logprob('h'))).toBeUndefined();
    expect(tokens(reply.push(tail, logprob('t')))).toEqual(['h', 't']);
    expect(reply.push(bytes('S'), logprob('S'))).toBeUndefined();
    const released = reply.push(bytes('aST'), logprob('aST'));
    expect(released).toMatchObject({ content: 'Sa' });
    expect(tokens(released)).toEqual(['S', 'aST']);
    expect(reply.push(bytes('OP!'), logprob('OP!'))).toBeUndefined();
    expect(reply.flush()).toBeUndefined();
  });

  it('keeps the log-probability of a token that is still held back', () => {
    const reply = new ReplyText(['STOP']);
    expect(reply.push(bytes('S'), logprob('first'))).toBeUndefined();
    expect(tokens(reply.push(bytes('S'), logprob('second')))).toEqual(['first']);
    expect(tokens(reply.flush())).toEqual(['second']);
  });
});
