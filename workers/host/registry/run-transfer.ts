/** One transfer by a puller of its own, with its ledger: what is there, and what was said about it. */
import type { Digest } from '#core/digest';
import { toPaddockError } from '#core/errors';
import type { BlobOrigin, TransferParams, Transferred, TransferWait } from '#core/methods';
import type { RegistryContext } from './context';
import { damagedBlobs } from './damage';
import type { LedgerRecord } from './records';
import { whenFree } from './when-free';

/** Bytes. As much as WebCrypto hashes at once within the puller's share of memory, and few entries in a ledger. */
export const PART_SIZE = 4 * 1024 * 1024;

/** Beginnings of one transfer: a host without ranges costs one more, a file that changes meanwhile another. */
const MAX_BEGINNINGS = 4;

export interface Work {
  key: Digest;
  digest: Digest | null;
  /** Bytes. */
  size: number;
  origin: BlobOrigin;
  repair?: TransferParams['repair'];
  partSize?: number;
  /** Told the digest of a blob that has none here, just before it is committed. */
  onFound?(digest: Digest): void;
}

/** What is told of a transfer. */
export interface TransferWatch {
  /** Bytes that are there. */
  onProgress(completed: number): void;
  /** Nothing comes before its next try; null: something may come again. */
  onWait(wait: TransferWait | null): void;
}

type Way = Pick<TransferParams, 'whole' | 'validate'>;

/** Ends with the digest of the committed blob. @throws PaddockError as the puller's `transfer` */
export async function runTransfer(
  context: RegistryContext,
  work: Work,
  signal: AbortSignal,
  watch: TransferWatch,
): Promise<Digest> {
  const { db, store } = context;
  const { key, size, origin } = work;
  const way: Way = { whole: false, validate: true };
  const forget = async () => {
    await whenFree(() => store.delete(key));
    await db.deleteLedger(key);
  };
  for (let beginnings = 1; ; beginnings++) {
    const ledger = await ledgerOf(context, work);
    try {
      const { digest, parts } = await call(context, work, ledger, way, signal, watch);
      const partSize = uniform(origin, ledger.partSize);
      if (partSize && size > 0) await db.putVerified({ digest, partSize, parts });
      // Of what was begun under the digest too, whose place this takes.
      for (const done of new Set([key, digest])) await db.deleteLedger(done);
      await db.deleteDamaged(digest);
      return digest;
    } catch (error) {
      const { code, detail } = toPaddockError(error);
      if (code === 'network_off') context.onRefused(String(detail.url));
      if (detail.restart && beginnings < MAX_BEGINNINGS) {
        if (detail.restart === 'whole') way.whole = true;
        // Hosts of one name may call one version differently; the whole digest is the guard then.
        else if (work.digest && beginnings > 1) way.validate = false;
        await forget();
        continue;
      }
      if (detail.discard || detail.restart || origin.kind === 'bytes') await forget();
      throw error;
    }
  }
}

async function call(
  context: RegistryContext,
  { key, digest, size, origin, repair = null, onFound }: Work,
  ledger: LedgerRecord,
  way: Way,
  signal: AbortSignal,
  watch: TransferWatch,
): Promise<Transferred> {
  const { db, startPuller } = context;
  const { partSize } = ledger;
  const damaged = [...(await damagedBlobs(context))];
  const bytesKept = () =>
    ledger.parts.reduce((sum, part, index) => {
      if (part === null) return sum;
      const published = origin.kind === 'parts' ? origin.parts[index] : undefined;
      return sum + (published?.size ?? Math.min(partSize, size - index * partSize));
    }, 0);
  let told = bytesKept();
  watch.onProgress(told);
  const puller = startPuller();
  try {
    const params = { key, digest, size, origin, partSize, kept: ledger, repair, damaged, ...way };
    const transfer = puller.caller.call('transfer', params, { signal });
    for await (const chunk of transfer) {
      if (chunk.type === 'progress') watch.onProgress((told = chunk.completed));
      if (chunk.type === 'waiting') watch.onWait(chunk.wait);
      if (chunk.type === 'resumed') {
        const { parts, hashed, hashState } = chunk;
        Object.assign(ledger, { parts: [...parts], hashed, hashState });
        watch.onProgress((told = bytesKept()));
      }
      if (chunk.type === 'found') onFound?.(chunk.digest);
      if (chunk.type !== 'part') continue;
      const { index, digest, hashed, hashState, validator } = chunk;
      ledger.parts[index] = digest;
      Object.assign(ledger, { hashed, hashState, validator });
      if (origin.kind !== 'bytes') await db.putLedger(ledger);
      // Progress comes every 60 ms at most: a line that falls silent now must not leave it short of this part.
      if (bytesKept() > told) watch.onProgress((told = bytesKept()));
    }
    watch.onProgress(size);
    return await transfer.result;
  } catch (error) {
    watch.onProgress(bytesKept()); // a part that did not come whole and right counts for nothing
    throw error;
  } finally {
    puller.terminate();
  }
}

/** What is left of an earlier session, or an empty one; parts that were published otherwise since do not count. */
async function ledgerOf(
  { db, partSize: usual }: RegistryContext,
  { key, size, origin, partSize: asked }: Work,
): Promise<LedgerRecord> {
  const found = await db.ledger(key);
  const published = origin.kind === 'parts' ? origin.parts : null;
  const wanted = published ? (published[0]?.size ?? size) : (asked ?? found?.partSize ?? usual);
  const fits = found?.size === size && found.partSize === wanted;
  const length = published?.length ?? Math.ceil(size / wanted);
  const parts = Array.from({ length }, (_, index) => {
    const part = (fits && found.parts[index]) || null;
    return published && part !== published[index]!.digest ? null : part;
  });
  const { hashed = 0, hashState = null, validator = null } = fits ? found : {};
  return { digest: key, size, partSize: wanted, parts, hashed, hashState, validator };
}

/** The size of all parts but the last; null where they differ. */
function uniform(origin: BlobOrigin, partSize: number): number | null {
  if (origin.kind !== 'parts') return partSize;
  return origin.parts.slice(0, -1).every(({ size }) => size === partSize) ? partSize : null;
}
