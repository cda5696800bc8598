/**
 * The API for same-origin code: what `fetch` sends to `/api/…` and `/v1/…` goes to the host over a port, and comes
 * back pulled. Every answer resolves: iOS turns a rejected one into an error page.
 */
import { errorBody, statusOf } from '#core/error-response';
import { toPaddockError } from '#core/errors';
import { BUSY_LOCK } from '#core/locks';
import { refusal } from './admission';
import { COMMON, exchange } from './exchange';
import { pathOf } from './shell';

/** An encoded slash is no way around it. */
const API = /^(api|v1)(\/|%2f|$)/i;

/** The answer to a request of the API; null for other addresses. */
export function answerApi(event: FetchEvent): Promise<Response> | null {
  const path = pathOf(event.request.url);
  if (path === null || !API.test(path)) return null;
  const refused = refusal(event);
  if (refused) return Promise.resolve(errorAnswer(refused));
  let finish!: () => void;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  // An update waits for the lock, and the browser, for some minutes, for the event.
  event.waitUntil(navigator.locks.request(BUSY_LOCK, { mode: 'shared' }, () => finished));
  return exchange(path, event, finish).catch(errorAnswer);
}

function errorAnswer(thrown: unknown): Response {
  const error = toPaddockError(thrown);
  return new Response(JSON.stringify(errorBody(error)), {
    status: statusOf(error.code),
    headers: { ...COMMON, 'Content-Type': 'application/json; charset=utf-8' },
  });
}
