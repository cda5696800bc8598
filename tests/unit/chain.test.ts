import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { beforeEach, expect, it } from 'vitest';
import { closeDatabase } from '../../src/lib/storage/database';
import { listMessages } from '../../src/lib/storage/messages';
import { DATABASE } from '../../src/lib/storage/schema';

beforeEach(async () => {
  await closeDatabase();
  globalThis.indexedDB = new IDBFactory();
});

/** As the third version had them: a message knew its time, and not what it follows. */
async function writeOld(messages: [id: string, conversationId: string, createdAt: number][]) {
  const db = await openDB(DATABASE, 3, {
    upgrade(old) {
      old
        .createObjectStore('conversations', { keyPath: 'id' })
        .createIndex('byUpdatedAt', 'updatedAt');
      const store = old.createObjectStore('messages', { keyPath: 'id' });
      store.createIndex('byConversation', ['conversationId', 'createdAt']);
      old.createObjectStore('settings');
      old.createObjectStore('benches', { keyPath: 'id' }).createIndex('bySavedAt', 'savedAt');
    },
  });
  for (const [id, conversationId, createdAt] of messages) {
    const role = 'user';
    await db.put('messages', { id, conversationId, createdAt, role, content: id, state: 'done' });
  }
  db.close();
}

it('makes a chain of the messages of each conversation that had no parents', async () => {
  await writeOld([
    ['c', 'one', 30],
    ['x', 'two', 5],
    ['a', 'one', 10],
    ['b', 'one', 20],
  ]);
  const parents = async (id: string) =>
    (await listMessages(id)).map((message) => [message.id, message.parentId]);
  expect(await parents('one')).toEqual([
    ['a', null],
    ['b', 'a'],
    ['c', 'b'],
  ]);
  expect(await parents('two')).toEqual([['x', null]]);
});
