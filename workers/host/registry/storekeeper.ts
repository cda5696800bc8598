/** What lies on this device, and what to do about it: the registry's side of `/api/paddock/storage`. */
import type { Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { blobsOf } from '#core/manifest';
import { displayName, nameKey, parseName, type ModelName } from '#core/names';
import type { CheckLine, StorageReport, StoredModel } from '#core/paddock-api';
import { totalSize } from '#core/total-size';
import type { BlobEntry } from '#store/blob-store';
import { check } from './check';
import type { RegistryContext } from './context';
import { damagedBlobs } from './damage';
import { discard, isAtWork, isBusy, namedBy, referenced } from './gc';
import type { PullStatus } from './pull';
import { repair } from './repair';
import type { StoredManifest } from './records';
import type { Transfers } from './transfers';

export class Storekeeper {
  readonly #context: RegistryContext;
  readonly #transfers: Transfers;
  readonly #changed: () => void;

  /** `changed` is called when what is known of a model may have changed. */
  constructor(context: RegistryContext, transfers: Transfers, changed: () => void) {
    this.#context = context;
    this.#transfers = transfers;
    this.#changed = changed;
  }

  async report(): Promise<StorageReport> {
    const { db, estimate, store } = this.#context;
    const [{ good, corrupt, corruptKeys }, blobs, unfinished, damaged, usage] = await Promise.all([
      db.manifests(),
      store.list(),
      store.listUnfinished(),
      damagedBlobs(this.#context),
      db.usage(),
    ]);
    const { quota = null, usage: used = null } = await estimate();
    const { kind, reason } = store;
    const needed = (await referenced(this.#context)) ?? namedBy(good);
    const orphans = blobs.filter(({ digest }) => !needed.has(digest));
    const sum = (entries: BlobEntry[]) => ({ count: entries.length, size: totalSize(entries) });
    return {
      kind,
      ...(reason !== undefined && { reason }),
      quota,
      usage: used,
      models: storedModels(good, blobs, damaged, usage),
      orphans: sum(orphans.filter(({ digest }) => !isAtWork(this.#context, digest))),
      unfinished: sum(unfinished),
      corrupt,
      corrupt_names: corruptKeys.flatMap((key) => {
        const name = parseName(String(key));
        return name ? [displayName(name)] : [];
      }),
    };
  }

  /** Of one model, or of all. @throws PaddockError `model_not_found`, and as `check` */
  async *check(name: ModelName | null, signal: AbortSignal): AsyncGenerator<CheckLine, void, void> {
    const models = name ? [await this.#find(name)] : (await this.#context.db.manifests()).good;
    try {
      yield* check(this.#context, models, signal);
    } finally {
      this.#changed();
    }
  }

  /** @throws PaddockError `model_not_found`, and as `repair` */
  async *repair(
    name: ModelName,
    signal: AbortSignal,
    acceptLibrary?: Digest,
  ): AsyncGenerator<PullStatus, void, void> {
    try {
      const model = await this.#find(name);
      yield* repair(this.#context, this.#transfers, model, signal, acceptLibrary);
    } finally {
      this.#changed();
    }
  }

  /**
   * Removes the finished and the unfinished blobs that no model and no pull needs, however young: somebody asked for
   * it. What is in use stays, and for an hour what came from disk. @throws PaddockError `storage_failed` while a manifest cannot be read
   */
  collect(): Promise<{ removed: number; size: number }> {
    const { cleaning, db, store } = this.#context;
    return cleaning.run(async () => {
      const used = await referenced(this.#context);
      if (!used) {
        const message = 'The record of a model cannot be read, so what it needs is not known';
        throw new PaddockError('storage_failed', message);
      }
      const all = [...(await store.list()), ...(await store.listUnfinished())];
      const unused = all.filter(
        ({ digest }) => !used.has(digest) && !isAtWork(this.#context, digest),
      );
      const gone: BlobEntry[] = [];
      for (const blob of unused) {
        if (!(await discard(this.#context, blob.digest, isBusy))) continue;
        await db.deleteLedger(blob.digest);
        gone.push(blob);
      }
      return { removed: gone.length, size: totalSize(gone) };
    });
  }

  async #find(name: ModelName): Promise<StoredManifest> {
    const record = await this.#context.db.manifest(nameKey(name));
    if (record) return record;
    throw new PaddockError('model_not_found', `model '${displayName(name)}' not found`);
  }
}

function storedModels(
  records: StoredManifest[],
  entries: BlobEntry[],
  damaged: Set<Digest>,
  usage: Map<string, number>,
): StoredModel[] {
  const there = new Map(entries.map(({ digest, size }) => [digest, size]));
  const users = new Map<Digest, number>();
  for (const { manifest } of records) {
    for (const { digest } of blobsOf(manifest)) users.set(digest, (users.get(digest) ?? 0) + 1);
  }
  return [...records]
    .sort((a, b) => b.modifiedAt - a.modifiedAt)
    .map(({ key, name, manifest }) => {
      const blobs = blobsOf(manifest);
      const used = usage.get(key);
      const missing = blobs.some(({ digest, size }) => there.get(digest) !== size);
      const isDamaged = blobs.some(({ digest }) => damaged.has(digest));
      return {
        name: displayName(name),
        size: totalSize(blobs),
        own_size: totalSize(blobs.filter(({ digest }) => users.get(digest) === 1)),
        last_used: used === undefined ? null : new Date(used).toISOString(),
        ...(isDamaged ? { state: 'damaged' } : missing ? { state: 'missing' } : {}),
      } satisfies StoredModel;
    });
}
