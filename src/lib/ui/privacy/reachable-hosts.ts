/** The addresses of the page's own policy (`connect-src`), as it stands in the page; empty without one. */
export function reachableHosts(page: Document): string[] {
  const metas = [...page.querySelectorAll('meta[http-equiv]')];
  const policy = metas.find(
    (meta) => meta.getAttribute('http-equiv')?.toLowerCase() === 'content-security-policy',
  );
  const directives = policy?.getAttribute('content')?.split(';') ?? [];
  const connect = directives
    .map((one) => one.trim().split(/\s+/))
    .find(([name]) => name === 'connect-src');
  return (connect ?? [])
    .slice(1)
    .map((host) => (host === "'self'" ? `${page.location.origin} (this site)` : host));
}
