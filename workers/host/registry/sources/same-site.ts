/** Whether two hosts are one publisher's: who has a token for the one may show it to the other. */

/** Parents that strangers share, each with a name under it. Where this list is too short, no public one is shipped. */
const SHARED = new Set([
  ...['github.io', 'gitlab.io', 'pages.dev', 'workers.dev', 'r2.dev', 'netlify.app', 'vercel.app'],
  ...['web.app', 'firebaseapp.com', 'run.app', 'appspot.com', 'herokuapp.com', 'onrender.com'],
  ...['fly.dev', 'deno.dev', 'amazonaws.com', 'cloudfront.net', 'azurecr.io', 'azurewebsites.net'],
  ...['azureedge.net', 'ngrok.app', 'ngrok.io', 'ngrok-free.app', 'trycloudflare.com', 'hf.space'],
]);

/** The same host with its port, or another of the same registrable name, both over HTTPS at its usual port. */
export function isSameSite(one: URL, other: URL): boolean {
  if (one.host === other.host) return true;
  const plain = [one, other].every(({ protocol, port }) => protocol === 'https:' && port === '');
  const site = siteOf(one.hostname);
  return plain && site !== null && site === siteOf(other.hostname);
}

/** Null for an address in figures, and where nobody knows whose it is. */
function siteOf(hostname: string): string | null {
  const labels = hostname.split('.');
  if (labels.length < 2 || /^\d+$/.test(labels.at(-1)!) || hostname.startsWith('[')) return null;
  // `co.uk` and its like; of `hf.co` too much is asked then, and its hosts count as strangers.
  const short = labels.at(-1)!.length === 2 && labels.at(-2)!.length <= 3;
  const site = labels.slice(short ? -3 : -2);
  return site.length < (short ? 3 : 2) || SHARED.has(site.slice(-2).join('.'))
    ? null
    : site.join('.');
}
