/** A conversation as a tree: what is shown, what is told to the model, and what is kept. */
import 'fake-indexeddb/auto';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { Chat } from '../../src/lib/state/chat.svelte';
import { chats } from '../../src/lib/state/chats.svelte';
import { conversations } from '../../src/lib/state/conversations.svelte';
import { boot } from '../../src/lib/state/init.svelte';
import { unsaved } from '../../src/lib/state/unsaved.svelte';
import { listMessages } from '../../src/lib/storage/messages';
import { readConversations } from '../../src/lib/storage/conversations';
import { asked, closePage, ended, freshPage, shown } from '../fixtures/chat-page';
import { openOtherTab, userMessage, type OtherTab } from '../fixtures/other-tab';

vi.mock('$lib/client/ollama', async () => import('../fixtures/chat-page'));
vi.mock('$lib/client/link', () => ({
  link: { connect: () => Promise.reject(new Error('There is no host for figures.')) },
}));

let chat: Chat;
let other: OtherTab | undefined;

beforeEach(async () => {
  other?.close();
  unsaved.drop('');
  await freshPage();
  await boot.start();
  chat = new Chat(null);
});

afterAll(() => {
  other?.close();
  closePage();
});

const say = async (text: string) => {
  chat.send(text, 'fake');
  await ended(chat);
};

const last = () => chat.turns.at(-1)!;

/** The same conversation as a page has it that opens it now. */
async function again(): Promise<Chat> {
  await vi.waitFor(async () => {
    const [record] = await readConversations([chat.id!]);
    expect(record?.leaf).toBe(last().id);
  });
  const read = new Chat(chat.id);
  await read.load();
  return read;
}

it('Regenerate keeps the old reply beside the new, with another model', async () => {
  await say('hello');
  const first = last();
  chat.regenerate('other');
  await ended(chat);
  expect(shown(chat)).toEqual(['U: hello', 'A: You said: hello']);
  expect(last().model).toBe('other');
  expect(chat.versions(last())).toEqual([first, last()]);
  expect(asked[1]).toMatchObject({
    model: 'other',
    messages: [{ role: 'user', content: 'hello' }],
  });
  chat.show(first);
  expect(last()).toBe(first);
  expect((await again()).turns.map(({ id }) => id)).toEqual(chat.turns.map(({ id }) => id));
});

it('an edited message is sent as a version of its own, and the way back is there', async () => {
  await say('/say one');
  await say('/say two');
  const [question] = chat.turns;
  chat.edit(question!, '/say three', 'fake');
  await ended(chat);
  expect(shown(chat)).toEqual(['U: /say three', 'A: three']);
  expect(asked.at(-1)!.messages).toEqual([{ role: 'user', content: '/say three' }]);
  expect(shown(await again())).toEqual(shown(chat));
  chat.show(question!);
  expect(shown(chat)).toEqual(['U: /say one', 'A: one', 'U: /say two', 'A: two']);
  await say('/say four');
  expect(shown(await again())).toEqual([...shown(chat)]);
  expect(chat.turns).toHaveLength(6);
});

it("an edited reply stands beside the model's, and is what the model is told", async () => {
  await say('/say one');
  chat.edit(last(), 'uno', null);
  expect(last()).toMatchObject({ content: 'uno', edited: true, state: 'done', model: 'fake' });
  await say('/say two');
  expect(asked.at(-1)!.messages.map(({ content }) => content)).toEqual([
    '/say one',
    'uno',
    '/say two',
  ]);
  expect((await again()).turns[1]).toMatchObject({ content: 'uno', edited: true });
});

it('what is asked for while a reply streams stops it, and keeps what there is of it', async () => {
  chat.send('/slow', 'fake');
  await vi.waitFor(() => expect(last().content).toContain('w2'));
  const [question, slow] = chat.turns;
  chat.edit(question!, '/say quick', 'fake');
  await ended(chat);
  expect(shown(chat)).toEqual(['U: /say quick', 'A: quick']);
  await vi.waitFor(() => expect(slow!.state).toBe('stopped'));
  const stored = async () => (await listMessages(chat.id!)).find(({ id }) => id === slow!.id);
  await vi.waitFor(async () => expect((await stored())?.state).toBe('stopped'));
  chat.show(slow!);
  expect(shown(chat)[1]).toContain('w2');
});

it('a deleted message takes with it what follows, in every branch, and all comes back', async () => {
  await say('/say one');
  const reply = last();
  await say('/say two');
  await say('/say three');
  chat.regenerate('fake', chat.turns[3]);
  await ended(chat);
  const before = shown(chat);
  const { count, undo } = chat.remove(chat.turns[2]!);
  expect(count).toBe(5);
  expect(shown(chat)).toEqual(['U: /say one', 'A: one']);
  expect(last()).toBe(reply);
  expect((await again()).turns).toHaveLength(2);
  expect(await listMessages(chat.id!)).toHaveLength(2);
  undo();
  expect(shown(chat)).toEqual(before);
  expect(shown(await again())).toEqual(before);
  expect(await listMessages(chat.id!)).toHaveLength(7);
});

it('where one version is deleted, the other is shown', async () => {
  await say('/say one');
  chat.edit(last(), 'uno', null);
  chat.remove(last());
  expect(shown(chat)).toEqual(['U: /say one', 'A: one']);
});

it('a reply that is deleted while it streams does not come back by itself', async () => {
  chat.send('/slow', 'fake');
  await vi.waitFor(() => expect(last().content).toContain('w2'));
  const { undo } = chat.remove(last());
  await vi.waitFor(() => expect(chat.reply).toBeNull());
  await vi.waitFor(async () => expect(await listMessages(chat.id!)).toHaveLength(1));
  undo();
  expect(last()).toMatchObject({ state: 'stopped' });
  await vi.waitFor(async () => expect(await listMessages(chat.id!)).toHaveLength(2));
});

it('a branch becomes a chat of its own', async () => {
  await say('/say one');
  await say('/say two');
  const id = chats.branch(chat, chat.turns[1]!)!;
  expect(shown(chats.open(id))).toEqual(['U: /say one', 'A: one']);
  await vi.waitFor(async () => expect(await listMessages(id)).toHaveLength(2));
  const copy = new Chat(id);
  await copy.load();
  expect(shown(copy)).toEqual(['U: /say one', 'A: one']);
  expect(conversations.known(id)?.title).toBe(conversations.known(chat.id!)?.title);
  copy.send('/say other', 'fake');
  await ended(copy);
  expect(shown(chat)).toHaveLength(4);
  expect(await listMessages(chat.id!)).toHaveLength(4);
});

it("another tab's message goes on in its branch, and moves no reader of another", async () => {
  other = openOtherTab();
  await say('/say one');
  const reply = last();
  const open = chats.open(chat.id!);
  await open.load();
  const at = Date.now() + 1000;
  const message = (id: string, parentId: string, createdAt: number) => ({
    ...userMessage(id, chat.id!, createdAt),
    parentId,
  });
  await other.writeMessage(message('next', reply.id, at));
  await vi.waitFor(() => expect(open.turns.at(-1)?.id).toBe('next'));
  await other.writeMessage(message('beside', reply.id, at + 1));
  await vi.waitFor(() => expect(open.versions(open.turns.at(-1)!)).toHaveLength(2));
  expect(open.turns.at(-1)?.id).toBe('next');
  await other.writeMessage(message('after', 'beside', at + 2));
  await other.writeMessage(message('last', 'next', at + 3));
  await vi.waitFor(() => expect(open.turns.at(-1)?.id).toBe('last'));
  chats.close([chat.id!]);
});

it('thoughts are kept apart, timed, and left out of what the model is told', async () => {
  await say('/think Well, hm | It is so');
  expect(last()).toMatchObject({ content: 'It is so', thinking: 'Well, hm' });
  expect(last().thinkingMs).toBeGreaterThanOrEqual(0);
  expect((await again()).turns[1]).toMatchObject({ content: 'It is so', thinking: 'Well, hm' });
  await say('/say on');
  expect(asked[1]!.messages[1]).toEqual({ role: 'assistant', content: 'It is so' });
});

it('a reply that was stopped in its thoughts is continued with them', async () => {
  await say('/think Well | It is so');
  last().content = '';
  last().state = 'stopped';
  expect(last().unfinished).toBe(true);
  chat.continueReply('fake');
  await ended(chat);
  expect(asked[1]!.messages.at(-1)).toEqual({
    role: 'assistant',
    content: '',
    thinking: 'Well',
  });
});

it('messages that wait go in order once a reply is done', async () => {
  chat.send('/count 40 8', 'fake');
  chat.unsent.text = 'left in the composer';
  chat.unsent.enqueue('/say two');
  chat.unsent.enqueue('/say three');
  await vi.waitFor(() => expect(chat.turns).toHaveLength(6), { timeout: 10_000 });
  await ended(chat);
  expect(shown(chat).slice(2)).toEqual(['U: /say two', 'A: two', 'U: /say three', 'A: three']);
  expect(chat.unsent.queue).toEqual([]);
  expect(chat.draft).toBe('left in the composer');
});

it.each(['stopped', 'failed'] as const)('after a reply that was %s they wait', async (state) => {
  chat.send(state === 'stopped' ? '/slow' : '/error', 'fake');
  chat.unsent.enqueue('/say two');
  if (state === 'stopped') {
    await vi.waitFor(() => expect(last().content).toContain('w2'));
    chat.stop();
  }
  await ended(chat);
  expect(last().state).toBe(state);
  expect(chat.unsent.queue).toHaveLength(1);
  chat.sendWaiting('fake');
  await ended(chat);
  expect(shown(chat).slice(2)).toEqual(['U: /say two', 'A: two']);
});

it('what cannot be written is kept, and written later with its branch', async () => {
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('The disk is full.', 'QuotaExceededError');
  });
  await say('/say one');
  chat.edit(last(), 'uno', null);
  await vi.waitFor(() => expect(unsaved.error).not.toBeNull());
  put.mockRestore();
  await unsaved.retry();
  expect(unsaved.error).toBeNull();
  expect(shown(await again())).toEqual(['U: /say one', 'A: uno']);
});
