import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Chat } from '#core/exchange/chat';
import { closeDatabase, withDatabase } from '../../../src/lib/storage/database';
import { writeExtra } from '../../../src/lib/storage/exchange-extras';
import { readChat } from '../../../src/lib/storage/exchange-read';
import { writeChat } from '../../../src/lib/storage/exchange-write';
import { changeConversation } from '../../../src/lib/storage/conversations';
import { listMessages } from '../../../src/lib/storage/messages';
import { randomChat } from '../../fixtures/exchange-chats';

const allIds = () => withDatabase((db) => db.getAllKeys('conversations'));
const countOf = (store: 'messages' | 'attachments') => withDatabase((db) => db.count(store));

/** With other objects, as another reading of the file has them. */
const again = (chat: Chat) => structuredClone(chat);

beforeEach(async () => {
  await closeDatabase();
  globalThis.indexedDB = new IDBFactory();
});

describe('a chat from a file', () => {
  it('is in the database as it was, whatever its tree', async () => {
    for (let seed = 0; seed < 30; seed++) {
      const chat = randomChat(seed);
      expect(await writeChat(again(chat))).toEqual({ id: `chat-${seed}`, outcome: 'new' });
      const back = await readChat(`chat-${seed}`);
      const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
      expect(back?.conversation).toEqual(chat.conversation);
      expect(back?.messages.sort(byId)).toEqual(chat.messages.sort(byId));
      expect(back?.files.sort(byId)).toEqual(chat.files.sort(byId));
    }
  });

  it('is not doubled when it comes again', async () => {
    const chat = randomChat(7);
    await writeChat(again(chat));
    const before = [await countOf('messages'), await countOf('attachments')];
    expect(await writeChat(again(chat))).toMatchObject({ outcome: 'here' });
    expect([await countOf('messages'), await countOf('attachments')]).toEqual(before);
  });

  it('brings the messages that are lacking', async () => {
    const chat = randomChat(4);
    const [first, ...rest] = again(chat).messages;
    await writeChat({ ...again(chat), messages: [first!] });
    expect(rest.length).toBeGreaterThan(0);
    expect(await writeChat(again(chat))).toMatchObject({ outcome: 'completed' });
    expect(await listMessages('chat-4')).toHaveLength(chat.messages.length);
  });

  it('that differs stands beside the one that is here, once', async () => {
    const chat = randomChat(9);
    await writeChat(again(chat));
    const other = again(chat);
    other.messages[0]!.content = 'something else';
    const copy = await writeChat(again(other));
    expect(copy).toMatchObject({ outcome: 'copied' });
    expect(await writeChat(again(other))).toEqual({ id: copy!.id, outcome: 'here' });
    expect(await allIds()).toHaveLength(2);
    const back = await readChat(copy!.id);
    const ids = new Set(back!.messages.map(({ id }) => id));
    expect(back!.messages.some(({ content }) => content === 'something else')).toBe(true);
    expect(back!.messages.every(({ parentId }) => parentId === null || ids.has(parentId))).toBe(
      true,
    );
    expect(ids.has(back!.conversation.leaf!)).toBe(true);
    const files = new Set(back!.files.map(({ id }) => id));
    expect(
      back!.messages.flatMap(({ attachments = [] }) => attachments).every((id) => files.has(id)),
    ).toBe(true);
    expect((await readChat('chat-9'))!.messages).toHaveLength(chat.messages.length);
  });

  it('whose ids another chat has takes none of them', async () => {
    const [here, comes] = [randomChat(1), randomChat(2)];
    await writeChat(again(here));
    comes.messages[0]!.id = here.messages[0]!.id;
    for (const one of comes.messages.slice(1)) one.parentId = null;
    expect(await writeChat(again(comes))).toMatchObject({ outcome: 'copied' });
    expect((await readChat('chat-1'))!.messages).toHaveLength(here.messages.length);
  });

  it('that is in the trash here is not lost with it', async () => {
    const chat = randomChat(5);
    await writeChat(again(chat));
    await changeConversation('chat-5', { deletedAt: 1 });
    expect(await readChat('chat-5')).toBeNull();
    expect(await writeChat(again(chat))).toMatchObject({ outcome: 'copied' });
  });

  it('leaves a page that calls itself a picture no type of its own', async () => {
    const chat = randomChat(0);
    const common = { id: 'evil', conversationId: 'chat-0', name: 'x.png', createdAt: 1, size: 1 };
    chat.files = [{ ...common, kind: 'image', type: 'text/html', bytes: Uint8Array.of(60) }];
    await writeChat(chat);
    const stored = await withDatabase((db) => db.get('attachments', 'evil'));
    expect(stored?.type).toBe('image/png');
  });
});

describe('what a backup has beside chats', () => {
  const prompt = { id: 'p', name: 'sum', text: 'Sum up {{it}}', updatedAt: 1 };
  const side = { model: 'a', content: 'b' };

  it('is written once, and what is here stays', async () => {
    expect(await writeExtra('prompts', prompt)).toBe('new');
    expect(await writeExtra('prompts', prompt)).toBe('here');
    expect(await writeExtra('prompts', { ...prompt, text: 'other' })).toBe('kept');
    expect(await withDatabase((db) => db.get('prompts', 'p'))).toEqual(prompt);
  });

  it.each([
    ['folders', { id: 'f', name: 'Folder', createdAt: 1 }],
    ['votes', { id: 'v', createdAt: 1, prompt: 'p', sides: [side, side], vote: 'tie' }],
    [
      'drafts',
      {
        id: '',
        text: 'half',
        attachments: [],
        queue: [{ text: 'q', attachments: [] }],
        updatedAt: 1,
      },
    ],
  ] as const)('%s', async (kind, record) => {
    expect(await writeExtra(kind, record)).toBe('new');
    expect(await withDatabase((db) => db.get(kind, record.id))).toEqual(record);
    expect(await writeExtra(kind, { ...record, id: 7 })).toBe('bad');
    expect(await writeExtra(kind, null)).toBe('bad');
  });
});
