/** A new version is deployed under open pages: two real builds, served in turn. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Ollama } from 'ollama/browser';
import { filesUnder } from '../../scripts/post-build/site-files';
import {
  expect,
  lastReply,
  replyEnded,
  send,
  startChatting,
  test,
  watchPage,
  type Site,
} from './site';
import { fakeRegistry } from '../fixtures/fake-registry';
import { underServiceWorker } from './api-client';
import { at, held, starter } from './faults';

test.use({ serviceWorkers: 'allow' });

const OLD = 'build-test';
const NEXT = 'build-next';

/** Only in the first build: a host that serves the second has none of them any more. */
function goneFiles(): string[] {
  return filesUnder(OLD).filter((file) => /\.js$/.test(file) && !existsSync(join(NEXT, file)));
}

/** The version in a build's service worker. */
function versionOf(script: string): string {
  return /version\W+([0-9a-f]{16})/.exec(script)![1]!;
}

/** Which build the page runs, by the scripts that it loaded. */
async function buildOf(page: Page, site: Site): Promise<string> {
  const loaded = await page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name }) => name),
  );
  const files = loaded
    .map((address) => address.replace(site.url, ''))
    .filter((file) => file.startsWith('_app/immutable/entry/'));
  const has = (dir: string) =>
    files.length > 0 && files.every((file) => existsSync(join(dir, file)));
  return has(OLD) === has(NEXT) ? 'neither' : has(OLD) ? OLD : NEXT;
}

function notice(page: Page, text: string) {
  return page.getByRole('region', { name: 'Notices' }).getByText(text);
}

const READY = 'A new version of Paddock is ready.';
const WAITS = 'The page reloads when no reply and no download is under way in any tab.';

/** Remembers what the server answered with 404 from now on. */
function watchMissing(page: Page): string[] {
  const missing: string[] = [];
  page.context().on('response', (response) => {
    if (response.status() === 404) missing.push(response.url());
  });
  return missing;
}

async function lookForUpdate(page: Page) {
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration!.update();
  });
}

async function accept(page: Page) {
  const toast = page.getByRole('region', { name: 'Notices' });
  await toast.getByRole('button', { name: 'Reload' }).click();
}

test('the two builds differ in their chunks', () => {
  expect(goneFiles().length).toBeGreaterThan(10);
});

test('a reply ends on the old version, then every tab moves to the new one', async ({
  page,
  context,
  site,
}) => {
  await startChatting(page, site);
  await underServiceWorker(page);
  const second = await context.newPage();
  const complaints = watchPage(second);
  await second.goto(site.url);
  await underServiceWorker(second);
  const missing = watchMissing(page);
  await send(page, '/slow');
  await expect(lastReply(page)).toContainText('w3');

  site.deploy(NEXT);
  await lookForUpdate(page);
  await expect(notice(page, READY)).toBeVisible();
  await expect(notice(second, READY)).toBeVisible();

  // Chunks that the old page has not loaded yet come from its cache: the host has them no more.
  const before = site.requests.length;
  await second.goto(`${site.url}settings/`);
  expect(await buildOf(second, site)).toBe(OLD);
  expect(site.requests.slice(before).filter((path) => path.includes('/_app/'))).toEqual([]);
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await page.goBack();

  await page.getByRole('textbox', { name: 'Message' }).fill('not sent yet');
  await accept(second);
  await expect(notice(second, WAITS)).toBeVisible();
  // The word comes again and again while the reply goes on, and nothing has moved.
  await expect(lastReply(page)).toContainText('w20');
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
  expect(await buildOf(page, site)).toBe(OLD);
  const moved = [page.waitForEvent('load'), second.waitForEvent('load')];
  await page.getByRole('button', { name: 'Stop' }).click();
  await Promise.all(moved);

  for (const tab of [page, second]) await expect.poll(() => buildOf(tab, site)).toBe(NEXT);
  await second.close(); // whichever of them leads now, this one does after it
  await expect(lastReply(page)).toContainText('w20');
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveValue('not sent yet');
  await send(page, 'hello');
  await expect(lastReply(page)).toContainText('You said: hello');
  await replyEnded(page);
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('region', { name: 'About' })).toContainText('-next');
  expect(missing).toEqual([]);
  expect(complaints).toEqual([]);
});

test('a download is not interrupted either', async ({ page, site }) => {
  const [, , third] = starter.parts;
  const part = held(third!, 1000);
  site.fault = at(third!.path, part.fault);
  await page.goto(site.url);
  await underServiceWorker(page);
  await page.getByRole('button', { name: 'Start chatting' }).click();
  await expect.poll(() => site.requests).toContain(third!.path);
  let loads = 0;
  page.on('load', () => loads++);

  site.deploy(NEXT);
  await lookForUpdate(page);
  await accept(page);
  await expect(notice(page, WAITS)).toBeVisible();
  expect(loads).toBe(0);
  part.release();
  await expect.poll(() => loads).toBe(1);
  await expect.poll(() => buildOf(page, site)).toBe(NEXT);
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeEnabled();
  expect(loads).toBe(1);
});

test('a reply that a script asked for is not interrupted', async ({ page, site }) => {
  await startChatting(page, site);
  await underServiceWorker(page);
  // The reply of no conversation, as through the API: only the host knows of it.
  const pieces = await page.evaluateHandle(async () => {
    const { ollama } = (globalThis as unknown as { __paddockTest: { ollama: Ollama } })
      .__paddockTest;
    const messages = [{ role: 'user', content: '/slow' }];
    const stream = await ollama.chat({ model: 'smollm2:135m', messages, stream: true });
    const state = { pieces: 0, stop: () => stream.abort() };
    void (async () => {
      for await (const { message } of stream) state.pieces += message.content ? 1 : 0;
    })().catch(() => {});
    return state;
  });
  site.deploy(NEXT);
  await lookForUpdate(page);
  await accept(page);
  await expect(notice(page, WAITS)).toBeVisible();
  await expect.poll(() => pieces.evaluate((state) => state.pieces)).toBeGreaterThan(30);
  expect(await buildOf(page, site)).toBe(OLD);
  const moved = page.waitForEvent('load');
  await pieces.evaluate((state) => state.stop());
  await moved;
  await expect.poll(() => buildOf(page, site)).toBe(NEXT);
});

test('a shift-reloaded tab keeps its files, and moves with the others', async ({ page, site }) => {
  await startChatting(page, site);
  await underServiceWorker(page);
  const session = await page.context().newCDPSession(page);
  await session.send('Page.reload', { ignoreCache: true });
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeEnabled();
  await underServiceWorker(page);
  const missing = watchMissing(page);
  site.deploy(NEXT);
  await page.getByRole('link', { name: 'Models' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Models' })).toBeVisible();
  expect(await buildOf(page, site)).toBe(OLD);
  await lookForUpdate(page);
  await expect(notice(page, READY)).toBeVisible();
  const moved = page.waitForEvent('load');
  await accept(page);
  await moved;
  await expect.poll(() => buildOf(page, site)).toBe(NEXT);
  expect(missing).toEqual([]);
});

test(
  'a version that only waited leaves no cache; the one that was active does',
  { tag: '@long' },
  async ({ page, site }) => {
    await startChatting(page, site);
    await underServiceWorker(page);
    const script = readFileSync(join(OLD, 'service-worker.js'), 'utf8');
    const active = versionOf(script);
    const between = at('/service-worker.js', (_request, response) => {
      const type = { 'Content-Type': 'text/javascript', 'Cache-Control': 'no-cache' };
      response.writeHead(200, type).end(script.replaceAll(active, 'between'));
      return true;
    });
    const kept = () =>
      page.evaluate(async () => (await caches.keys()).map((name) => name.split(' ').at(-1)));
    site.fault = between;
    await lookForUpdate(page);
    await expect(notice(page, READY)).toBeVisible();
    expect(await kept()).toEqual([active, 'between']);

    site.fault = undefined;
    site.deploy(NEXT);
    const next = versionOf(readFileSync(join(NEXT, 'service-worker.js'), 'utf8'));
    await lookForUpdate(page);
    await expect.poll(kept).toEqual([active, 'between', next]);
    await expect
      .poll(() =>
        page.evaluate(async () => {
          const registration = (await navigator.serviceWorker.getRegistration())!;
          return [registration.installing?.state, registration.waiting?.state];
        }),
      )
      .toEqual([undefined, 'installed']);
    const moved = page.waitForEvent('load');
    await accept(page);
    await moved;
    await expect.poll(() => buildOf(page, site)).toBe(NEXT);
    await expect.poll(kept).toEqual([active, next]);
  },
);

test.describe('without a service worker', () => {
  test.use({ serviceWorkers: 'block' });

  test('a chunk that is gone is a sentence with Reload, and a reply goes on', async ({
    page,
    site,
  }) => {
    await startChatting(page, site);
    await send(page, '/slow');
    await expect(lastReply(page)).toContainText('w3');
    site.deploy(NEXT);
    let loads = 0;
    page.on('load', () => loads++);
    await page.getByRole('link', { name: 'Settings' }).click();
    const main = page.getByRole('main');
    await expect(main).toContainText('This page could not be shown');
    await expect(main).toContainText('the site has a newer version');
    await expect(notice(page, 'A part of Paddock could not be loaded')).toBeVisible();
    await accept(page);
    await expect(notice(page, WAITS)).toBeVisible();
    await page.goBack();
    await expect(lastReply(page)).toContainText('w30');
    expect(loads).toBe(0);
    const moved = page.waitForEvent('load');
    await page.getByRole('button', { name: 'Stop' }).click();
    await moved;
    await expect.poll(() => buildOf(page, site)).toBe(NEXT);
    await page.getByRole('link', { name: 'Settings' }).click();
    await expect(page.getByRole('region', { name: 'About' })).toContainText('-next');
  });
});

test.describe('on a host without headers', () => {
  test.use({ siteOptions: { dir: OLD, overlay: fakeRegistry(), headers: false } });

  test('the first load works on one thread, and nothing reloads it', async ({ page, site }) => {
    let loads = 0;
    page.on('load', () => loads++);
    const [, , third] = starter.parts;
    const part = held(third!, 1000);
    site.fault = at(third!.path, part.fault);
    await page.goto(site.url);
    await page.getByRole('button', { name: 'Start chatting' }).click();
    await expect.poll(() => site.requests).toContain(third!.path);
    await underServiceWorker(page); // the moment at which others reload for isolation
    part.release();
    await send(page, 'hello');
    await expect(lastReply(page)).toContainText('You said: hello');
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    expect(loads).toBe(1);
    await page.reload();
    await expect(lastReply(page)).toContainText('You said: hello');
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(loads).toBe(2);
  });
});
