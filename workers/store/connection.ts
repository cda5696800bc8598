/** One connection to an IndexedDB database: opened at first use, and again when the browser dropped it. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { PaddockError } from '#core/errors';
import { storageError } from '#store/storage-error';

/** A connection that the browser dropped shows itself by one of these; Safari drops them when a tab returns. */
const LOST = new Set(['InvalidStateError', 'UnknownError']);

/** The n-th brings version n to n + 1; append only. */
export type Migrations<S extends DBSchema> = ((db: IDBPDatabase<S>) => void)[];

export class Connection<S extends DBSchema> {
  readonly #name: string;
  readonly #migrations: Migrations<S>;
  #opening: Promise<IDBPDatabase<S>> | undefined;

  constructor(name: string, migrations: Migrations<S>) {
    this.#name = name;
    this.#migrations = migrations;
  }

  /**
   * `doing` completes the error's message ("Could not …"). `work` may run twice: a lost connection is opened again,
   * once. @throws PaddockError `storage_missing`, `storage_full`, `storage_denied`, `storage_failed`, `other_version`
   */
  async run<T>(doing: string, work: (db: IDBPDatabase<S>) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#open());
    } catch (error) {
      if (!(error instanceof Error && LOST.has(error.name))) throw storageError(error, doing);
    }
    this.#opening = undefined;
    try {
      return await work(await this.#open());
    } catch (error) {
      throw storageError(error, doing);
    }
  }

  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    (await opening?.catch(() => null))?.close(); // one that did not open told whoever wanted it
  }

  #open(): Promise<IDBPDatabase<S>> {
    if (this.#opening) return this.#opening;
    const forget = () => {
      if (this.#opening === opening) this.#opening = undefined;
    };
    const opening = this.#connect(forget);
    opening.catch(forget);
    return (this.#opening = opening);
  }

  async #connect(forget: () => void): Promise<IDBPDatabase<S>> {
    if (!('indexedDB' in globalThis)) {
      const lacking = { lacking: 'IndexedDB' };
      throw new PaddockError('storage_missing', 'This browser has no IndexedDB.', lacking);
    }
    const migrations = this.#migrations;
    return openDB<S>(this.#name, migrations.length, {
      upgrade(db, from) {
        for (const migrate of migrations.slice(from)) migrate(db);
      },
      // A newer Paddock in another tab wants to migrate: it must not wait for us.
      blocking(_current, _blocked, event) {
        forget();
        (event.target as IDBDatabase).close();
      },
      terminated: forget,
    });
  }
}
