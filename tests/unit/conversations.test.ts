import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { conversations } from '../../src/lib/state/conversations.svelte';
import { boot } from '../../src/lib/state/init.svelte';
import { settings } from '../../src/lib/state/settings.svelte';
import { unsaved } from '../../src/lib/state/unsaved.svelte';
import { listConversations } from '../../src/lib/storage/conversations';
import { closeDatabase, withDatabase } from '../../src/lib/storage/database';
import { conversation, openOtherTab, userMessage, type OtherTab } from '../fixtures/other-tab';

let other: OtherTab;
const lost: [string, boolean][] = [];
conversations.watchLosses((id, forGood) => lost.push([id, forGood]));

beforeEach(async () => {
  await closeDatabase();
  globalThis.indexedDB = new IDBFactory();
  await boot.start();
  await conversations.load();
  lost.length = 0;
  other = openOtherTab();
});

afterEach(() => {
  unsaved.drop('');
  other.close();
});

/** The titles in the list, as soon as they are these. */
async function listed(titles: string[]) {
  const same = () => expect(conversations.listed.map(({ title }) => title)).toEqual(titles);
  // The reader of changes is loaded when the first comes.
  await vi.waitFor(same, { timeout: 20_000 });
}

/** Until `mend`, the storage refuses to be written. */
function breakStorage() {
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('The disk is full.', 'QuotaExceededError');
  });
  return { mend: () => put.mockRestore() };
}

async function stored() {
  return (await listConversations()).map(({ id, title, deletedAt }) => ({
    id,
    title,
    deleted: deletedAt !== undefined,
  }));
}

it('lists what another tab begins, renames, moves and removes', async () => {
  await other.writeConversation(conversation('one', 10));
  await other.writeConversation(conversation('two', 20));
  await listed(['Title of two', 'Title of one']);
  await other.writeConversation({ ...conversation('one', 30), title: 'New' });
  await listed(['New', 'Title of two']);
  await other.writeConversation({ ...conversation('two', 20), deletedAt: 40 });
  await listed(['New']);
  expect(lost).toEqual([['two', false]]);
  await other.writeConversation(conversation('two', 20));
  await listed(['New', 'Title of two']);
  await other.removeConversation('one');
  await listed(['Title of two']);
  expect(lost).toEqual([
    ['two', false],
    ['one', true],
  ]);
});

it('keeps a new one that could not be written yet, whatever another tab tells', async () => {
  const storage = breakStorage();
  const { id } = conversations.create('Mine');
  const message = userMessage('m', id, 1);
  await unsaved.write(conversations.key(id), () =>
    conversations.saveMessages(id, { put: [message] }),
  );
  expect(unsaved.error).not.toBeNull();
  storage.mend();
  other.tell({ type: 'conversations', ids: [id] });
  await other.writeConversation(conversation('theirs', 1));
  await listed(['Mine', 'Title of theirs']);
  await conversations.load();
  await listed(['Mine', 'Title of theirs']);
  await unsaved.retry();
  expect(await stored()).toMatchObject([{ id, title: 'Mine' }, { id: 'theirs' }]);
});

it('keeps a title that could not be written yet, over what another tab changes meanwhile', async () => {
  await other.writeConversation(conversation('one', 10));
  await listed(['Title of one']);
  const storage = breakStorage();
  conversations.rename('one', 'Mine');
  await vi.waitFor(() => expect(unsaved.error).not.toBeNull());
  storage.mend();
  await other.writeConversation({ ...conversation('one', 30), title: 'Theirs' });
  await other.writeConversation(conversation('last', 5));
  await listed(['Mine', 'Title of last']);
  await unsaved.retry();
  expect(unsaved.error).toBeNull();
  expect((await listConversations())[0]).toMatchObject({ title: 'Mine', updatedAt: 30 });
});

it('keeps its place at the top until the message that is the reason is written', async () => {
  await other.writeConversation(conversation('one', 10));
  await other.writeConversation(conversation('two', 20));
  await listed(['Title of two', 'Title of one']);
  conversations.touch('one');
  await other.writeConversation({ ...conversation('one', 15), title: 'Theirs' });
  await listed(['Theirs', 'Title of two']);
});

it('a title and a deletion at the same moment are both kept', async () => {
  await other.writeConversation(conversation('one', 10));
  await listed(['Title of one']);
  conversations.rename('one', 'Mine');
  await withDatabase(async (db) => {
    // The other tab has not heard of the title.
    const record = await db.get('conversations', 'one');
    await db.put('conversations', { ...record!, deletedAt: 40 });
  });
  other.tell({ type: 'conversations', ids: ['one'] });
  await listed([]);
  expect(await stored()).toEqual([{ id: 'one', title: 'Mine', deleted: true }]);
});

it('writes nothing into a chat that another tab removed, and brings it not back', async () => {
  await other.writeConversation(conversation('one', 10));
  await listed(['Title of one']);
  await withDatabase((db) => db.delete('conversations', 'one'));
  await conversations.saveMessages('one', { put: [userMessage('m', 'one', 1)] });
  expect(lost).toEqual([['one', true]]);
  expect(conversations.listed).toEqual([]);
  conversations.rename('one', 'Back');
  expect(await stored()).toEqual([]);
});

it('passes over a damaged record of another tab', async () => {
  await other.writeConversation(conversation('good', 10));
  await withDatabase(async (db) => {
    await db.put('conversations', { id: 'bad', createdAt: 'never' } as never);
  });
  other.tell({ type: 'conversations', ids: ['bad', 42] });
  other.tell({ type: 'conversations', ids: ['bad'] });
  await other.writeConversation(conversation('after', 5));
  await listed(['Title of good', 'Title of after']);
});

it('takes over settings; one that could not be written here stays', async () => {
  const write = async (key: string, value: unknown) => {
    await withDatabase((db) => db.put('settings', value, key));
    other.tell({ type: 'setting', key });
  };
  await write('theme', 'dark');
  await write('model', 'two:latest');
  await vi.waitFor(() =>
    expect(settings.values).toMatchObject({ theme: 'dark', model: 'two:latest' }),
  );
  const storage = breakStorage();
  settings.set('theme', 'light');
  await vi.waitFor(() => expect(unsaved.error).not.toBeNull());
  storage.mend();
  await write('theme', 'auto');
  await write('toString', 'x');
  await write('model', 42);
  await vi.waitFor(() => expect(settings.values.model).toBeNull());
  expect(settings.values).toEqual({
    theme: 'light',
    model: null,
    language: 'system',
    networkOff: false,
    wrapCode: false,
  });
});

it('takes over a setting while another one is set here', async () => {
  await withDatabase((db) => db.put('settings', 'dark', 'theme'));
  const reading = settings.changed('theme');
  settings.set('model', 'mine:latest');
  await reading;
  expect(settings.values).toMatchObject({ theme: 'dark', model: 'mine:latest' });
});

it('says that a chat is old until it has been read, whatever else can be read', async () => {
  await other.writeConversation(conversation('one', 10));
  await other.writeConversation(conversation('two', 20));
  await listed(['Title of two', 'Title of one']);
  const original = IDBObjectStore.prototype.get;
  vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementation(function (
    this: IDBObjectStore,
    key,
  ) {
    if (key === 'one') throw new DOMException('A bad sector.', 'DataError');
    return original.call(this, key);
  });
  await other.writeConversation({ ...conversation('one', 10), title: 'New' });
  await vi.waitFor(() => expect(boot.trouble).toBe('stale'));
  const read = vi.spyOn(conversations, 'changed');
  other.tell({ type: 'conversations', ids: ['two'] });
  await vi.waitFor(() => expect(read).toHaveBeenCalled());
  await Promise.allSettled(read.mock.results.map(({ value }) => value as Promise<void>));
  expect(boot.trouble).toBe('stale');
  vi.restoreAllMocks();
  other.tell({ type: 'conversations', ids: ['two'] });
  await listed(['Title of two', 'New']);
  await vi.waitFor(() => expect(boot.trouble).toBeNull());
});
