/** Headers that a static host may not send: isolation (threads need it) and the policies. */
import { IMMUTABLE, shell, WORKERS } from './shell';

/**
 * `response` as if a configured host had sent it. A new Response also forgets a redirect, which
 * a navigation must not be answered with.
 */
export function withHeaders(path: string, response: Response): Response {
  // The body of an opaque or error response cannot be passed on.
  if (response.status < 200 || response.type === 'opaque') return response;
  const headers = new Headers(response.headers);
  const { all, page, worker } = shell.headers;
  const own = path.startsWith(WORKERS) ? worker : path.startsWith(IMMUTABLE) ? {} : page;
  for (const [name, value] of Object.entries({ ...all, ...own })) headers.set(name, value);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
