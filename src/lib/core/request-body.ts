/** Reads a request's body up to the limit that the service worker and the host share. */
import { PaddockError } from '#core/errors';

/** Bytes. A request larger than this is refused: images come as base64, and models by `takesFile`. */
export const MAX_BODY = 64 * 1024 * 1024;

/** Their bodies are files of any size, which are never read whole: `inspect` looks at the header alone. */
const FILES = /^api\/(blobs\/[^/]*|paddock\/(blobs|inspect))$/;

/** Whether what is sent to `path`, which counts from the site's folder, is a file. */
export function takesFile(path: string): boolean {
  return FILES.test(path);
}

/**
 * The body's bytes; null when the request has none. Stops reading at the limit, and when `signal` aborts.
 * @throws PaddockError `too_large` (detail: limit, in bytes); the reason of `signal`
 */
export async function readBytes(
  request: Request,
  { limit = MAX_BODY, signal }: { limit?: number; signal?: AbortSignal } = {},
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (request.body === null) return null;
  // Firefox has no `Request.body`; its blob is read only once its size is known to be small enough.
  if (!('body' in request)) return blobBytes(await (request as Request).blob(), limit);
  const reader = request.body.getReader();
  // Not awaited: a sender that never ends may never say that it has been cancelled either.
  const stop = () => void reader.cancel().catch(() => {});
  signal?.addEventListener('abort', stop, { once: true });
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length;
    if (size > limit) {
      stop();
      throw tooLarge(limit);
    }
    pieces.push(next.value);
  }
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted(); // the end was ours
  return join(pieces, size);
}

async function blobBytes(blob: Blob, limit: number): Promise<Uint8Array<ArrayBuffer> | null> {
  if (blob.size === 0) return null;
  if (blob.size > limit) throw tooLarge(limit);
  return new Uint8Array(await blob.arrayBuffer());
}

/** Lets go of each piece as it is copied. */
function join(pieces: Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size);
  let at = 0;
  for (let piece = pieces.shift(); piece; piece = pieces.shift()) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function tooLarge(limit: number): PaddockError {
  const megabytes = Math.floor(limit / (1024 * 1024));
  return new PaddockError('too_large', `The request's body is larger than ${megabytes} MB.`, {
    limit,
  });
}
