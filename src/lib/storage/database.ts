/** The one connection to the page's database: opened at first use, opened again when the browser drops it. */
import { openDB } from 'idb';
import { storageError } from './failure';
import { DATABASE, MIGRATIONS, type PageDatabase, type PageSchema } from './schema';

/** `blocked`: another tab holds an older version open. `outdated`: another tab needs a newer one. */
export type StorageTrouble = 'blocked' | 'outdated';

let opening: Promise<PageDatabase> | undefined;
let onTrouble: (trouble: StorageTrouble | null) => void = () => {};

/** Says where trouble with other tabs is reported; null when it has passed. */
export function watchStorage(listener: (trouble: StorageTrouble | null) => void): void {
  onTrouble = listener;
}

function open(): Promise<PageDatabase> {
  return openDB<PageSchema>(DATABASE, MIGRATIONS.length, {
    upgrade(db, oldVersion, _newVersion, transaction) {
      const migrate = async () => {
        for (const step of MIGRATIONS.slice(oldVersion)) await step(db, transaction);
      };
      // Half a migration is none: the old data stays, and who asked for the database hears of it.
      migrate().catch(() => transaction.abort());
    },
    blocked: () => onTrouble('blocked'),
    blocking(_current, _blocked, event) {
      // To hold on would freeze the newer tab for good; this one has nothing unsaved but what is retried.
      (event.target as IDBDatabase).close();
      opening = undefined;
      onTrouble('outdated');
    },
    terminated() {
      opening = undefined;
    },
  });
}

async function connection(): Promise<PageDatabase> {
  opening ??= open();
  try {
    const db = await opening;
    onTrouble(null);
    return db;
  } catch (error) {
    opening = undefined;
    throw error;
  }
}

/**
 * Runs `work` on the database. WebKit loses its database process at times, and every later call on the
 * old connection fails: so a dead connection is dropped and `work` runs once more on a new one.
 * @throws PaddockError `storage_full`, `storage_denied`, `other_version` (a newer Paddock's), `storage_failed`
 */
export async function withDatabase<T>(work: (db: PageDatabase) => Promise<T>): Promise<T> {
  try {
    try {
      return await work(await connection());
    } catch (error) {
      if (!isDeadConnection(error)) throw error;
      opening = undefined;
      return await work(await connection());
    }
  } catch (error) {
    throw await storageError(error);
  }
}

/** Closes the connection; the next use opens it again. */
export async function closeDatabase(): Promise<void> {
  const db = await opening;
  opening = undefined;
  db?.close();
}

function isDeadConnection(error: unknown): boolean {
  return (
    error instanceof Error && (error.name === 'InvalidStateError' || error.name === 'UnknownError')
  );
}
