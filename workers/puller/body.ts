/** One try at the bytes of one part: they come as the network hands them over, counted and watched. */
import { PaddockError } from '#core/errors';
import type { TransferPart } from '#core/methods';
import type { Clock } from './clock';

/** Without a byte for this long a try is given up. Ollama's figure. */
export const STALL_MS = 30_000;

/** Statuses that another try may change; any other refusal is final. */
const PASSING = new Set([408, 425, 429]);

/** True where another try may help: the way to the host failed, not what it said. */
export function mayRetry(error: PaddockError): boolean {
  return error.code === 'network' && error.detail.final !== true;
}

/**
 * The part's bytes, exactly `part.size` of them in all.
 * @throws PaddockError `missing`, `network` (detail: url), `aborted`
 */
export async function* readBody(
  part: TransferPart,
  { fetch, clock }: { fetch: typeof globalThis.fetch; clock: Clock },
  signal: AbortSignal,
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
    if (stalled) return network(part, `nothing arrived for ${STALL_MS / 1000} s`);
    if (!(error instanceof PaddockError)) return network(part, String(error));
    // Cut in the middle: whoever cut it knew of no address.
    return new PaddockError(error.code, error.message, { url: part.url, ...error.detail });
  };

  try {
    // The browser's cache would hold the bytes a second time, and a damaged answer for good.
    const options: RequestInit = { signal: attempt.signal, cache: 'no-store' };
    const response = await watched(fetch(part.url, options));
    check(part, response);
    const reader = response.body!.getReader();
    let received = 0;
    for (;;) {
      const { done, value } = await watched(reader.read());
      if (done) break;
      received += value.length;
      if (received > part.size) throw network(part, `more than ${part.size} bytes came`, true);
      yield value;
    }
    if (received < part.size)
      throw network(part, `it ended after ${received} of ${part.size} bytes`);
  } catch (error) {
    throw failed(error);
  } finally {
    signal.removeEventListener('abort', stop);
    stop(); // frees the connection when the reader stopped early
  }
}

function check(part: TransferPart, response: Response): void {
  const { status } = response;
  if (status === 404 || status === 410) throw missing(part, `the host answers ${status}`);
  if (status !== 200) {
    throw network(part, `the host answers ${status}`, status < 500 && !PASSING.has(status));
  }
  // Hosts of single-page apps answer every path with 200 and their page.
  if (response.headers.get('content-type')?.startsWith('text/html')) {
    throw missing(part, 'the host answers with a page');
  }
  if (!response.body) throw network(part, 'the answer has no body');
}

function missing({ url }: TransferPart, why: string): PaddockError {
  return new PaddockError('missing', `Part of the model is not on the host: ${why}.`, { url });
}

function network({ url }: TransferPart, why: string, final = false): PaddockError {
  const message = `The transfer of a part failed: ${why}.`;
  return new PaddockError('network', message, final ? { url, final } : { url });
}
