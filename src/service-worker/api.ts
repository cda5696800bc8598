/**
 * The API for same-origin code: what `fetch` sends to `/api/…` and `/v1/…` goes to the host over a port, and comes
 * back pulled. Every answer resolves: iOS turns a rejected one into an error page.
 */
import { statusOf } from '#core/error-response';
import { toPaddockError } from '#core/errors';
import { BUSY_LOCK } from '#core/locks';
import { within } from '#core/within';
import { refusal } from './admission';
import { COMMON, exchange } from './exchange';
import { errorText, jsonType } from './formats';
import { ReturnVisits } from './return-visits';
import { pathOf } from './shell';

/** An encoded slash is no way around it. */
const API = /^(api|v1)(\/|%2f|$)/i;

/**
 * Chromium (156) stops a service worker, and its streams, when an event takes longer than five minutes; a stream that
 * no event waits for goes on. Other browsers may stop it sooner where no event waits at all.
 */
const EVENT_MS = 240_000;

const visits = new ReturnVisits();

/** The answer to a request of the API; null for other addresses. */
export function answerApi(event: FetchEvent): Promise<Response> | null {
  const path = pathOf(event.request.url);
  if (path === null || !API.test(path)) return null;
  const refused = refusal(event);
  if (refused) return Promise.resolve(errorAnswer(path, refused));
  const again = visits.again(event.request.url);
  if (again) return again.catch((error: unknown) => errorAnswer(path, error));
  let finish!: () => void;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  // An update waits for this lock; the host takes it too, but only once it has the whole request.
  void navigator.locks.request(BUSY_LOCK, { mode: 'shared' }, () => finished);
  event.waitUntil(within(EVENT_MS, finished, () => {}));
  return exchange(path, event, visits, finish).catch((error: unknown) => errorAnswer(path, error));
}

function errorAnswer(path: string, thrown: unknown): Response {
  const error = toPaddockError(thrown);
  return new Response(errorText(path, error), {
    status: statusOf(error.code),
    headers: { ...COMMON, 'Content-Type': jsonType(path) },
  });
}
