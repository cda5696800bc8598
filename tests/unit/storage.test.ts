import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  changeConversation,
  listConversations,
  purgeConversations,
  purgeDeleted,
  writeMessages,
} from '../../src/lib/storage/conversations';
import { listMessages } from '../../src/lib/storage/messages';
import { closeDatabase, watchStorage, withDatabase } from '../../src/lib/storage/database';
import { storageError } from '../../src/lib/storage/failure';
import type { ConversationRecord, MessageRecord } from '../../src/lib/storage/records';
import { DATABASE, MIGRATIONS } from '../../src/lib/storage/schema';
import { readSettings, writeSetting } from '../../src/lib/storage/settings';
import { conversation, userMessage } from '../fixtures/other-tab';

/** As an earlier page left it. */
async function put(record: ConversationRecord) {
  await withDatabase((db) => db.put('conversations', record));
}

/** Writes a message of a conversation that is there, or comes with it. */
function add(record: MessageRecord, of = conversation(record.conversationId, 1)) {
  return writeMessages({ put: [record] }, of, true);
}

beforeEach(async () => {
  await closeDatabase();
  globalThis.indexedDB = new IDBFactory();
});

describe('conversations', () => {
  it('are listed newest first', async () => {
    await put(conversation('old', 10));
    await put(conversation('new', 30));
    await put(conversation('middle', 20));
    expect((await listConversations()).map(({ id }) => id)).toEqual(['new', 'middle', 'old']);
  });

  it('keep their messages in order and apart', async () => {
    await add(userMessage('b', 'one', 2));
    await add(userMessage('x', 'two', 1));
    await add(userMessage('a', 'one', 3));
    await add(userMessage('c', 'one', 1));
    expect((await listMessages('one')).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
    expect((await listMessages('tw')).map(({ id }) => id)).toEqual([]);
  });

  it('get their new time in the transaction of the message', async () => {
    await put(conversation('one', 10));
    await add(userMessage('a', 'one', 11), conversation('one', 11));
    expect((await listConversations())[0]?.updatedAt).toBe(11);
  });

  it('are purged with their messages and no others', async () => {
    await add(userMessage('a', 'one', 1), conversation('one', 1));
    await add(userMessage('b', 'two', 1), conversation('two', 2));
    await purgeConversations(['one']);
    expect((await listConversations()).map(({ id }) => id)).toEqual(['two']);
    expect(await listMessages('one')).toEqual([]);
    expect(await listMessages('two')).toHaveLength(1);
  });

  it('keep what another tab changed when a message is written', async () => {
    await put({ ...conversation('one', 10), title: 'New', deletedAt: 12 });
    await add(userMessage('a', 'one', 11), conversation('one', 11));
    expect(await listConversations()).toEqual([
      { ...conversation('one', 11), title: 'New', deletedAt: 12 },
    ]);
    await add(userMessage('b', 'one', 5), conversation('one', 5));
    expect((await listConversations())[0]?.updatedAt).toBe(11);
  });

  it('do not come back with a message once another tab has removed them', async () => {
    const message = { put: [userMessage('a', 'one', 1)] };
    expect(await writeMessages(message, conversation('one', 1), false)).toBeNull();
    expect(await changeConversation('one', { title: 'New' })).toBe(false);
    expect(await listConversations()).toEqual([]);
    expect(await listMessages('one')).toEqual([]);
  });

  it('keep two changes of two tabs at once, and a restored one has no trace', async () => {
    await put(conversation('one', 1));
    await Promise.all([
      changeConversation('one', { title: 'New' }),
      changeConversation('one', { deletedAt: 5 }),
    ]);
    const changed = { ...conversation('one', 1), title: 'New' };
    expect(await listConversations()).toEqual([{ ...changed, deletedAt: 5 }]);
    await changeConversation('one', { deletedAt: undefined });
    expect(await listConversations()).toStrictEqual([changed]);
  });

  it('are purged only while they are deleted, where that is asked', async () => {
    await add(userMessage('a', 'one', 1));
    await put({ ...conversation('two', 2), deletedAt: 5 });
    await purgeDeleted(['one', 'two', 'three']);
    expect((await listConversations()).map(({ id }) => id)).toEqual(['one']);
    expect(await listMessages('one')).toHaveLength(1);
  });

  it('lose and get messages in one step, and note which branch is shown', async () => {
    await add(userMessage('a', 'one', 1));
    await add(userMessage('b', 'one', 2));
    const write = { put: [userMessage('c', 'one', 3)], remove: ['a'], leaf: 'c' };
    await writeMessages(write, conversation('one', 1), false);
    expect((await listMessages('one')).map(({ id }) => id)).toEqual(['b', 'c']);
    await add(userMessage('d', 'one', 4));
    expect((await listConversations())[0]?.leaf).toBe('c');
  });
});

describe('what is read', () => {
  /** Past the types, as a damaged disk or another build would. */
  async function putRaw(
    store: 'conversations' | 'messages' | 'settings',
    value: unknown,
    key?: string,
  ) {
    await withDatabase(async (db) => {
      await db.put(store, value, key);
    });
  }

  it('leaves out a message that cannot be used, and keeps the rest', async () => {
    await add(userMessage('good', 'one', 1));
    await putRaw('messages', { ...userMessage('bad', 'one', 2), content: 42 });
    await putRaw('messages', { ...userMessage('role', 'one', 3), role: 'system' });
    expect((await listMessages('one')).map(({ id }) => id)).toEqual(['good']);
  });

  it('repairs what can be repaired', async () => {
    const odd = {
      ...userMessage('a', 'one', 1),
      state: 'unheard-of',
      error: { code: 'unheard-of', message: 'm', detail: { ok: 1, nested: {} } },
      stats: { replyTokens: 'many', evalMs: 1 },
      cpu: 'yes',
      extra: true,
    };
    await putRaw('messages', odd);
    expect(await listMessages('one')).toEqual([
      {
        ...userMessage('a', 'one', 1),
        state: 'cut',
        error: { code: 'internal', message: 'm', detail: { ok: 1 } },
      },
    ]);
  });

  it('brings the figures of a reply back as they were', async () => {
    const stats = {
      measured: 'engine' as const,
      reason: 'stop' as const,
      replyTokens: 120,
      evalMs: 6400,
      promptTokens: 34,
      firstTokenMs: 1200,
      ranOn: {
        engine: 'wllama',
        backend: 'wasm' as const,
        threads: 2,
        noWebGpu: 'no_adapter' as const,
      },
      contextLength: 4096,
    };
    await add({ ...userMessage('a', 'one', 1), role: 'assistant', cpu: true, stats });
    expect((await listMessages('one'))[0]).toMatchObject({ cpu: true, stats });
  });

  it('puts a default in the place of a damaged setting', async () => {
    await writeSetting('theme', 'dark');
    await putRaw('settings', 'yes', 'networkOff');
    await putRaw('settings', 42, 'model');
    await putRaw('settings', 'no', 'sidebar');
    await putRaw('settings', 'huge', 'textSize');
    await putRaw('settings', 'nobody', 'titles');
    expect(await readSettings()).toMatchObject({
      theme: 'dark',
      textSize: 'normal',
      model: null,
      language: 'system',
      networkOff: false,
      sidebar: true,
      titles: 'model',
    });
  });
});

describe('the connection', () => {
  it('is opened again when the browser has dropped it', async () => {
    await put(conversation('one', 1));
    await withDatabase((db) => Promise.resolve(db.close())); // what follows throws InvalidStateError
    expect(await listConversations()).toHaveLength(1);
  });

  it('is opened again once only: a failure that stays is reported', async () => {
    const work = vi.fn(() => Promise.reject(new DOMException('gone', 'UnknownError')));
    await expect(withDatabase(work)).rejects.toMatchObject({ code: 'storage_failed' });
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('gives way to a newer version and says so', async () => {
    const trouble = vi.fn();
    watchStorage(trouble);
    await put(conversation('one', 1));
    const newer = await openDB(DATABASE, MIGRATIONS.length + 1);
    expect(trouble).toHaveBeenLastCalledWith('outdated');
    newer.close();
  });
});

describe('a newer version', () => {
  it('is named when it holds the data, and its data stays', async () => {
    await put(conversation('one', 1));
    const newer = await openDB(DATABASE, MIGRATIONS.length + 1);
    await expect(listConversations()).rejects.toMatchObject({
      code: 'other_version',
      detail: { storage: true },
    });
    expect(await newer.count('conversations')).toBe(1);
    newer.close();
  });
});

describe('failures', () => {
  it('keep their kind', async () => {
    const kind = async (name: string) => (await storageError(new DOMException('m', name))).code;
    expect(await kind('QuotaExceededError')).toBe('storage_full');
    expect(await kind('SecurityError')).toBe('storage_denied');
    expect(await kind('DataError')).toBe('storage_failed');
    // A rolled-back transaction is a failed write: as an abort it would be swallowed.
    expect(await kind('AbortError')).toBe('storage_failed');
  });

  it('find a full disk inside a rolled-back transaction', async () => {
    const error = new Error('rolled back', { cause: new DOMException('m', 'QuotaExceededError') });
    expect((await storageError(error)).code).toBe('storage_full');
  });
});
