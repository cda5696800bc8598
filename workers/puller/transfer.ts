/**
 * One blob from its parts into the store. Owns the bytes and their hashes; what to fetch, and the
 * ledger of what is there, is the host's.
 */
import { createSHA256 } from 'hash-wasm';
import type { CallContext } from '#core/callee';
import type { Digest } from '#core/digest';
import { PaddockError, toPaddockError } from '#core/errors';
import type { TransferChunk, TransferParams, TransferPart } from '#core/methods';
import { totalSize } from '#core/total-size';
import type { BlobStore, BlobWriter } from '#store/blob-store';
import { withSpace, type Estimate } from '#store/storage-error';
import { mayRetry, readBody } from './body';
import { delay, type Clock } from './clock';
import { resume, saveState } from './resume';

/** Tries for one part, as Ollama has them; between two 1, 2, 4, 8 and 16 s. */
export const MAX_TRIES = 6;
const PROGRESS_MS = 60;

/** A closed tab's handle on the file lingers until its worker is gone. */
const BUSY_TRIES = 20;
const BUSY_DELAY_MS = 100;

export interface TransferTools {
  store: BlobStore;
  fetch: typeof globalThis.fetch;
  clock: Clock;
  estimate: Estimate;
}

/**
 * Fetches what is missing, verifies each part and the whole, and commits the blob.
 * @throws PaddockError `network`, `missing`, `digest_mismatch`, `storage_full`, `storage_failed`,
 * `aborted`; all parts that were reported stay in the store, but for a mismatch of the whole.
 */
export async function transfer(
  params: TransferParams,
  context: CallContext<TransferChunk>,
  tools: TransferTools,
): Promise<void> {
  const { digest, parts, size } = params;
  let offset = totalSize(parts.slice(0, params.done));
  let writer: BlobWriter | undefined;
  let actual: string;
  try {
    writer = await openWriter(digest, context.signal, tools);
    const whole = await createSHA256();
    const done = await resume(params, writer, whole, await createSHA256());
    offset = totalSize(parts.slice(0, done));
    const job = new Job(writer, context, tools);
    for (const [index, part] of parts.entries()) {
      if (index < done) continue;
      const state = saveState(whole);
      await job.fetchPart(
        part,
        offset,
        (bytes) => void whole.update(bytes),
        () => whole.load(state),
      );
      await writer.flush();
      offset += part.size;
      await context.send({ type: 'part', done: index + 1, hashState: saveState(whole) });
    }
    await context.send({ type: 'verifying' });
    actual = `sha256:${whole.digest('hex')}`;
  } catch (error) {
    throw await withSpace(toPaddockError(error, 'storage_failed'), size - offset, tools.estimate);
  } finally {
    await writer?.close();
  }
  if (actual !== digest || offset !== size) {
    await tools.store.delete(digest); // which part is wrong cannot be known
    throw mismatch(digest, actual);
  }
  await tools.store.commit(digest);
}

/** What all parts of one transfer share. */
class Job {
  readonly #writer: BlobWriter;
  readonly #context: CallContext<TransferChunk>;
  readonly #tools: TransferTools;
  #lastProgress = -Infinity;

  constructor(writer: BlobWriter, context: CallContext<TransferChunk>, tools: TransferTools) {
    this.#writer = writer;
    this.#context = context;
    this.#tools = tools;
  }

  /** Tries until the part is there and verified; `rewind` undoes what `onBytes` was told in a failed try. */
  async fetchPart(
    part: TransferPart,
    offset: number,
    onBytes: (bytes: Uint8Array) => void,
    rewind: () => void,
  ): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#try(part, offset, onBytes);
      } catch (error) {
        if (!(error instanceof PaddockError) || !mayRetry(error) || tries === MAX_TRIES)
          throw error;
      }
      rewind();
      await delay(this.#tools.clock, 1000 * 2 ** (tries - 1), this.#context.signal);
    }
  }

  async #try(part: TransferPart, offset: number, onBytes: (bytes: Uint8Array) => void) {
    const hash = await createSHA256();
    let at = offset;
    for await (const bytes of readBody(part, this.#tools, this.#context.signal)) {
      await this.#writer.write(bytes, at);
      hash.update(bytes);
      onBytes(bytes);
      at += bytes.length;
      await this.#progress(at);
    }
    const actual = `sha256:${hash.digest('hex')}`;
    if (actual !== part.digest) throw mismatch(part.digest, actual);
  }

  async #progress(completed: number) {
    const now = this.#tools.clock.now();
    if (now - this.#lastProgress < PROGRESS_MS) return;
    this.#lastProgress = now;
    await this.#context.send({ type: 'progress', completed });
  }
}

async function openWriter(digest: Digest, signal: AbortSignal, tools: TransferTools) {
  for (let tries = 1; ; tries++) {
    try {
      return await tools.store.writer(digest);
    } catch (error) {
      const busy = error instanceof PaddockError && error.detail.busy === true;
      if (!busy || tries === BUSY_TRIES) throw error;
    }
    await delay(tools.clock, BUSY_DELAY_MS, signal);
  }
}

function mismatch(expected: string, got: string): PaddockError {
  const message = `The data is damaged: expected ${expected}, got ${got}.`;
  return new PaddockError('digest_mismatch', message, { expected, got });
}
