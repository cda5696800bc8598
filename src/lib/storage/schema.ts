/** The page's database: its stores, and the migrations that made them. */
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import type { BenchRecord, ConversationRecord, MessageRecord } from './records';

export const DATABASE = 'paddock';

export interface PageSchema extends DBSchema {
  conversations: {
    key: string;
    value: ConversationRecord;
    indexes: { byUpdatedAt: number };
  };
  messages: {
    key: string;
    value: MessageRecord;
    /** In their order within a conversation. */
    indexes: { byConversation: [string, number] };
  };
  /** Out-of-line keys; every value is checked when it is read. */
  settings: { key: string; value: unknown };
  benches: {
    key: string;
    value: BenchRecord;
    indexes: { bySavedAt: number };
  };
}

export type PageDatabase = IDBPDatabase<PageSchema>;

type Upgrade = IDBPTransaction<PageSchema, StoreNames<PageSchema>[], 'versionchange'>;

/** Append only: the database's version is the number of entries, and a published entry never changes. */
export const MIGRATIONS: ((db: PageDatabase, transaction: Upgrade) => void)[] = [
  (db) => {
    db.createObjectStore('conversations', { keyPath: 'id' }).createIndex(
      'byUpdatedAt',
      'updatedAt',
    );
    db.createObjectStore('messages', { keyPath: 'id' }).createIndex('byConversation', [
      'conversationId',
      'createdAt',
    ]);
    db.createObjectStore('settings');
  },
  (db) => void db.createObjectStore('benches', { keyPath: 'id' }),
  (_, transaction) => void transaction.objectStore('benches').createIndex('bySavedAt', 'savedAt'),
];
