import { expect, lastReply, replyEnded, send, Site, startChatting, test } from './site';
import { fakeRegistry } from '../fixtures/fake-registry';
import type { Page } from '@playwright/test';

test.use({ serviceWorkers: 'allow' });

/** The shell is cached and this page is under the service worker. */
async function offlineReady(page: Page) {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

test('with the server stopped, a reload and a new chat work', async ({ page, site }) => {
  await startChatting(page, site);
  await offlineReady(page);
  await site.stop();
  await page.reload();
  await send(page, 'are you there?');
  await replyEnded(page);
  await expect(lastReply(page)).toContainText('You said: are you there?');
  for (const name of ['Models', 'Settings']) {
    await page.getByRole('link', { name }).click();
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  }
});

test('a missing file is not answered with a page', async ({ page, site }) => {
  await startChatting(page, site);
  await offlineReady(page);
  const missing = (name: string) =>
    page.evaluate(async (name) => {
      try {
        const response = await fetch(`_app/immutable/${name}.js`);
        return { status: response.status, html: (await response.text()).includes('<html') };
      } catch (error) {
        return { status: String(error), html: false };
      }
    }, name);
  expect((await missing('nothing')).status).toBe(404);
  await site.stop();
  expect(await missing('nothing-else')).toMatchObject({ html: false });
});

test('a shift-reload, which goes around the service worker, works', async ({ page, site }) => {
  await startChatting(page, site);
  await offlineReady(page);
  const session = await page.context().newCDPSession(page);
  await session.send('Page.reload', { ignoreCache: true });
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeVisible();
  await send(page, 'hello');
  await expect(lastReply(page)).toContainText('You said: hello');
});

test('a stopped service worker changes nothing for a chat', async ({ page, site }) => {
  await startChatting(page, site);
  await offlineReady(page);
  await send(page, '/slow');
  await expect(lastReply(page)).toContainText('w3');
  const session = await page.context().newCDPSession(page);
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  await expect(lastReply(page)).toContainText('w20');
  await page.getByRole('button', { name: 'Stop' }).click();
  await site.stop();
  await page.reload(); // the worker starts again for the navigation
  await expect(lastReply(page)).toContainText('w20');
});

test('a host without headers is isolated from the second load on', async ({ page }) => {
  const site = await new Site({
    dir: 'build-test',
    overlay: fakeRegistry(),
    headers: false,
  }).start();
  try {
    await startChatting(page, site);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    await send(page, 'hello');
    await expect(lastReply(page)).toContainText('You said: hello');
    await offlineReady(page);
    await page.reload();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await send(page, 'again');
    await expect(lastReply(page)).toContainText('You said: again');
  } finally {
    await site.stop();
  }
});

test('it can be installed', async ({ page, site }) => {
  await page.goto(site.url);
  const href = await page.locator('link[rel=manifest]').getAttribute('href');
  const url = new URL(href!, page.url());
  const manifest = (await (await page.request.get(url.href)).json()) as {
    name: string;
    display: string;
    start_url: string;
    theme_color: string;
    background_color: string;
    icons: { src: string; sizes: string; purpose?: string }[];
  };
  expect(manifest).toMatchObject({ name: 'Paddock', display: 'standalone' });
  expect(new URL(manifest.start_url, url).href).toBe(site.url);
  expect(manifest.icons.some(({ sizes }) => sizes === '192x192')).toBe(true);
  expect(manifest.icons.some(({ sizes }) => sizes === '512x512')).toBe(true);
  expect(manifest.icons.some(({ purpose }) => purpose === 'maskable')).toBe(true);
  for (const { src } of manifest.icons) {
    expect((await page.request.get(new URL(src, url).href)).status(), src).toBe(200);
  }
  const session = await page.context().newCDPSession(page);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  // Playwright's contexts count as incognito, which is the only thing that may be in the way.
  const ids = installabilityErrors.map(({ errorId }) => errorId);
  expect(ids.filter((id) => id !== 'in-incognito')).toEqual([]);
});

test.describe('in a folder', () => {
  test.use({ siteOptions: { dir: 'build-test', base: '/repo/', overlay: fakeRegistry() } });

  test(
    'the same build works, deep links and offline included',
    { tag: '@long' },
    async ({ page, site }) => {
      await startChatting(page, site);
      await send(page, 'hello');
      await replyEnded(page);
      const deep = page.url();
      expect(deep).toContain('/repo/?c=');
      await offlineReady(page);
      await page.goto(`${site.url}models/`);
      await expect(page.getByRole('heading', { level: 1, name: 'Models' })).toBeVisible();
      await site.stop();
      await page.goto(deep);
      await expect(lastReply(page)).toContainText('You said: hello');
      await send(page, 'again');
      await expect(lastReply(page)).toContainText('You said: again');
    },
  );
});
