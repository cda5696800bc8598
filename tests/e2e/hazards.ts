/** What hostile texts try in the real page, and must not reach. */
import type { Page } from '@playwright/test';
import type { Site } from './site';

interface Watched {
  pwned?: unknown;
  /** What must never be in the document, not even between two tokens. */
  hazards: Set<string>;
}

/** Runs in the page before everything else. */
function watchDocument() {
  const hazards = new Set<string>();
  Object.assign(window, { hazards });
  /** An image whose pixels are in its address asks nobody. */
  const isPixels = (element: Element) =>
    element.matches('img[alt]') &&
    element.attributes.length === 2 &&
    /^data:image\/(png|jpeg|webp|gif);base64,[\w+/=]+$/.test(element.getAttribute('src') ?? '');
  const look = (element: Element) => {
    if (!element.closest('main, nav, header, [role="status"]') || isPixels(element)) return;
    const tag = element.localName;
    if (/^(script|style|iframe|object|embed|base|meta|link|img|video|audio)$/.test(tag)) {
      hazards.add(`<${tag}>`);
    }
    for (const { name, value } of element.attributes) {
      const script = /^(href|src|values|xlink:href)$/.test(name);
      if (/^(on|action$|formaction$|ping$)/.test(name)) hazards.add(`${tag}[${name}]`);
      else if (script && /^\s*(javascript|vbscript|data|blob|file):/i.test(value)) {
        hazards.add(`${tag}[${name}=${value}]`);
      }
    }
  };
  new MutationObserver((records) => {
    for (const { target, addedNodes } of records) {
      if (target instanceof Element) look(target);
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        look(node);
        node.querySelectorAll('*').forEach(look);
      }
    }
  }).observe(document, { subtree: true, childList: true, attributes: true });
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    hazards.add(`policy: ${violatedDirective} ${blockedURI}`);
  });
}

/** Everything that the payloads try, as a list that has to stay empty. */
export async function watch(page: Page, site: Site) {
  const escapes: string[] = [];
  const { origin } = new URL(site.url);
  page.on('dialog', (dialog) => {
    escapes.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.context().on('request', (request) => {
    const { origin: other, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && other !== origin) escapes.push(request.url());
  });
  page.context().on('page', (popup) => escapes.push(`window: ${popup.url()}`));
  page.on('framenavigated', (frame) => {
    if (!frame.url().startsWith(site.url)) escapes.push(`navigation: ${frame.url()}`);
  });
  await page.addInitScript(watchDocument);
  return async () => {
    const inside = await page.evaluate(() => {
      const { pwned, hazards } = window as unknown as Watched;
      return [...hazards, ...(pwned === undefined ? [] : [`pwned: ${JSON.stringify(pwned)}`])];
    });
    return [...escapes, ...inside];
  };
}
