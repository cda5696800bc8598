/** Which chats stay open, and what of them outlives the page. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { chats as Chats } from '../../src/lib/state/chats.svelte';
import type { unsaved as Unsaved } from '../../src/lib/state/unsaved.svelte';
import type { DraftRecord } from '../../src/lib/storage/records';
import { FakeLocks } from '../fixtures/fake-locks';

let session: Map<string, string>;
let leaving: (() => void)[] = [];
const leave = () => leaving.forEach((listener) => listener());
let locks: FakeLocks;
const pages: Page[] = [];

interface Page {
  chats: typeof Chats;
  unsaved: typeof Unsaved;
}

/** The module as a new page of the same tab has it: the locks of the page before have fallen. */
async function newPage(): Promise<Page> {
  die();
  locks = new FakeLocks();
  return nextPage();
}

/** What earlier pages had not written by now they never write. */
function die() {
  for (const { chats } of pages.splice(0)) {
    chats.close(['one', 'two']);
    chats.draft.close();
  }
}

/** The module as another tab has it. */
async function nextPage(): Promise<Page> {
  vi.stubGlobal('navigator', { locks });
  vi.resetModules();
  leaving = [];
  const { chats } = await import('../../src/lib/state/chats.svelte');
  const { unsaved } = await import('../../src/lib/state/unsaved.svelte');
  const page = { chats, unsaved };
  pages.push(page);
  return page;
}

// The first import compiles, which takes seconds where the machine is busy.
beforeAll(() => import('../../src/lib/state/chats.svelte'), 60_000);

beforeEach(() => {
  die();
  globalThis.indexedDB = new IDBFactory();
  session = new Map();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => session.get(key) ?? null,
    setItem: (key: string, value: string) => session.set(key, value),
    removeItem: (key: string) => session.delete(key),
  });
  vi.stubGlobal('addEventListener', (type: string, listener: () => void) => {
    if (type === 'pagehide') leaving.push(listener);
  });
});

it('keeps a chat open in which something is not saved', async () => {
  const { chats, unsaved } = await newPage();
  const one = chats.open('one');
  const two = chats.open('two');
  expect(chats.open('one')).not.toBe(one);
  const full = () => Promise.reject(new Error('full'));
  await unsaved.write('conversation:two/message:m', full);
  const kept = chats.open('two');
  expect(kept).not.toBe(two);
  chats.open('three');
  expect(chats.open('two')).toBe(kept);
  unsaved.drop('');
  chats.open('four');
  expect(chats.open('two')).not.toBe(kept);
});

/** What the page before this one had written, as the tab keeps it. */
const kept = () => JSON.parse(session.get('paddock-drafts') ?? '[]') as DraftRecord[];

/** The drafts in storage, by their conversations. */
async function stored(): Promise<Record<string, string>> {
  const { withDatabase } = await import('../../src/lib/storage/database');
  const all = await withDatabase((db) => db.getAll('drafts'));
  return Object.fromEntries(all.map(({ id, text }) => [id, text]));
}

async function opened({ chats }: Page, id: string) {
  const chat = chats.open(id);
  await chat.unsent.load();
  return chat;
}

it('keeps what is not sent over any number of pages, and nothing once it is sent', async () => {
  const first = await newPage();
  first.chats.draft.draft = 'for a new chat';
  first.chats.open('one').draft = 'for one';
  first.chats.open('two').draft = 'for two';
  leave();
  const second = await newPage();
  expect(session.size).toBe(0);
  expect(second.chats.draft.draft).toBe('for a new chat');
  expect(second.chats.open('one').draft).toBe('for one');
  second.chats.open('one').draft = '';
  second.chats.draft.draft = '';
  leave(); // without having opened the other
  const third = await newPage();
  await third.chats.draft.unsent.load();
  expect(third.chats.draft.draft).toBe('');
  expect((await opened(third, 'one')).draft).toBe('');
  expect((await opened(third, 'two')).draft).toBe('for two');
  third.chats.open('two').draft = '';
  await vi.waitFor(async () => expect(await stored()).toEqual({}));
  await vi.waitFor(() => {
    leave();
    expect(kept()).toEqual([]);
  });
});

it('a tab that dies without a word leaves what was written to the next', async () => {
  const first = await newPage();
  const chat = first.chats.open('one');
  chat.draft = 'half a sentence';
  chat.unsent.enqueue('waits');
  await vi.waitFor(async () => expect(await stored()).toEqual({ one: 'half a sentence' }));
  const second = await newPage();
  const open = await opened(second, 'one');
  expect(open.draft).toBe('half a sentence');
  expect(open.unsent.queue).toEqual([{ text: 'waits', attachments: [] }]);
  open.unsent.dequeue(0);
  open.draft = '';
  await vi.waitFor(async () => expect(await stored()).toEqual({}));
  expect((await opened(await newPage(), 'one')).unsent.empty).toBe(true);
});

it('of what a reload and a death have left, the newer wins', async () => {
  const first = await newPage();
  first.chats.open('one').draft = 'old';
  await vi.waitFor(async () => expect(await stored()).toEqual({ one: 'old' }));
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 5000);
  first.chats.open('one').draft = 'new';
  leave();
  vi.restoreAllMocks();
  const second = await newPage();
  const chat = await opened(second, 'one');
  expect(chat.draft).toBe('new');
  await vi.waitFor(async () => expect(await stored()).toEqual({ one: 'new' }));
});

it('leaves to a tab what it keeps: nothing that waits there is sent here too', async () => {
  const first = await newPage();
  const theirs = first.chats.open('one');
  theirs.unsent.enqueue('waits');
  await vi.waitFor(async () => expect(await stored()).toEqual({ one: '' }));
  const second = await nextPage();
  const mine = await opened(second, 'one');
  expect(mine.unsent.empty).toBe(true);
  mine.draft = 'mine';
  leave();
  expect(kept()).toMatchObject([{ id: 'one', text: 'mine' }]);
  expect(await stored()).toEqual({ one: '' });
});

it('says that the storage is full, loses nothing, and writes it later', async () => {
  const { chats, unsaved } = await newPage();
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('The disk is full.', 'QuotaExceededError');
  });
  const chat = chats.open('one');
  chat.draft = 'a';
  await vi.waitFor(() => expect(unsaved.error?.code).toBe('storage_full'));
  chat.draft = 'ab';
  put.mockRestore();
  await unsaved.retry();
  expect(await stored()).toEqual({ one: 'ab' });
  expect(unsaved.error).toBeNull();
  expect(chat.draft).toBe('ab');
});

it('writes after a reload the messages that a full storage refused, once there is room', async () => {
  const first = await newPage();
  const { conversations } = await import('../../src/lib/state/conversations.svelte');
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('The disk is full.', 'QuotaExceededError');
  });
  const chat = first.chats.draft;
  chat.draft = 'nearly';
  chat.draft = '';
  const id = chat.send('hello', 'none');
  first.chats.settle(chat);
  await vi.waitFor(() => expect(chat.refused).toHaveLength(2));
  expect(conversations.isNew(id)).toBe(true);
  leave();
  const second = await newPage();
  await vi.waitFor(() => expect(second.unsaved.error?.code).toBe('storage_full'));
  leave(); // it was still full
  put.mockRestore();
  const third = await newPage();
  const { listMessages } = await import('../../src/lib/storage/messages');
  await vi.waitFor(async () => expect(await listMessages(id)).toHaveLength(2));
  expect((await listMessages(id))[0]).toMatchObject({ content: 'hello', state: 'done' });
  const { conversations: list } = await import('../../src/lib/state/conversations.svelte');
  await vi.waitFor(() => expect(list.known(id)?.title).toBe('hello'));
  expect(third.unsaved.error).toBeNull();
  leave();
  expect(session.size).toBe(0);
});

it.each(['{', '7', '[1, {"messages": []}, {"conversation": {"id": 1}, "messages": [2]}]'])(
  'begins without messages where what was kept of them is damaged: %s',
  async (entry) => {
    session.set('paddock-unsaved', entry);
    const { unsaved } = await newPage();
    await new Promise((resolve) => setTimeout(resolve));
    expect(unsaved.error).toBeNull();
  },
);

it('takes over what the build before kept', async () => {
  session.set('paddock-drafts', '[["one","as it was"]]');
  const { chats } = await newPage();
  expect(chats.open('one').draft).toBe('as it was');
});

it.each(['{', '"text"', '[1, ["one"], ["two", 2], {"id": "two"}]', '{"length": 1}'])(
  'begins without drafts where the entry is damaged: %s',
  async (entry) => {
    session.set('paddock-drafts', entry);
    const { chats } = await newPage();
    expect(chats.draft.draft).toBe('');
    expect(chats.open('two').draft).toBe('');
  },
);
