/** One request and its answer over the host's port. */
import { PaddockError } from '#core/errors';
import { portAnswer, type PortAnswer } from '#core/port-answer';
import { readBytes, takesFile } from '#core/request-body';
import { within } from '#core/within';
import { answerStream } from './answer-stream';
import { whenGone } from './client-gone';
import { asLine, formatFor } from './formats';
import { callHost } from './host-port';
import type { ReturnVisits } from './return-visits';

const worker = self as unknown as ServiceWorkerGlobalScope;
const site = worker.registration.scope;

/**
 * Milliseconds after which a stream begins with 200 whatever comes, since that is how an abort is noticed
 * (`return-visits.ts`), and errors have a line of their own there.
 */
const BEGIN_MS = 300;

/**
 * Milliseconds, for a file: its answer has a status that tells what became of it, and takes as long as storing it.
 * Five minutes after its event Chromium would stop us, so a longer one begins with 200 too.
 */
const BEGIN_FILE_MS = 200_000;

/** Milliseconds for a body to arrive: it has no way to go, and Chromium ends an event, and us, after 300,000. */
const BODY_MS = 60_000;

/**
 * The host's answer to a request for `path`, which is relative to the scope. `end` is called when nothing more is to
 * come. @throws PaddockError what is wrong before the answer begins: `too_large`, `no_host`, `host_died` …
 */
export async function exchange(
  path: string,
  { request, clientId }: FetchEvent,
  visits: ReturnVisits,
  end: () => void,
): Promise<Response> {
  const stopping = new AbortController();
  const stop = () => stopping.abort(new PaddockError('aborted', 'The request was stopped.'));
  request.signal.addEventListener('abort', stop, { once: true }); // for browsers that do tell
  const stopLooking = whenGone(worker.clients, clientId, stop);
  const ended = () => {
    stopLooking();
    end();
  };
  try {
    const { method, url, redirect } = request;
    const file = takesFile(path);
    const body = await bodyOf(request, file, stopping);
    const params = { method, url, site, headers: [...request.headers], body };
    const answering = portAnswer(await callHost(params, stopping.signal));
    answering.catch(ended);
    const type = formatFor(path, body);
    const begun = (answer: PortAnswer | null): Response => {
      if (answer) return responseTo(path, answer, stop, ended);
      const stream = answerStream(path, answering, type, stop, ended);
      return new Response(stream, { headers: { ...COMMON, 'Content-Type': type } });
    };
    if (method !== 'POST') return begun(await answering);
    const hasLines = asLine(type, '') !== null;
    if (file || hasLines || redirect !== 'follow') {
      return begun(await within(file ? BEGIN_FILE_MS : BEGIN_MS, answering, () => null));
    }
    const left = () => {
      stop();
      ended();
    };
    return await visits.first(url, { answer: answering, respond: begun, left });
  } catch (error) {
    ended();
    throw error;
  }
}

function responseTo(
  path: string,
  answer: PortAnswer,
  stop: () => void,
  ended: () => void,
): Response {
  const headers = new Headers([...answer.headers, ...Object.entries(COMMON)]);
  const type = headers.get('Content-Type') ?? '';
  if (!answer.hasBody) ended();
  const stream = answer.hasBody ? answerStream(path, answer, type, stop, ended) : null;
  return new Response(stream, { status: answer.status, headers });
}

/** A file comes as a Blob, which Chromium makes of a Blob or File without reading it. */
async function bodyOf(
  request: Request,
  file: boolean,
  stopping: AbortController,
): Promise<ArrayBuffer | Blob | null> {
  const late = new PaddockError(
    'bad_request',
    "The request's body did not arrive within a minute.",
  );
  const timer = setTimeout(() => stopping.abort(late), BODY_MS);
  try {
    if (file && request.method === 'POST') return await whole(request, stopping.signal);
    return (await readBytes(request, { signal: stopping.signal }))?.buffer ?? null;
  } finally {
    clearTimeout(timer);
  }
}

/** @throws the reason of `signal` once it aborts */
function whole(request: Request, signal: AbortSignal): Promise<Blob> {
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  return Promise.race([request.blob(), stopped]);
}

/** What every answer of the API says, its own errors too. */
export const COMMON = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };
