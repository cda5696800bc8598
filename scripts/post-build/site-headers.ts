/** The response headers of the built site, said once: `_headers` and the service worker both get them from here. */
import { policiesOf } from './policies.ts';

export type Headers = Record<string, string>;

export interface SiteHeaders {
  /** On every answer. */
  all: Headers;
  /** On pages, beside those. */
  page: Headers;
  /** On scripts of workers, beside those. */
  worker: Headers;
}

/** `htmlFiles`: every page of the build in `dir`, whose own policies are read. */
export function siteHeaders(dir: string, htmlFiles: string[]): SiteHeaders {
  const policies = policiesOf(dir, htmlFiles);
  return {
    all: {
      // Threads share memory only in an isolated page.
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
      // The fallback page stands at every missing address, where no rule can give it frame-ancestors.
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'no-referrer',
    },
    page: { 'Content-Security-Policy': policies.page },
    worker: { 'Content-Security-Policy': policies.worker },
  };
}
