/** IndexedDB `paddock-models`: names to manifests, and the ledgers of unfinished blobs. The host is its one writer. */
import type { DBSchema, IDBPDatabase } from 'idb';
import { parseDigest, type Digest } from '#core/digest';
import type { WeightsFacts } from '#core/weights-facts';
import { Connection, type Migrations } from '#store/connection';
import type { Reference } from '../bench/references';
import { readReference } from './reference-records';
import { LIMIT_KEY, readLimit, readPull } from './pull-records';
import {
  readLedger,
  readManifest,
  readVerified,
  type DamageRecord,
  type LedgerRecord,
  type LibraryRecord,
  type LimitRecord,
  type ManifestRecord,
  type NoteRecord,
  type PullRecord,
  type SettingRecord,
  type StoredManifest,
  type TokenRecord,
  type UsageRecord,
  type VerifiedRecord,
} from './records';

interface Schema extends DBSchema {
  manifests: { key: string; value: ManifestRecord };
  ledgers: { key: Digest; value: LedgerRecord };
  pulls: { key: string; value: PullRecord | LimitRecord };
  usage: { key: string; value: UsageRecord };
  tokens: { key: string; value: TokenRecord };
  verified: { key: Digest; value: VerifiedRecord };
  settings: { key: string; value: SettingRecord };
  damaged: { key: Digest; value: DamageRecord };
  libraries: { key: string; value: LibraryRecord };
  references: { key: Digest; value: Reference };
  engine_notes: { key: [Digest, string]; value: NoteRecord; indexes: { byUsedAt: number } };
}

type Database = IDBPDatabase<Schema>;

const MIGRATIONS: Migrations<Schema> = [
  (db) => {
    db.createObjectStore('manifests', { keyPath: 'key' });
    db.createObjectStore('ledgers', { keyPath: 'digest' });
  },
  (db) => {
    db.createObjectStore('pulls', { keyPath: 'key' });
    db.createObjectStore('usage', { keyPath: 'key' });
    db.createObjectStore('tokens', { keyPath: 'host' });
    db.createObjectStore('verified', { keyPath: 'digest' });
    db.createObjectStore('settings', { keyPath: 'key' });
  },
  (db) => void db.createObjectStore('damaged', { keyPath: 'digest' }),
  (db) => void db.createObjectStore('libraries', { keyPath: 'url' }),
  (db) => void db.createObjectStore('references', { keyPath: 'weights' }),
  (db) => {
    const notes = db.createObjectStore('engine_notes', { keyPath: ['weights', 'key'] });
    notes.createIndex('byUsedAt', 'usedAt');
  },
];

/** Of all models together; who has not been used for longest goes first. */
const MOST_NOTES = 64;

/** The keys of all notes of these weights: in IndexedDB's order an array is behind every string. */
const notesOf = (weights: Digest) => IDBKeyRange.bound([weights], [weights, []]);

export interface AllManifests {
  good: StoredManifest[];
  /** Records that cannot be read. */
  corrupt: number;
  /** Their keys, by which they can be deleted. */
  corruptKeys: string[];
}

/** Every method @throws PaddockError `storage_missing`, `storage_full`, `storage_denied`, `storage_failed`. */
export class RegistryDb {
  readonly #connection: Connection<Schema>;

  constructor(name = 'paddock-models') {
    this.#connection = new Connection(name, MIGRATIONS);
  }

  async manifests(): Promise<AllManifests> {
    const records = await this.#run('read the models', (db) => db.getAll('manifests'));
    const read = records.map(readManifest);
    const good = read.filter((record) => record !== null);
    const corruptKeys = records.flatMap(({ key }, index) => (read[index] ? [] : [key]));
    return { good, corrupt: records.length - good.length, corruptKeys };
  }

  /** Null when there is none, or a damaged one. */
  async manifest(key: string): Promise<StoredManifest | null> {
    return readManifest(await this.#run('read a model', (db) => db.get('manifests', key)));
  }

  /** Resolves when the record would survive a power cut. */
  async putManifest(record: ManifestRecord): Promise<void> {
    await this.#run('save a model', async (db) => {
      const change = db.transaction('manifests', 'readwrite', { durability: 'strict' });
      await Promise.all([change.store.put(record), change.done]);
    });
  }

  /** Keeps what was found in the weights, if the model is still the one that was looked at. */
  async putFacts(key: string, digest: Digest, facts: WeightsFacts): Promise<void> {
    await this.#run('save what a model is', async (db) => {
      const change = db.transaction('manifests', 'readwrite');
      const record = await change.store.get(key);
      if (record?.digest === digest) await change.store.put({ ...record, facts });
      await change.done;
    });
  }

  /** When each model was last used, in milliseconds since the epoch, by `nameKey`. */
  async usage(): Promise<Map<string, number>> {
    const records = await this.#run('read when models were used', (db) => db.getAll('usage'));
    const good = records.filter((record) => Number.isFinite(record?.usedAt));
    return new Map(good.map(({ key, usedAt }) => [key, usedAt]));
  }

  async putUsage(record: UsageRecord): Promise<void> {
    await this.#run('save when a model was used', (db) => db.put('usage', record));
  }

  async deleteUsage(key: string): Promise<void> {
    await this.#run('forget when a model was used', (db) => db.delete('usage', key));
  }

  /** False when there was none; a damaged record goes too. */
  async deleteManifest(key: string): Promise<boolean> {
    return this.#run('delete a model', async (db) => {
      const change = db.transaction('manifests', 'readwrite', { durability: 'strict' });
      const there = (await change.store.count(key)) > 0;
      await Promise.all([change.store.delete(key), change.done]);
      return there;
    });
  }

  async ledger(digest: Digest): Promise<LedgerRecord | null> {
    return readLedger(await this.#run('read a ledger', (db) => db.get('ledgers', digest)));
  }

  async ledgerDigests(): Promise<Digest[]> {
    return this.#run('read the ledgers', (db) => db.getAllKeys('ledgers'));
  }

  async putLedger(record: LedgerRecord): Promise<void> {
    await this.#run('save a ledger', (db) => db.put('ledgers', record));
  }

  async deleteLedger(digest: Digest): Promise<void> {
    await this.#run('delete a ledger', (db) => db.delete('ledgers', digest));
  }

  /** Null where the blob's parts are not known. */
  async verified(digest: Digest): Promise<VerifiedRecord | null> {
    return readVerified(await this.#run('read a digest', (db) => db.get('verified', digest)));
  }

  async putVerified(record: VerifiedRecord): Promise<void> {
    await this.#run('save the digests', (db) => db.put('verified', record));
  }

  async deleteVerified(digest: Digest): Promise<void> {
    await this.#run('delete the digests', (db) => db.delete('verified', digest));
  }

  /** Null where none was given, or the record is damaged. */
  async token(host: string): Promise<string | null> {
    const record = await this.#run('read a token', (db) => db.get('tokens', host));
    return typeof record?.token === 'string' ? record.token : null;
  }

  async tokenHosts(): Promise<string[]> {
    return this.#run('read the tokens', (db) => db.getAllKeys('tokens'));
  }

  /** Null forgets it. */
  async putToken(host: string, token: string | null): Promise<void> {
    await this.#run('save a token', async (db) => {
      await (token === null ? db.delete('tokens', host) : db.put('tokens', { host, token }));
    });
  }

  async setting(key: SettingRecord['key']): Promise<string | null> {
    const record = await this.#run('read a setting', (db) => db.get('settings', key));
    return typeof record?.value === 'string' ? record.value : null;
  }

  /** Null forgets it. */
  async putSetting(key: SettingRecord['key'], value: string | null): Promise<void> {
    await this.#run('save a setting', async (db) => {
      await (value === null ? db.delete('settings', key) : db.put('settings', { key, value }));
    });
  }

  /** The queue, in no order; a damaged record is left out. */
  async pulls(): Promise<PullRecord[]> {
    const records = await this.#run('read the queue', (db) => db.getAll('pulls'));
    return records.map(readPull).filter((record) => record !== null);
  }

  async putPull(record: PullRecord): Promise<void> {
    await this.#run('save a download', (db) => db.put('pulls', record));
  }

  async deletePull(key: string): Promise<void> {
    await this.#run('delete a download', (db) => db.delete('pulls', key));
  }

  /** Null where nobody has chosen. */
  async pullLimit(): Promise<number | null> {
    return readLimit(await this.#run('read the queue', (db) => db.get('pulls', LIMIT_KEY)));
  }

  async putPullLimit(parallel: number): Promise<void> {
    await this.#run('save the limit', (db) => db.put('pulls', { key: LIMIT_KEY, parallel }));
  }

  /** What was known by this key (see `mlc/trust.ts`) when it was first used, or was last accepted; null: nothing yet. */
  async library(key: string): Promise<Digest | null> {
    const record = await this.#run('read a library', (db) => db.get('libraries', key));
    return parseDigest(record?.digest);
  }

  /** Keeps `record` where nothing is known yet, or it is what was `accepted`; resolves with what is known then. */
  async noteLibrary(record: LibraryRecord, accepted?: Digest): Promise<Digest> {
    return this.#run('save a library', async (db) => {
      const change = db.transaction('libraries', 'readwrite', { durability: 'strict' });
      const known = parseDigest((await change.store.get(record.url))?.digest);
      const takes = known === null || record.digest === accepted;
      if (takes) await change.store.put(record);
      await change.done;
      return takes ? record.digest : known;
    });
  }

  /** Damaged blobs, with the moment of which that is true. */
  async damaged(): Promise<Map<Digest, number>> {
    const records = await this.#run('read the checks', (db) => db.getAll('damaged'));
    return new Map(records.map(({ digest, modifiedAt }) => [digest, modifiedAt]));
  }

  async putDamaged(record: DamageRecord): Promise<void> {
    await this.#run('save a check', (db) => db.put('damaged', record));
  }

  async deleteDamaged(digest: Digest): Promise<void> {
    await this.#run('save a check', (db) => db.delete('damaged', digest));
  }

  /** What was found of a blob that is gone. */
  async forgetBlob(digest: Digest): Promise<void> {
    await this.#run('forget a blob', async (db) => {
      const stores = ['verified', 'damaged', 'references'] as const;
      const change = db.transaction([...stores, 'engine_notes'] as const, 'readwrite');
      const gone = stores.map((store) => change.objectStore(store).delete(digest));
      const notes = change.objectStore('engine_notes').delete(notesOf(digest));
      await Promise.all([...gone, notes, change.done]);
    });
  }

  /** What a benchmark compares a model's text with; null where there is none, or a damaged one. */
  async reference(weights: Digest): Promise<Reference | null> {
    return readReference(
      await this.#run('read a reference', (db) => db.get('references', weights)),
    );
  }

  async putReference(reference: Reference): Promise<void> {
    await this.#run('save a reference', (db) => db.put('references', reference));
  }

  /** What engines noted of these weights, in use from `now` on. Damaged records are left out. */
  async engineNotes(weights: Digest, now: number): Promise<NoteRecord[]> {
    return this.#run('read what an engine noted', async (db) => {
      const change = db.transaction('engine_notes', 'readwrite');
      const records = await change.store.getAll(notesOf(weights));
      const used = records.map((record) => change.store.put({ ...record, usedAt: now }));
      await Promise.all([...used, change.done]);
      return records.filter((record) => 'value' in record);
    });
  }

  /** Keeps it in the place of an older one; beyond 64 those that were not used for longest go. */
  async putEngineNote(note: NoteRecord): Promise<void> {
    await this.#run('save what an engine noted', async (db) => {
      const change = db.transaction('engine_notes', 'readwrite');
      await change.store.put(note);
      const keys = await change.store.index('byUsedAt').getAllKeys();
      const gone = keys.slice(0, -MOST_NOTES).map((key) => change.store.delete(key));
      await Promise.all([...gone, change.done]);
    });
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  #run<T>(doing: string, work: (db: Database) => Promise<T>): Promise<T> {
    return this.#connection.run(doing, work);
  }
}
