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
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  headers.set('X-Content-Type-Options', 'nosniff');
  headers.set('Referrer-Policy', 'no-referrer');
  if (path.startsWith(WORKERS)) headers.set('Content-Security-Policy', shell.policies.worker);
  else if (!path.startsWith(IMMUTABLE)) {
    headers.set('Content-Security-Policy', shell.policies.page);
  }
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
