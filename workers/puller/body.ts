/** One try at bytes of a file: they come as the network hands them over, counted and watched. */
import { PaddockError } from '#core/errors';
import { chunksOf } from './chunks';
import type { Clock } from './clock';
import { network, shown } from './faults';
import { checkPlain, checkRange } from './response';

/** Without a byte for this long a try is given up. Ollama's figure. */
export const STALL_MS = 30_000;

export interface Wanted {
  url: string;
  /** For this address's host alone: a browser drops an `Authorization` on the way to another. */
  headers: Record<string, string>;
  /** Bytes of the file; null: all of it, without asking for a range. */
  range: [from: number, to: number] | null;
  /** Bytes of the whole file. */
  size: number;
}

export interface BodyTools {
  fetch: typeof globalThis.fetch;
  clock: Clock;
}

/**
 * The bytes that were asked for, exactly so many in all; a chunk is good until the next is asked for. `onHead` is
 * told the answer's validator before the first.
 * @throws PaddockError `missing`, `unauthorized`, `rate_limited`, `network` (detail: url), `aborted`
 */
export async function* readBody(
  { url, headers, range, size }: Wanted,
  { fetch, clock }: BodyTools,
  signal: AbortSignal,
  onHead: (validator: string | null) => void = () => {},
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const attempt = new AbortController();
  const stop = () => attempt.abort();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  let stalled = false;
  const watched = async <T>(work: Promise<T>): Promise<T> => {
    const takeBack = clock.after(STALL_MS, () => {
      stalled = true;
      stop();
    });
    return work.finally(takeBack);
  };
  const failed = (error: unknown) => {
    if (signal.aborted) return new PaddockError('aborted', 'The transfer was stopped.');
    if (stalled) return network(url, `nothing arrived for ${STALL_MS / 1000} s`);
    if (!(error instanceof PaddockError)) return network(url, String(error));
    // Cut in the middle: whoever cut it knew of no address.
    return new PaddockError(error.code, error.message, { url: shown(url), ...error.detail });
  };

  try {
    const asked = range ? { ...headers, Range: `bytes=${range[0]}-${range[1] - 1}` } : headers;
    // The browser's cache would hold the bytes a second time, and a damaged answer for good.
    const options: RequestInit = { signal: attempt.signal, cache: 'no-store', headers: asked };
    const response = await watched(fetch(url, options));
    const body = range ? checkRange(url, response, range, size) : checkPlain(url, response);
    onHead(validatorOf(response));
    const expected = range ? range[1] - range[0] : size;
    const next = chunksOf(body);
    let received = 0;
    for (;;) {
      const { done, value } = await watched(next());
      if (done) break;
      received += value.length;
      if (received > expected) {
        throw network(url, `more than ${expected} bytes came`, { final: true });
      }
      yield value;
    }
    if (received < expected) {
      throw network(url, `it ended after ${received} of ${expected} bytes`);
    }
  } catch (error) {
    throw failed(error);
  } finally {
    signal.removeEventListener('abort', stop);
    stop(); // frees the connection when the reader stopped early
  }
}

/** Another site's `ETag` is often hidden; `Last-Modified` never is. */
function validatorOf({ headers }: Response): string | null {
  return headers.get('etag') ?? headers.get('last-modified');
}
