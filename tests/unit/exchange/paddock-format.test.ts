import { describe, expect, it } from 'vitest';
import type { Chat } from '#core/exchange/chat';
import { chatFileJson, chatItem, chatsFrame, manifestJson } from '#core/exchange/paddock-json';
import { ZipWriter } from '#core/exchange/zip-write';
import { randomChat } from '../../fixtures/exchange-chats';
import { readChats } from '../../fixtures/read-chats';

function json(chats: Chat[]): string {
  const { before, between, after } = chatsFrame([{ id: 'f', name: 'Folder', createdAt: 1 }]);
  return before + chats.map((one) => chatItem(one)).join(between) + after;
}

const seeds = Array.from({ length: 60 }, (_, seed) => seed);

describe('our own JSON', () => {
  it('comes back as it was, whatever its trees and texts', async () => {
    const chats = seeds.map((seed) => randomChat(seed));
    const read = await readChats(json(chats));
    expect(read.chats).toEqual(chats);
    expect(read.extras).toEqual([
      { kind: 'folders', value: { id: 'f', name: 'Folder', createdAt: 1 } },
    ]);
    expect(read).toMatchObject({ format: 'paddock', cut: false, leftOut: [] });
  });

  it('cut at any sixteenth gives the chats before that, and says so', async () => {
    const chats = seeds.slice(0, 8).map((seed) => randomChat(seed));
    const bytes = new TextEncoder().encode(json(chats));
    for (let part = 1; part < 16; part++) {
      const read = await readChats(bytes.slice(0, Math.floor((bytes.length * part) / 16)));
      expect(read.cut).toBe(true);
      expect(read.chats).toEqual(chats.slice(0, read.chats.length));
      expect(read.chats.length).toBeLessThanOrEqual(8);
    }
  });

  it('of a newer Paddock is not guessed at', async () => {
    const newer = json([randomChat(1)]).replace('"version":1', '"version":2');
    await expect(readChats(newer)).rejects.toMatchObject({
      code: 'bad_file',
      message: expect.stringContaining('newer Paddock') as string,
    });
  });

  it('with what no chat has is mended, and every mending counted', async () => {
    const message = { role: 'user', content: 'a', createdAt: 1, parentId: null };
    const conversation = { id: 'c', title: 7, createdAt: -1, updatedAt: 9e99 };
    const messages = [
      { ...message, id: 'a', parentId: 'b' },
      { ...message, id: 'b', parentId: 'a' },
      { ...message, id: 'b' },
      { ...message, id: 'd', parentId: 'gone', createdAt: 9e15 },
      { ...message, id: 'e', role: 'god' },
      'nothing',
    ];
    const text = JSON.stringify({
      paddock: 'chats',
      version: 1,
      chats: [{ conversation, messages }, 7, { conversation, messages: [] }],
    });
    const read = await readChats(text.replace('"title":7', '"__proto__":{"polluted":1}'));
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    const [chat] = read.chats;
    expect(Object.keys(chat!.conversation)).not.toContain('__proto__');
    expect(chat!.messages.map(({ id, parentId }) => [id, parentId])).toEqual([
      ['a', 'b'],
      ['b', null],
      ['d', null],
    ]);
    expect(chat!.conversation).toMatchObject({ createdAt: 0, updatedAt: 1 });
    expect(new Map(read.leftOut)).toEqual(
      new Map([
        ['bad_time', 1],
        ['bad_message', 2],
        ['same_id', 1],
        ['no_parent', 2],
        ['bad_chat', 1],
        ['empty_chat', 1],
      ]),
    );
  });
});

describe('our own ZIP', () => {
  it('comes back as it was, attachments too', async () => {
    const chats = seeds.slice(0, 20).map((seed) => randomChat(seed));
    const zip = new ZipWriter();
    zip.add('paddock.json', manifestJson('chats', 0));
    for (const chat of chats) {
      const paths = new Map(chat.files.map(({ id, kind }) => [id, `attachments/${id}.${kind}`]));
      for (const { id, text, bytes } of chat.files) zip.add(paths.get(id)!, bytes ?? text!);
      zip.add(
        `chats/${chat.conversation.id}.json`,
        chatFileJson(chat, ({ id }) => paths.get(id)!),
      );
    }
    const read = await readChats(zip.finish());
    expect(read.chats).toEqual(chats);
    expect(read).toMatchObject({ format: 'paddock', leftOut: [] });
  });
});
