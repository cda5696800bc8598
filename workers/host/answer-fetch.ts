/** One `fetch` over a port: the request as the server takes it, the answer as the reader takes it. */
import type { CallContext } from '#core/callee';
import { PaddockError } from '#core/errors';
import type { FetchChunk, FetchParams } from '#core/methods';
import { within } from '#core/within';
import type { Handle } from './server/handle';

/**
 * Milliseconds in which a reader must take something. A tab that the browser froze in the middle of a reply never
 * reads on, and has the turn of all others.
 */
const UNREAD_MS = 300_000;

/** Sends what `handle` answers; `siteUrl`, which ends in `/`, is where its paths count from. */
export async function answerFetch(
  handle: Handle,
  siteUrl: string,
  { url, site, ...init }: FetchParams,
  { signal, send }: CallContext<FetchChunk>,
): Promise<void> {
  // Two folders of one origin share its storage, and so the host of whichever came first.
  const address = url.startsWith(site) ? siteUrl + url.slice(site.length) : url;
  const response = await handle(new Request(address, { ...init, signal }));
  const { status, headers } = response;
  await send({ type: 'head', status, headers: [...headers] });
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const bytes = next.value;
      await within(UNREAD_MS, send({ type: 'body', bytes }, [bytes.buffer]), unread);
    }
  } finally {
    await reader.cancel();
  }
}

function unread(): never {
  throw new PaddockError(
    'aborted',
    'The answer was stopped: nobody had read on for five minutes. Ask again.',
  );
}
