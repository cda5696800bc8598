/**
 * The switch "network off": the page's half is a second policy in the page, which the browser itself enforces and
 * which no script can take back before a reload; the host's half is a gate around its fetch.
 */

/** Holds the policy while the network is off: `static/early.js` puts it into the page before anything loads. */
const KEY = 'paddock-network-off';

const POLICY = "connect-src 'self'; img-src 'self' data: blob:";

/** What was chosen in this browser, in whichever tab; null when nothing was, or it was lost. */
export function storedNetworkOff(): boolean | null {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === null ? null : kept !== '';
  } catch {
    return null; // denied: then Paddock does not start at all
  }
}

/** True: nothing but the site's own origin may be asked for anything. */
export function isNetworkOff(): boolean {
  return storedNetworkOff() === true;
}

/** Seen by all tabs, and by `early.js` of the next page. */
export function storeNetworkOff(off: boolean): void {
  localStorage.setItem(KEY, off ? POLICY : '');
}

/** Calls `listener` when another tab switches. */
export function onOtherTabsSwitch(listener: () => void): void {
  addEventListener('storage', ({ key }) => {
    if (key === KEY) listener();
  });
}

/** True where this page is held to its own origin until it is reloaded. */
export function isPageHeld(): boolean {
  return document.querySelector('meta[data-network-off]') !== null;
}

/** From now on the browser refuses this page all other origins. */
export function holdPage(): void {
  if (isPageHeld()) return;
  const meta = document.createElement('meta');
  meta.httpEquiv = 'Content-Security-Policy';
  meta.content = POLICY;
  meta.dataset.networkOff = '';
  document.head.append(meta);
}

/** Calls `listener` with each address of another origin that the browser refused this page. */
export function onPageRefusal(listener: (url: string) => void): void {
  document.addEventListener('securitypolicyviolation', ({ blockedURI, disposition }) => {
    // Other violations name a keyword here, as `eval`.
    if (disposition !== 'enforce' || !/^(https?|wss?):/.test(blockedURI)) return;
    if (new URL(blockedURI).origin !== location.origin) listener(blockedURI);
  });
}
