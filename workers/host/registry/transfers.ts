/** The transfers under way, one a digest: pulls of the same blob share it, and it ends with its last reader. */
import type { Digest } from '#core/digest';
import { PaddockError, toPaddockError } from '#core/errors';
import type { Layer } from '#core/manifest';
import type { BlobOrigin, TransferPart } from '#core/methods';
import { totalSize } from '#core/total-size';
import type { RegistryContext } from './context';

/** Bytes of the blob that are there, `total` at the end. */
type Progress = number;

/** One transfer, whoever reads it: a slow reader sees fewer steps and does not slow it down. */
class Transfer {
  readonly #stop = new AbortController();
  readonly #listeners = new Set<() => void>();
  /** Resolves, always, when nothing of it runs any more. */
  readonly ended: Promise<void>;
  /** Undefined until the ledger is read: a resumed transfer must not be shown at 0 first. */
  #completed: Progress | undefined;
  #outcome: { error?: PaddockError } | undefined;
  #readers = 0;

  constructor(
    run: (signal: AbortSignal, onProgress: (completed: Progress) => void) => Promise<void>,
  ) {
    this.ended = run(this.#stop.signal, (completed) => {
      this.#completed = completed;
      this.#notify();
    })
      .then(
        () => (this.#outcome = {}),
        (error: unknown) => (this.#outcome = { error: toPaddockError(error) }),
      )
      .then(() => this.#notify());
  }

  get stopping(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Yields progress until the blob is committed. @throws what the transfer threw, or `aborted` */
  async *read(signal: AbortSignal): AsyncGenerator<Progress, void, void> {
    this.#readers++;
    let wake = () => {};
    const listener = () => wake();
    this.#listeners.add(listener);
    signal.addEventListener('abort', listener);
    try {
      let seen: Progress | undefined;
      for (;;) {
        if (signal.aborted) throw new PaddockError('aborted', 'The pull was stopped.');
        const completed = this.#completed;
        if (completed !== undefined && completed !== seen) yield (seen = completed);
        else if (this.#outcome?.error) throw this.#outcome.error;
        else if (this.#outcome) return;
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

  constructor(context: RegistryContext) {
    this.#context = context;
  }

  /** Fetches `blob`, going on from its ledger, or joins the transfer that already does; yields bytes. */
  async *fetch(
    blob: Layer,
    origin: BlobOrigin,
    signal: AbortSignal,
  ): AsyncGenerator<Progress, void, void> {
    let transfer = this.#running.get(blob.digest);
    while (transfer?.stopping) {
      await transfer.ended; // it still holds the file
      transfer = this.#running.get(blob.digest);
    }
    if (!transfer && (await this.#context.store.has(blob.digest))) return yield blob.size;
    transfer ??= this.#running.get(blob.digest) ?? this.#start(blob, origin);
    yield* transfer.read(signal);
  }

  /** Resolves when none of `digests` is held by a transfer that is stopping. */
  async stopped(digests: Digest[]): Promise<void> {
    for (const digest of digests) {
      const transfer = this.#running.get(digest);
      if (transfer?.stopping) await transfer.ended;
    }
  }

  #start(blob: Layer, origin: BlobOrigin): Transfer {
    const transfer = new Transfer((signal, onProgress) =>
      runTransfer(this.#context, blob, origin, signal, onProgress),
    );
    this.#running.set(blob.digest, transfer);
    void transfer.ended.then(() => {
      if (this.#running.get(blob.digest) === transfer) this.#running.delete(blob.digest);
    });
    return transfer;
  }
}

async function runTransfer(
  { db, onRefused, startPuller }: RegistryContext,
  { digest, size }: Layer,
  origin: BlobOrigin,
  signal: AbortSignal,
  onProgress: (completed: Progress) => void,
): Promise<void> {
  const parts = partsOf(origin, digest, size);
  const ledger = await db.ledger(digest);
  // The parts may be cut anew since: those that still agree, from the first, count.
  const known = ledger?.parts ?? [];
  const differs = known.findIndex((part, index) => part !== parts[index]?.digest);
  const done = differs === -1 ? known.length : differs;
  const hashState = ledger && done === known.length ? ledger.hashState : null;
  let kept = totalSize(parts.slice(0, done));
  onProgress(kept);

  const puller = startPuller();
  try {
    const call = puller.caller.call(
      'transfer',
      { digest, size, parts, done, hashState },
      { signal },
    );
    for await (const chunk of call) {
      if (chunk.type === 'progress') onProgress(chunk.completed);
      if (chunk.type !== 'part') continue;
      const verified = parts.slice(0, chunk.done);
      await db.putLedger({
        digest,
        parts: verified.map((part) => part.digest),
        hashState: chunk.hashState,
      });
      onProgress((kept = totalSize(verified)));
    }
    await call.result;
  } catch (error) {
    onProgress(kept); // a part that did not come whole and right counts for nothing
    const { code, detail } = toPaddockError(error);
    if (code === 'network_off') onRefused(String(detail.url));
    throw error;
  } finally {
    puller.terminate();
  }
  await db.deleteLedger(digest);
}

/** A file that is published whole is one part. */
function partsOf(origin: BlobOrigin, digest: Digest, size: number): TransferPart[] {
  if (origin.kind === 'parts') return origin.parts;
  if (origin.kind === 'file') return [{ url: origin.url, digest, size }];
  throw new PaddockError('not_supported', 'Bytes from disk');
}
