/** `fetch` over a port: the request goes to the host as one call, the body comes back pulled. */
import type { Call, CallOptions } from '#core/caller';
import { errorOfChunk, type ErrorBody } from '#core/error-line';
import { PaddockError, toPaddockError, type ErrorCode } from '#core/errors';
import type { FetchChunk, FetchParams } from '#core/methods';
import { portAnswer } from '#core/port-answer';

/** The host at the other end of a port. */
export interface Host {
  call(method: 'fetch', params: FetchParams, options?: CallOptions): Call<FetchChunk, void>;
}

/** Whatever finds the host: this tab's own, or another tab's. */
export interface WayToHost {
  connect(): Promise<Host>;
}

/**
 * A `fetch` for the host behind `link`, from the site at `site`, which ends in `/`. Unlike the network's, it rejects with a PaddockError that keeps the
 * host's code, for an error status as for an error line in a stream; the `ollama` package would drop the code.
 */
export function portFetch(link: WayToHost, site: string): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const given = init?.body;
    const body = given instanceof Blob ? given : request.body ? await request.arrayBuffer() : null;
    const host = await Promise.race([link.connect(), aborted(request.signal)]);
    // The body is copied, not transferred: a host that dies at once leaves it for the next one.
    const call = host.call(
      'fetch',
      { method: request.method, url: request.url, site, headers: [...request.headers], body },
      { signal: request.signal },
    );
    return respond(call);
  };
}

/** Rejects once `signal` aborts: the way to a host in another tab takes seconds when that tab is frozen. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(toPaddockError(signal.reason));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

async function respond(call: Call<FetchChunk, void>): Promise<Response> {
  const answer = await portAnswer(call);
  const { status, headers } = answer;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const bytes = await answer.next();
      if (!bytes) return controller.close();
      // An error status has the same body, but it is read whole below.
      const failed = status < 400 && errorOfChunk(bytes);
      if (failed) throw toError(failed);
      controller.enqueue(bytes);
    },
    cancel: () => answer.cancel(),
  });
  const response = new Response(answer.hasBody ? body : null, { status, headers });
  if (!response.ok) throw toError((await response.json()) as ErrorBody);
  return response;
}

function toError({ error, code = 'internal', detail }: ErrorBody): PaddockError {
  return new PaddockError(
    code as ErrorCode,
    typeof error === 'string' ? error : error.message,
    detail,
  );
}
