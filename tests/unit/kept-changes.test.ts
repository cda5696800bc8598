/** Titles, pins and folders that storage refused outlive a reload of their tab, and are written anew. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { closeDatabase, withDatabase } from '../../src/lib/storage/database';
import { conversation } from '../fixtures/other-tab';

let leaving: (() => void)[] = [];
const session = new Map<string, string>();

beforeEach(async () => {
  session.clear();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => session.get(key) ?? null,
    setItem: (key: string, text: string) => session.set(key, text),
    removeItem: (key: string) => session.delete(key),
  });
  vi.stubGlobal('addEventListener', (type: string, listener: () => void) => {
    if (type === 'pagehide') leaving.push(listener);
  });
  await closeDatabase();
  globalThis.indexedDB = new IDBFactory();
  await withDatabase(async (db) => {
    await db.put('conversations', { ...conversation('one', 1), pinned: true });
    await db.put('folders', { id: 'old', name: 'Old', createdAt: 1 });
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await closePage();
  vi.unstubAllGlobals();
});

/** The database of the page that is open: each has modules of its own. */
let closePage = async () => {};

/** A page of the tab, after the one before it has gone. */
async function page() {
  for (const leave of leaving) leave();
  leaving = [];
  await closePage();
  vi.resetModules();
  const { conversations } = await import('../../src/lib/state/conversations.svelte');
  const { folders } = await import('../../src/lib/state/folders.svelte');
  const { unsaved } = await import('../../src/lib/state/unsaved.svelte');
  const database = await import('../../src/lib/storage/database');
  closePage = database.closeDatabase;
  await conversations.load();
  await folders.load();
  const stored = () =>
    database.withDatabase(async (db) => ({
      chat: await db.get('conversations', 'one'),
      folders: (await db.getAll('folders')).map(({ name }) => name),
    }));
  return { conversations, folders, unsaved, stored };
}

function fillDisk() {
  const full = () => {
    throw new DOMException('The disk is full.', 'QuotaExceededError');
  };
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(full);
  vi.spyOn(IDBObjectStore.prototype, 'delete').mockImplementation(full);
}

it('what was refused is told, kept over reloads, and written where there is room', async () => {
  const before = await page();
  fillDisk();
  before.conversations.rename('one', 'A new title');
  before.conversations.pin('one', false);
  before.conversations.move('one', before.folders.create('Drawer'));
  before.folders.remove('old');
  await vi.waitFor(() => expect(before.unsaved.error).not.toBeNull());

  // Still full: it is told again.
  const { conversations, folders, unsaved, stored } = await page();
  await vi.waitFor(() => expect(unsaved.error).not.toBeNull());
  expect(conversations.find('one')).toMatchObject({ title: 'A new title', titledBy: 'person' });
  expect(conversations.find('one')).not.toHaveProperty('pinned');
  expect(folders.all.map(({ name }) => name)).toEqual(['Drawer']);
  expect((await stored()).chat).toMatchObject({ pinned: true });

  vi.restoreAllMocks();
  await unsaved.retry();
  expect(unsaved.error).toBeNull();
  const { chat, folders: names } = await stored();
  expect(chat).toMatchObject({ title: 'A new title', folder: folders.all[0]!.id });
  expect(chat).not.toHaveProperty('pinned');
  expect(names).toEqual(['Drawer']);

  await page();
  expect([...session.keys()]).toEqual([]);
});

it('what is kept of a chat that is gone, or is damaged, changes nothing', async () => {
  session.set(
    'paddock-changes',
    JSON.stringify([['gone', { title: 'x' }], ['one', { title: 7, pinned: 'yes', evil: 1 }], 'x']),
  );
  session.set('paddock-folders', JSON.stringify([['f', { id: 'other', name: 'x' }], 7]));
  const { conversations, folders, stored } = await page();
  expect(conversations.listed.map(({ id }) => id)).toEqual(['one']);
  expect(folders.all.map(({ name }) => name)).toEqual(['Old']);
  expect(JSON.stringify(await stored())).not.toContain('evil');
});
