/** Small documents from a host that may answer anything, of any length. */
import { PaddockError, toPaddockError } from '#core/errors';
import { within } from '#core/within';

/** Without a byte for this long a host is given up, as for a model's own bytes (`puller/body.ts`). */
const STALL_MS = 30_000;

export interface Answer {
  status: number;
  text: string;
  headers: Headers;
}

/**
 * Reads at most `limit` bytes of text at `url`; every status is an answer.
 * @throws PaddockError `network` (unreachable, cut off, over the limit), `aborted`
 */
export async function fetchText(
  fetch: typeof globalThis.fetch,
  url: string,
  limit: number,
  signal: AbortSignal,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const patient = patience(url, signal);
  try {
    // Manifests change under their name.
    const options: RequestInit = { signal: patient.signal, cache: 'no-cache', headers };
    const response = await patient.wait(fetch(url, options));
    const decoder = new TextDecoder();
    let text = '';
    let received = 0;
    const reader = response.body?.getReader();
    while (reader) {
      const { done, value } = await patient.wait(reader.read());
      if (done) break;
      received += value.length;
      if (received > limit) {
        await reader.cancel();
        throw new PaddockError('network', `The answer is over ${limit} bytes.`, { url });
      }
      text += decoder.decode(value, { stream: true });
    }
    return { status: response.status, text: text + decoder.decode(), headers: response.headers };
  } catch (error) {
    throw failureAt(url, error, signal);
  }
}

/** `wait` for each step of a request made with `signal`: a host that says nothing for too long ends it. */
export function patience(url: string, signal: AbortSignal) {
  const own = new AbortController();
  const late = (): never => {
    own.abort();
    const seconds = STALL_MS / 1000;
    throw new PaddockError('network', `The host said nothing for ${seconds} s.`, { url });
  };
  return {
    signal: AbortSignal.any([signal, own.signal]),
    wait: <T>(step: Promise<T>): Promise<T> => within(STALL_MS, step, late),
  };
}

/** What a request of `url` threw, with its address; `network` unless it is known better. */
export function failureAt(url: string, error: unknown, signal: AbortSignal): PaddockError {
  const known = toPaddockError(error, 'network');
  if (signal.aborted) return new PaddockError('aborted', 'The pull was stopped.');
  return new PaddockError(known.code, known.message, { ...known.detail, url });
}
