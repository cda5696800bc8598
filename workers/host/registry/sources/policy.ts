/** The content security policy's own rule, asked before a request: a refused one says only that it failed. */

/** `[scheme://][*.]host[:port][/path]`, as `connect-src` has it. */
const SOURCE = /^(?:(https?):\/\/)?(\*\.)?([^/:*]+)(?::(\d+|\*))?(\/.*)?$/i;
const PORTS: Record<string, string> = { 'http:': '80', 'https:': '443' };

/** Whether a page of `siteUrl` whose `connect-src` has `sources` beside 'self' may ask `address`. */
export function isAllowed(address: string, sources: readonly string[], siteUrl: string): boolean {
  const url = new URL(address);
  const site = new URL(siteUrl);
  return url.origin === site.origin || sources.some((source) => fits(source, url, site.protocol));
}

function fits(source: string, url: URL, siteScheme: string): boolean {
  if (source === '*' || /^https?:$/i.test(source)) {
    return source === '*' ? url.protocol in PORTS : schemeFits(source.toLowerCase(), url);
  }
  const match = SOURCE.exec(source);
  if (!match) return false;
  const [, scheme, wild, host = '', port, path] = match;
  if (!schemeFits(scheme ? `${scheme.toLowerCase()}:` : siteScheme, url)) return false;
  const wanted = host.toLowerCase();
  const named = wild ? url.hostname.endsWith(`.${wanted}`) : url.hostname === wanted;
  const actual = url.port || PORTS[url.protocol];
  const ported = port === '*' || actual === (port ?? PORTS[url.protocol]);
  const placed = path?.endsWith('/') ? url.pathname.startsWith(path) : url.pathname === path;
  return named && ported && (path === undefined || placed);
}

/** A source over HTTP allows the same over HTTPS. */
function schemeFits(scheme: string, { protocol }: URL): boolean {
  return protocol === scheme || (scheme === 'http:' && protocol === 'https:');
}
