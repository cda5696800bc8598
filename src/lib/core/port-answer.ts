/** The answer to a `fetch` over a port: the head, then the body's bytes as they are pulled. */
import type { Call } from '#core/caller';
import { PaddockError } from '#core/errors';
import type { FetchChunk } from '#core/methods';

export interface PortAnswer {
  status: number;
  headers: [string, string][];
  /** False for the statuses that the Response constructor refuses a body for. */
  hasBody: boolean;
  /** The next bytes; null at the end. @throws PaddockError as the host says */
  next(): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Cancels the call, also while `next` waits. */
  cancel(): Promise<void>;
}

const NULL_BODY = new Set([101, 204, 205, 304]);

/** Resolves with the head. @throws PaddockError what the host says, or `host_died` when it says nothing */
export async function portAnswer(call: Call<FetchChunk, void>): Promise<PortAnswer> {
  const chunks = call[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done || first.value.type !== 'head') {
    throw new PaddockError('host_died', 'The host ended the answer before it began.');
  }
  const { status, headers } = first.value;
  return {
    status,
    headers,
    hasBody: !NULL_BODY.has(status),
    async next() {
      const next = await chunks.next();
      return next.done || next.value.type !== 'body' ? null : next.value.bytes;
    },
    async cancel() {
      await chunks.return?.();
    },
  };
}
