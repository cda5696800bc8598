/** What goes wrong with a host, as errors; whether another try, or another way of asking, may help. */
import { PaddockError, type ErrorCode, type ErrorDetail } from '#core/errors';

/** Statuses that another try may change. */
const PASSING = new Set([408, 425]);

/** Longer than this, nobody waits at a progress bar: the pull ends and says so. */
const LONGEST_WAIT_MS = 60_000;

/** True where another try may help: the way to the host failed, not what it said. */
export function mayRetry(error: PaddockError): boolean {
  const passing = error.code === 'network' || error.code === 'rate_limited';
  return passing && error.detail.final !== true;
}

export function network(url: string, why: string, detail: ErrorDetail = {}): PaddockError {
  return new PaddockError('network', `The transfer of a part failed: ${why}.`, {
    url: shown(url),
    ...detail,
  });
}

export function missing(url: string, why: string): PaddockError {
  return new PaddockError('missing', `Part of the model is not on the host: ${why}.`, {
    url: shown(url),
  });
}

/** The host of a transfer that goes on needs another way of asking; the host worker starts it anew. */
export function restart(url: string, how: 'whole' | 'changed', why: string): PaddockError {
  return network(url, why, { final: true, restart: how });
}

/** What came before belongs to another file than the host has now. */
export function changedSize(url: string, got: number, size: number): PaddockError {
  const why = `the host has ${got} bytes where ${size} are expected`;
  return network(url, why, { final: true, discard: true });
}

/** An answer that is neither the bytes nor about ranges. */
export function refusal(url: string, response: Response): PaddockError {
  const { status } = response;
  if (status === 404 || status === 410) return missing(url, `the host answers ${status}`);
  if (status === 401 || status === 403) {
    return fault('unauthorized', `The host answers ${status}.`, { url: shown(url), status });
  }
  if (status === 429) return limited(url, response.headers.get('retry-after'));
  const final = status < 500 && !PASSING.has(status);
  return network(url, `the host answers ${status}`, { status, ...(final && { final }) });
}

function limited(url: string, retryAfter: string | null): PaddockError {
  const wait = waitOf(retryAfter);
  const detail: ErrorDetail = { url: shown(url) };
  if (wait !== null) detail.wait = wait;
  if (wait !== null && wait > LONGEST_WAIT_MS) detail.final = true;
  return fault('rate_limited', 'The host answers 429.', detail);
}

/** Milliseconds, of `Retry-After` in seconds or as a date; null where it is not there or makes no sense. */
function waitOf(text: string | null): number | null {
  if (text === null) return null;
  const ms = /^\d+$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

function fault(code: ErrorCode, message: string, detail: ErrorDetail): PaddockError {
  return new PaddockError(code, message, detail);
}

/** Without the query, which may hold a signature: errors are shown, and kept with the queue. */
export function shown(url: string): string {
  return url.split('?', 1)[0]!;
}
