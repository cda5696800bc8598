/** Small documents from a host that may answer anything, of any length. */
import { PaddockError, toPaddockError } from '#core/errors';

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
  try {
    // Manifests change under their name.
    const response = await fetch(url, { signal, cache: 'no-cache', headers });
    const decoder = new TextDecoder();
    let text = '';
    let received = 0;
    const reader = response.body?.getReader();
    while (reader) {
      const { done, value } = await reader.read();
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

/** What a request of `url` threw, with its address; `network` unless it is known better. */
export function failureAt(url: string, error: unknown, signal: AbortSignal): PaddockError {
  const known = toPaddockError(error, 'network');
  if (signal.aborted) return new PaddockError('aborted', 'The pull was stopped.');
  return new PaddockError(known.code, known.message, { ...known.detail, url });
}
