import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, it, vi } from 'vitest';
import { conversations, TRASH_MS } from '../../src/lib/state/conversations.svelte';
import { folders } from '../../src/lib/state/folders.svelte';
import { boot } from '../../src/lib/state/init.svelte';
import { listConversations } from '../../src/lib/storage/conversations';
import { closeDatabase, withDatabase } from '../../src/lib/storage/database';
import { listFolders } from '../../src/lib/storage/folders';
import { conversation, openOtherTab } from '../fixtures/other-tab';

beforeEach(async () => {
  await closeDatabase();
  globalThis.indexedDB = new IDBFactory();
  await boot.start();
  await conversations.load();
  await folders.load();
});

async function fill(...records: ReturnType<typeof conversation>[]) {
  await withDatabase(async (db) => {
    for (const record of records) await db.put('conversations', record);
  });
  await conversations.load();
}

const stored = async () => (await listConversations()).map(({ id }) => id).sort();

it('keeps a deleted chat for 30 days', async () => {
  const now = Date.now();
  await fill(
    { ...conversation('over', 1), deletedAt: now - TRASH_MS },
    { ...conversation('young', 2), deletedAt: now - TRASH_MS + 1 },
    conversation('listed', 3),
  );
  await conversations.purgeExpired(now);
  expect(await stored()).toEqual(['listed', 'young']);
  expect(conversations.trashed.map(({ id }) => id)).toEqual(['young']);
});

it('does not purge what another tab has brought back meanwhile', async () => {
  await fill({ ...conversation('one', 1), deletedAt: 5 });
  await withDatabase((db) => db.put('conversations', conversation('one', 1)));
  await conversations.purgeExpired();
  expect(conversations.listed.map(({ id }) => id)).toEqual(['one']);
  await fill({ ...conversation('two', 1), deletedAt: 5 });
  await withDatabase((db) => db.put('conversations', conversation('two', 1)));
  await conversations.discard(['two']);
  expect(await stored()).toEqual(['one', 'two']);
  expect(conversations.trashed).toEqual([]);
});

it('restores, pins and moves, and leaves no trace of what is taken away', async () => {
  await fill({ ...conversation('one', 1), deletedAt: 5 });
  conversations.restore('one');
  conversations.pin('one', true);
  conversations.move('one', 'f');
  const record = async () => (await listConversations())[0];
  await vi.waitFor(async () =>
    expect(await record()).toEqual({ ...conversation('one', 1), pinned: true, folder: 'f' }),
  );
  conversations.pin('one', false);
  conversations.move('one', null);
  await vi.waitFor(async () => expect(await record()).toStrictEqual(conversation('one', 1)));
});

it('makes, renames and deletes folders, and hears those of other tabs', async () => {
  const id = folders.create('  Work ');
  expect(folders.find(id)?.name).toBe('Work');
  folders.rename(id, 'Play');
  await vi.waitFor(async () => expect(await listFolders()).toMatchObject([{ id, name: 'Play' }]));
  const other = openOtherTab();
  await withDatabase((db) => db.put('folders', { id: 'theirs', name: 'Art', createdAt: 1 }));
  other.tell({ type: 'folders' });
  await vi.waitFor(() => expect(folders.all.map(({ name }) => name)).toEqual(['Art', 'Play']));
  other.close();
  folders.remove(id);
  await vi.waitFor(async () => expect(await listFolders()).toHaveLength(1));
});
