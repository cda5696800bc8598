/** What is written and not sent, and what was just sent, whenever a page dies and whatever other tabs do. */
import 'fake-indexeddb/auto';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { Chat } from '../../src/lib/state/chat.svelte';
import { chats } from '../../src/lib/state/chats.svelte';
import { conversations } from '../../src/lib/state/conversations.svelte';
import { boot } from '../../src/lib/state/init.svelte';
import { unsaved } from '../../src/lib/state/unsaved.svelte';
import { withDatabase } from '../../src/lib/storage/database';
import { listMessages } from '../../src/lib/storage/messages';
import { putAttachment } from '../../src/lib/storage/attachments';
import { asked, closePage, ended, freshPage, shown } from '../fixtures/chat-page';
import { openOtherTab, type OtherTab } from '../fixtures/other-tab';

vi.mock('$lib/client/ollama', async () => import('../fixtures/chat-page'));
vi.mock('$lib/client/link', () => ({
  link: { connect: () => Promise.reject(new Error('There is no host for figures.')) },
}));

let chat: Chat;
let other: OtherTab | undefined;

beforeEach(async () => {
  other?.close();
  vi.restoreAllMocks();
  unsaved.drop('');
  chat?.close();
  await freshPage();
  await boot.start();
  await conversations.load();
  chat = new Chat(null);
});

afterAll(() => {
  other?.close();
  closePage();
});

const drafts = () => withDatabase((db) => db.getAll('drafts'));
const texts = async () => (await listMessages(chat.id!)).map(({ content }) => content);

/** As the composer sends. */
function sendDraft() {
  const text = chat.draft;
  chat.draft = '';
  return chat.send(text, 'fake');
}

const full = () => {
  throw new DOMException('The disk is full.', 'QuotaExceededError');
};

it('a text leaves the draft in the step in which its message is written', async () => {
  chat.draft = '/say mine';
  await vi.waitFor(async () => expect(await drafts()).toMatchObject([{ text: '/say mine' }]));
  // At each step storage has the text once.
  const seen: number[] = [];
  const put = IDBObjectStore.prototype.put;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
    this: IDBObjectStore,
    ...args
  ) {
    const names = [...this.transaction.objectStoreNames];
    if (this.name === 'messages') seen.push(names.includes('drafts') ? 1 : 0);
    return put.apply(this, args);
  });
  sendDraft();
  await ended(chat);
  expect(seen[0]).toBe(1);
  await vi.waitFor(async () => expect(await drafts()).toEqual([]));
  expect((await texts())[0]).toBe('/say mine');
});

it('where the storage refuses a message, its text stays in the draft of a tab that dies', async () => {
  chat.send('/say first', 'fake');
  await ended(chat);
  chat.draft = '/say mine';
  await vi.waitFor(async () => expect(await drafts()).toMatchObject([{ text: '/say mine' }]));
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(full);
  sendDraft();
  await ended(chat);
  expect(unsaved.error?.code).toBe('storage_full');
  expect(await drafts()).toMatchObject([{ id: chat.id, text: '/say mine' }]);
  put.mockRestore();
  await unsaved.retry();
  expect(await drafts()).toEqual([]);
  expect(await texts()).toContain('/say mine');
});

it('what failed is written by itself once something else can be written', async () => {
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(full);
  chat.send('/say one', 'fake');
  await ended(chat);
  expect(unsaved.error?.code).toBe('storage_full');
  put.mockRestore();
  const another = new Chat(null);
  another.send('/say two', 'fake');
  await ended(another);
  await vi.waitFor(() => expect(unsaved.error).toBeNull());
  expect(await texts()).toEqual(['/say one', 'one']);
});

it('a text that is edited outlives its tab, and goes to the composer where its message is gone', async () => {
  chat.send('/say one', 'fake');
  await ended(chat);
  chat.unsent.editing = { id: chat.turns[0]!.id, text: 'half a sen' };
  expect(chat.inUse).toBe(true);
  await vi.waitFor(async () => expect(await drafts()).toHaveLength(1));
  chat.close(); // as a tab that dies: nothing more is written
  const next = new Chat(chat.id);
  await next.load();
  expect(next.unsent.editing).toEqual({ id: chat.turns[0]!.id, text: 'half a sen' });
  next.draft = 'typed';
  next.remove(next.turns[0]!);
  expect(next.unsent.editing).toBeNull();
  expect(next.draft).toBe('typed\n\nhalf a sen');
  next.close();
});

it('a reply that another tab deletes while it streams here stays away, and its question too', async () => {
  chats.settle(chat);
  chat.send('/slow', 'fake');
  chats.settle(chat);
  await vi.waitFor(async () => expect((await texts())[1]).toContain('w2'));
  other = openOtherTab();
  const id = chat.id!;
  await withDatabase(async (db) => {
    for (const one of chat.turns) await db.delete('messages', one.id);
  });
  other.tell({ type: 'messages', conversation: id });
  await vi.waitFor(() => expect(chat.turns).toEqual([]));
  await ended(chat);
  expect(await listMessages(id)).toEqual([]);
  expect(unsaved.error).toBeNull();
});

it('what is typed in a chat that another tab purges is in the box for a new chat', async () => {
  chat.send('/say one', 'fake');
  await ended(chat);
  const id = chat.id!;
  chats.settle(chat);
  chat.draft = 'half a sentence';
  chats.draft.draft = 'begun';
  other = openOtherTab();
  await other.removeConversation(id);
  await vi.waitFor(() => expect(chats.draft.draft).toBe('begun\n\nhalf a sentence'));
  expect(conversations.known(id)).toBeUndefined();
  chats.draft.draft = '';
});

it('files are sent alone, and name their chat', async () => {
  await putAttachment({
    ...{ id: 'f', conversationId: '', name: 'notes.txt', type: '', size: 1, createdAt: 1 },
    ...{ kind: 'text', text: 'All of it.' },
  });
  chat.send('', 'fake', ['f']);
  await ended(chat);
  expect(asked[0]!.messages).toEqual([
    { role: 'user', content: 'File: notes.txt\n```\nAll of it.\n```' },
  ]);
  expect(shown(chat)[0]).toBe('U: ');
  expect(conversations.known(chat.id!)?.title).toBe('Untitled chat'); // its name was read by nobody
});
