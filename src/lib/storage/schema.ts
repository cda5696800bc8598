/** The page's database: its stores, and the migrations that made them. */
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import { chain } from './chain';
import type {
  AttachmentRecord,
  BenchRecord,
  ConversationRecord,
  DraftRecord,
  FolderRecord,
  MessageRecord,
  PromptRecord,
  VoteRecord,
} from './records';

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
  folders: { key: string; value: FolderRecord };
  prompts: { key: string; value: PromptRecord };
  drafts: { key: string; value: DraftRecord };
  attachments: {
    key: string;
    value: AttachmentRecord;
    indexes: { byConversation: string };
  };
  votes: { key: string; value: VoteRecord };
}

export type PageDatabase = IDBPDatabase<PageSchema>;

export type Upgrade = IDBPTransaction<PageSchema, StoreNames<PageSchema>[], 'versionchange'>;

/** Append only: the database's version is the number of entries, and a published entry never changes. */
export const MIGRATIONS: ((db: PageDatabase, transaction: Upgrade) => void | Promise<void>)[] = [
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
  (db, transaction) => {
    for (const name of ['folders', 'prompts', 'drafts', 'votes'] as const) {
      db.createObjectStore(name, { keyPath: 'id' });
    }
    const attachments = db.createObjectStore('attachments', { keyPath: 'id' });
    attachments.createIndex('byConversation', 'conversationId');
    return chain(transaction.objectStore('messages'));
  },
];
