/** A reply that thinks, as a chat keeps it. */
import { expect, it } from 'vitest';
import { Thoughts } from '../../src/lib/state/thoughts';

interface Piece {
  thinking?: string;
  content: string;
}

const think = (thinking: string): Piece => ({ thinking, content: '' });
const say = (content: string): Piece => ({ content });

function whole(written: string, pieces: Piece[]): string {
  const thoughts = new Thoughts(written);
  return pieces.reduce((text, piece) => text + thoughts.take(piece), written);
}

it.each<[string, string, Piece[], string]>([
  ['an answer', '', [say('Hi'), say('!')], 'Hi!'],
  [
    'a thought and an answer',
    '',
    [think('Well'), think(', hm'), say('Hi'), say('!')],
    '<think>\nWell, hm\n</think>\n\nHi!',
  ],
  ['both in one piece', '', [{ thinking: 'Hm', content: 'Hi' }], '<think>\nHm\n</think>\n\nHi'],
  [
    'a thought that was stopped, gone on with',
    '<think>\nWell',
    [think(', hm'), say('Hi')],
    '<think>\nWell, hm\n</think>\n\nHi',
  ],
  [
    'an answer that was stopped behind its thought',
    '<think>\nWell\n</think>\n\nHi',
    [say('!')],
    '<think>\nWell\n</think>\n\nHi!',
  ],
])('%s', (_what, written, pieces, expected) => {
  expect(whole(written, pieces)).toBe(expected);
});
