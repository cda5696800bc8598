/**
 * One blob into the store, from a host or from disk. Owns the bytes and their hashes; what to fetch, and the
 * ledger of what is there, is the host's.
 */
import type { CallContext } from '#core/callee';
import type { Digest } from '#core/digest';
import { PaddockError, toPaddockError } from '#core/errors';
import type { Transferred, TransferChunk, TransferParams } from '#core/methods';
import type { BlobStore, BlobWriter } from '#store/blob-store';
import { withSpace, type Estimate } from '#store/storage-error';
import type { BodyTools } from './body';
import { delay } from './clock';
import { Frontier } from './frontier';
import { Job, mismatch } from './job';
import { Layout } from './layout';
import { takeOver } from './repair';
import { resume } from './resume';
import type { WholeHash } from './whole-hash';

/** A closed tab's handle on the file lingers until its worker is gone. */
const BUSY_TRIES = 20;
const BUSY_DELAY_MS = 100;

export interface TransferTools extends BodyTools {
  store: BlobStore;
  estimate: Estimate;
  /** For a blob of so many bytes. */
  hash: (size: number) => Promise<WholeHash>;
  /** Bytes for which a connection is worth its beginning; a test has small blobs. */
  worthAConnection?: number;
}

/**
 * Fetches what is missing, verifies each part whose digest is known, and the whole, and commits the blob.
 * @throws PaddockError `network` (detail `restart`: begin anew as it says; `discard`: what was kept is of no use),
 * `missing`, `unauthorized`, `rate_limited`, `digest_mismatch`, `storage_full`, `storage_failed`, `aborted`; all parts
 * that were reported stay in the store, but for a mismatch of the whole.
 */
export async function transfer(
  params: TransferParams,
  context: CallContext<TransferChunk>,
  tools: TransferTools,
): Promise<Transferred> {
  const { key, digest, size, origin, partSize, kept, repair } = params;
  const layout = Layout.of(origin, size, partSize, repair?.parts);
  let parts: (Digest | null)[] = layout.pieces.map(() => null);
  let writer: BlobWriter | undefined;
  let whole: WholeHash | undefined;
  let frontier: Frontier | undefined;
  let found: Digest;
  try {
    writer = await openWriter(key, context.signal, tools);
    whole = await tools.hash(size);
    const resumed = await resume(layout, kept, writer, whole);
    parts = resumed.parts;
    if (repair) await takeOver(repair.blob, layout, parts, writer, context.signal);
    const { hashed, state: hashState } = resumed;
    await context.send({ type: 'resumed', parts: [...parts], hashed, hashState });
    const isThere = (index: number) => parts[index] !== null;
    frontier = new Frontier(layout, writer, whole, resumed, isThere);
    const job = new Job(params, layout, parts, writer, frontier, context, tools);
    frontier.advance().catch(() => {}); // `end` tells
    await job.run();
    await context.send({ type: 'verifying' });
    found = await frontier.end();
  } catch (error) {
    const left = layout.pieces.reduce((sum, p) => sum + (parts[p.index] ? 0 : p.size), 0);
    throw await withSpace(toPaddockError(error, 'storage_failed'), left, tools.estimate);
  } finally {
    await frontier?.stop();
    whole?.close();
    await writer?.close();
  }
  if ((digest && found !== digest) || layout.size !== size) {
    await tools.store.delete(key); // which part is wrong cannot be known
    const { code, message, detail } = mismatch(digest ?? '', found);
    throw new PaddockError(code, message, { ...detail, discard: true });
  }
  if (digest === null) await context.send({ type: 'found', digest: found });
  const { damaged = [] } = params;
  const replace = repair !== null || damaged.includes(found);
  await commit(tools.store, key, found, replace || (await tools.store.size(found)) !== size);
  return { digest: found, parts: parts as Digest[] };
}

/** A blob that is there already stays, unless it is known to be wrong. */
async function commit(store: BlobStore, key: Digest, digest: Digest, replace: boolean) {
  if (key !== digest && (await store.has(digest))) {
    if (!replace) return store.delete(key);
    await store.delete(digest);
  }
  await store.commit(key, digest);
}

async function openWriter(key: Digest, signal: AbortSignal, tools: TransferTools) {
  for (let tries = 1; ; tries++) {
    try {
      return await tools.store.writer(key);
    } catch (error) {
      const busy = error instanceof PaddockError && error.detail.busy === true;
      if (!busy || tries === BUSY_TRIES) throw error;
    }
    await delay(tools.clock, BUSY_DELAY_MS, signal);
  }
}
