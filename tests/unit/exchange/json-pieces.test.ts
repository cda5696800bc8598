import { expect, it } from 'vitest';
import { JsonPieces, parseJson, type Piece } from '#core/exchange/json-pieces';
import { chatItem } from '#core/exchange/paddock-json';
import { chatGptChat, llamaCppChat, randomChat } from '../../fixtures/exchange-chats';

function pieces(text: string, step: number): Piece[] {
  const reader = new JsonPieces();
  const all: Piece[] = [];
  for (let at = 0; at < text.length; at += step)
    all.push(...reader.feed(text.slice(at, at + step)));
  expect(reader.complete).toBe(true);
  return all;
}

const DOCUMENTS = [
  '{}',
  '[]',
  '{"a":[],"b":{},"c":[[],{}],"d":null,"e":-1.5e3,"f":"]}\\"\\\\","g" : [1, "x" ,true]}',
  '[1,"a",[2,[3]],{"a":{"b":[1]}},null]\n[2]\n{"a":1}{"b":[2]}',
  JSON.stringify([chatGptChat(), llamaCppChat()], null, 3),
  `[${chatItem(randomChat(5))},${chatItem(randomChat(6))}]`,
];

it('wherever the text is cut, the pieces are the same', () => {
  for (const text of DOCUMENTS) {
    const whole = pieces(text, text.length);
    for (const step of [1, 2, 3, 7, 64]) expect(pieces(text, step)).toEqual(whole);
  }
});

it('together are what JSON.parse reads', () => {
  for (const text of DOCUMENTS.filter((one) => !one.includes('\n[2]'))) {
    const expected: unknown = JSON.parse(text);
    const object: Record<string, unknown> = {};
    const list: unknown[] = [];
    for (const piece of pieces(text, 5)) {
      if (piece.type === 'end') continue;
      const value = parseJson(piece.text);
      if (piece.key === null) list.push(value);
      else if (piece.item) ((object[piece.key] ??= []) as unknown[]).push(value);
      else object[piece.key] = value;
    }
    // A list without items is no piece.
    if (text.startsWith('{"a":[]')) object.a = [];
    expect(Array.isArray(expected) ? list : object).toEqual(expected);
  }
});
