/** What a hostile reply, title or error does to the real page: nothing. */
import type { Page } from '@playwright/test';
import { XSS_CORPUS } from '../fixtures/xss-corpus';
import { expect, lastReply, replyEnded, send, startChatting, test, type Site } from './site';

const ENTRIES = Object.entries(XSS_CORPUS);
/** Messages a chat: more of them and each costs more, fewer and there are more visits. */
const A_CHAT = 20;
const MARKUP = '<img src=x onerror="window.pwned = 1"><script>window.pwned = 1</script>';

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
async function watch(page: Page, site: Site) {
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

test('the watch sees what it is there for', async ({ page, site }) => {
  const hazards = await watch(page, site);
  await startChatting(page, site);
  expect(await hazards()).toEqual([]);
  await page.evaluate(() => {
    const main = document.querySelector('main')!;
    const link = document.createElement('a');
    link.setAttribute('ping', 'x');
    link.setAttribute('href', 'blob:x');
    main.append(document.createElement('img'), link);
  });
  await expect.poll(hazards).toEqual(['<img>', 'a[ping]', 'a[href=blob:x]']);
});

for (let from = 0; from < ENTRIES.length; from += A_CHAT) {
  const entries = ENTRIES.slice(from, from + A_CHAT);
  // One chat of it each time; tests/browser has the whole corpus, whole and cut at every letter, each time.
  const run = from === 0 ? {} : { tag: '@long' };
  test(
    `replies ${from + 1} to ${from + entries.length} of the corpus`,
    run,
    async ({ page, site }) => {
      const hazards = await watch(page, site);
      await startChatting(page, site);
      for (const [name, payload] of entries) {
        for (const scenario of ['/say', '/bytes']) {
          await test.step(`${scenario} ${name}`, async () => {
            await send(page, `${scenario} ${payload}`);
            await replyEnded(page);
            await expect(lastReply(page)).toContainText('reply token');
            expect(await hazards()).toEqual([]);
          });
        }
      }
      // Read back, each is drawn in one go.
      await page.reload();
      await expect(page.getByRole('article', { name: 'Assistant' })).toHaveCount(
        entries.length * 2,
      );
      await expect(lastReply(page)).toContainText('reply token');
      expect(await hazards()).toEqual([]);
    },
  );
}

test('a title is text, in the list, the bar and the notice', async ({ page, site }) => {
  const hazards = await watch(page, site);
  await startChatting(page, site);
  await send(page, `/say ${MARKUP}`);
  await replyEnded(page);
  await expect(page).toHaveTitle(/^\/say <img src=x/);

  const row = page.getByRole('navigation').getByRole('listitem').filter({ hasText: '<img' });
  await row.hover();
  await row.getByRole('button', { name: /^More/ }).click();
  await page.getByRole('menuitem', { name: 'Rename…' }).click();
  await page.getByRole('textbox', { name: 'Title' }).fill(MARKUP);
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  await expect(row.getByRole('link')).toHaveText(MARKUP);
  await expect(page).toHaveTitle(`${MARKUP} · Paddock`);

  await page.setViewportSize({ width: 360, height: 700 });
  await expect(page.getByRole('banner')).toContainText(MARKUP);
  await page.setViewportSize({ width: 1280, height: 800 });
  await row.hover();
  await row.getByRole('button', { name: /^More/ }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const notices = page.getByRole('region', { name: 'Notices' });
  await expect(notices.getByText(`Deleted “${MARKUP}”.`)).toBeVisible();
  expect(await hazards()).toEqual([]);
});

test('the text of an error is text', async ({ page, site }) => {
  const hazards = await watch(page, site);
  await startChatting(page, site);
  await send(page, `/error ${MARKUP}`);
  const alert = lastReply(page).getByRole('alert');
  await expect(alert).toContainText(`The engine reported an error: ${MARKUP}`);
  await alert.getByText('Details', { exact: true }).click();
  await expect(alert.locator('pre')).toContainText('<script>window.pwned = 1</script>');
  await page.reload();
  await expect(alert).toContainText(MARKUP);
  expect(await hazards()).toEqual([]);
});
