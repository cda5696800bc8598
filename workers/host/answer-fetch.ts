/** One `fetch` over a port: the request as the server takes it, the answer as the reader takes it. */
import type { CallContext } from '#core/callee';
import type { FetchChunk, FetchParams } from '#core/methods';
import type { Handle } from './server/handle';

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
      await send({ type: 'body', bytes }, [bytes.buffer]);
    }
  } finally {
    await reader.cancel();
  }
}
