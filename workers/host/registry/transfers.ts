/** The transfers under way, one a digest: pulls of the same blob share it, and it ends with its last reader. */
import type { Digest } from '#core/digest';
import { PaddockError, toPaddockError } from '#core/errors';
import type { BlobOrigin, TransferWait } from '#core/methods';
import { blobKey, repairKey, type WantedBlob } from './blob-key';
import type { RegistryContext } from './context';
import { runTransfer, type TransferWatch, type Work } from './run-transfer';

/** Bytes of the blob that are there, `total` at the end. */
type Progress = number;

/** Told when a transfer waits for its next try, and with null when it does not any more. */
export type OnWait = (wait: TransferWait | null) => void;

/** One transfer, whoever reads it: a slow reader sees fewer steps and does not slow it down. */
class Transfer {
  readonly #stop = new AbortController();
  readonly #listeners = new Set<() => void>();
  /** Resolves, always, when nothing of it runs any more. */
  readonly ended: Promise<void>;
  /** Undefined until the ledger is read: a resumed transfer must not be shown at 0 first. */
  #completed: Progress | undefined;
  #wait: TransferWait | null = null;
  #outcome: { digest: Digest } | { error: PaddockError } | undefined;
  #readers = 0;

  constructor(run: (signal: AbortSignal, watch: TransferWatch) => Promise<Digest>) {
    const watch: TransferWatch = {
      onProgress: (completed) => {
        this.#completed = completed;
        this.#notify();
      },
      onWait: (wait) => {
        this.#wait = wait;
        this.#notify();
      },
    };
    this.ended = run(this.#stop.signal, watch)
      .then(
        (digest) => (this.#outcome = { digest }),
        (error: unknown) => (this.#outcome = { error: toPaddockError(error) }),
      )
      .then(() => this.#notify());
  }

  get stopping(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Yields progress until the blob is committed; its digest. @throws what the transfer threw, or `aborted` */
  async *read(signal: AbortSignal, onWait: OnWait): AsyncGenerator<Progress, Digest, void> {
    this.#readers++;
    let wake = () => {};
    const listener = () => wake();
    this.#listeners.add(listener);
    signal.addEventListener('abort', listener);
    try {
      let seen: Progress | undefined;
      let waited: TransferWait | null = null;
      for (;;) {
        if (signal.aborted) throw new PaddockError('aborted', 'The pull was stopped.');
        if (this.#wait !== waited) onWait((waited = this.#wait));
        const completed = this.#completed;
        if (completed !== undefined && completed !== seen) yield (seen = completed);
        else if (this.#outcome && 'error' in this.#outcome) throw this.#outcome.error;
        else if (this.#outcome) return this.#outcome.digest;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      signal.removeEventListener('abort', listener);
      this.#listeners.delete(listener);
      if (--this.#readers === 0) this.#stop.abort();
    }
  }

  #notify() {
    for (const listener of this.#listeners) listener();
  }
}

export class Transfers {
  readonly #context: RegistryContext;
  readonly #running = new Map<Digest, Transfer>();
  /** By their keys, the blobs whose digests nobody told: what they were found to be. */
  readonly #found = new Map<Digest, Digest>();

  constructor(context: RegistryContext) {
    this.#context = context;
  }

  /**
   * Fetches `blob`, going on from its ledger, or joins the transfer that already does; yields bytes, and ends with the
   * digest of what is in the store. @throws PaddockError as `transfer` in the puller
   */
  async *fetch(
    blob: WantedBlob,
    origin: BlobOrigin,
    signal: AbortSignal,
    onWait: OnWait = () => {},
  ): AsyncGenerator<Progress, Digest, void> {
    const key = await blobKey(blob, origin);
    const { digest, size } = blob;
    await this.#free(key);
    // Under another key it is to take the place of a damaged one.
    const there = digest === key && !this.#running.has(key);
    if (there && (await this.#context.store.has(digest))) {
      yield size;
      return digest;
    }
    return yield* this.#read({ key, digest, size, origin }, signal, onWait);
  }

  /**
   * Fetches again what of a committed blob is damaged, and puts the whole one in its place. The parts are known where
   * they are published, or were observed when the whole last agreed; else all of it is fetched.
   */
  async *repair(
    { digest, size }: { digest: Digest; size: number },
    origin: BlobOrigin,
    signal: AbortSignal,
  ): AsyncGenerator<Progress, Digest, void> {
    const { db, store } = this.#context;
    const key = await repairKey(digest);
    const verified = await db.verified(digest);
    const there = await store.has(digest);
    if (!there || (!verified && origin.kind !== 'parts')) {
      // What is not there may be on its way for somebody else.
      if (there) await store.delete(digest);
      return yield* this.fetch({ digest, size }, origin, signal);
    }
    const blob = await store.open(digest);
    const repair = { blob, parts: verified?.parts ?? [] };
    const work: Work = { key, digest, size, origin, repair, partSize: verified?.partSize };
    return yield* this.#read(work, signal, () => {});
  }

  /** Joins the transfer of this key, or starts one: never one that began to stop meanwhile. */
  async *#read(
    work: Work,
    signal: AbortSignal,
    onWait: OnWait,
  ): AsyncGenerator<Progress, Digest, void> {
    for (;;) {
      await this.#free(work.key);
      const running = this.#running.get(work.key);
      if (running?.stopping) continue;
      return yield* (running ?? this.#start(work)).read(signal, onWait);
    }
  }

  /** A transfer that is stopping still holds the file, and is waited for. */
  async #free(key: Digest): Promise<void> {
    for (;;) {
      const transfer = this.#running.get(key);
      if (!transfer?.stopping) return;
      await transfer.ended;
    }
  }

  /** Whether a transfer of this key is under way, and not about to stop. */
  isRunning(key: Digest): boolean {
    return this.#running.get(key)?.stopping === false;
  }

  /**
   * Resolves when none of `keys` is held by a transfer that is stopping, with what came under them and has a digest of
   * its own: a transfer may end well after its last reader went.
   */
  async stopped(keys: Digest[]): Promise<Digest[]> {
    for (const key of keys) {
      const transfer = this.#running.get(key);
      if (transfer?.stopping) await transfer.ended;
    }
    return keys.map((key) => this.#found.get(key)).filter((digest) => digest !== undefined);
  }

  #start(work: Work): Transfer {
    const onFound = (digest: Digest) => {
      // Bytes from disk have another key each time.
      if (work.origin.kind !== 'bytes') this.#found.set(work.key, digest);
    };
    const transfer = new Transfer((signal, watch) =>
      runTransfer(this.#context, { ...work, onFound }, signal, watch),
    );
    this.#running.set(work.key, transfer);
    void transfer.ended.then(() => {
      if (this.#running.get(work.key) === transfer) this.#running.delete(work.key);
    });
    return transfer;
  }
}
