/** A `fetch` that hands on what another does, and keeps what went and what came, to be looked at. */

export interface Exchange {
  method: string;
  url: string;
  /** Those that say something of the request. */
  headers: [name: string, value: string][];
  body: string;
  /** Null until the answer begins. */
  status: number | null;
  /** The answer's Content-Type; '' without one. */
  type: string;
  /** All of the answer so far, as it came. */
  answer: string;
  /** Milliseconds to the answer's end; null before. */
  ms: number | null;
}

export interface Recording {
  /** The address of the site, which ends in `/`: nothing else is asked, whatever a package has for a default. */
  site: string;
  /** Ends what is under way; each request fails then as one that its sender aborted. */
  signal: AbortSignal;
  /** Called with each request at its start, and whenever something of it has come. */
  changed(exchange: Exchange): void;
}

/** Headers by which packages tell their version and system. */
const OF_PACKAGES = /^(x-stainless-|user-agent$)/;

/** @throws Error in the place of `fetch`, for what lies outside of the site */
export function recordedFetch(
  send: typeof fetch,
  { site, signal, changed }: Recording,
): typeof fetch {
  return async (input, init) => {
    const asked = new Request(input, init);
    if (!asked.url.startsWith(site)) {
      throw new Error(`An example asks this site alone, not ${new URL(asked.url).origin}.`);
    }
    const began = performance.now();
    const exchange: Exchange = {
      method: asked.method,
      url: asked.url,
      headers: [...asked.headers].filter(([name]) => !OF_PACKAGES.test(name)),
      body: await asked.clone().text(),
      ...{ status: null, type: '', answer: '', ms: null },
    };
    changed(exchange);
    const ended = () => {
      exchange.ms = performance.now() - began;
      changed(exchange);
    };
    const response = await send(new Request(asked, { signal: either(asked.signal, signal) }));
    const { status, statusText, headers } = response;
    exchange.status = status;
    exchange.type = headers.get('content-type') ?? '';
    changed(exchange);
    if (!response.body) {
      ended();
      return response;
    }
    const decoder = new TextDecoder();
    const keep = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(bytes, controller) {
        exchange.answer += decoder.decode(bytes, { stream: true });
        changed(exchange);
        controller.enqueue(bytes);
      },
      flush: ended,
    });
    return new Response(response.body.pipeThrough(keep), { status, statusText, headers });
  };
}

/** Aborts with the first of the two. (`AbortSignal.any` is missing in Safari before 17.4.) */
function either(one: AbortSignal, other: AbortSignal): AbortSignal {
  const both = new AbortController();
  for (const signal of [one, other]) {
    const stop = () => both.abort(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  }
  return both.signal;
}
