/** The API when one of those who carry it is missing or goes: the service worker, the host, its tab. */
import type { Page } from '@playwright/test';
import {
  call,
  failure,
  openApi,
  readRest,
  reply,
  startStream,
  underServiceWorker,
} from './api-client';
import { expect, test } from './site';

async function stopServiceWorkers(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
}

test('a service worker stopped in mid-stream: a failure, never the end of a reply', async ({
  page,
  site,
}) => {
  await openApi(page, site);
  await startStream(page, '/slow', 3);
  await stopServiceWorkers(page);
  const { text, failure } = await readRest(page);
  expect(failure).toContain('network error');
  expect(text).not.toContain('"done":true');
  // The scenario would go on for minutes: an answer means that the engine did stop.
  expect(await reply(page, '/say Free.')).toBe('Free.');
});

test('a host whose tab closes in mid-stream: a last line that says so, then the next host answers', async ({
  page,
  context,
  site,
}) => {
  await openApi(page, site);
  const second = await context.newPage();
  await second.goto(site.url);
  await underServiceWorker(second);
  await startStream(second, '/slow', 3);
  await page.close();
  const { text, failure } = await readRest(second);
  expect(failure).toBeNull();
  const last = JSON.parse(text.trimEnd().split('\n').at(-1)!) as object;
  expect(last).toMatchObject({ code: 'host_died' });
  expect(text).not.toContain('"done":true');
  expect(await reply(second, '/say From the next host.')).toBe('From the next host.');
});

test('without a tab that hosts there is a 503, and none once there is one', async ({
  page,
  context,
  site,
}) => {
  await openApi(page, site);
  // A document of ours that runs nothing of Paddock.
  const plain = await context.newPage();
  await plain.goto(`${site.url}icons/icon-192.png`);
  await underServiceWorker(plain);
  expect((await call(plain, '/api/version')).status).toBe(200);
  await page.close();
  expect(failure(await call(plain, '/api/version'))).toEqual({ status: 503, code: 'no_host' });
  const again = await context.newPage();
  await again.goto(site.url);
  expect((await call(plain, '/api/version')).status).toBe(200);
});

test('a port that never answers is a 503, and the next request works', async ({ page, site }) => {
  await page.addInitScript(() => {
    navigator.serviceWorker.addEventListener('message', (event) => {
      const { type } = event.data as { type: string };
      if (type === 'attach' && 'deaf' in globalThis) event.stopImmediatePropagation();
    });
  });
  await openApi(page, site);
  await page.evaluate(() => Object.assign(globalThis, { deaf: true }));
  expect(failure(await call(page, 'api/version'))).toEqual({ status: 503, code: 'no_host' });
  await page.evaluate(() => Reflect.deleteProperty(globalThis, 'deaf'));
  expect((await call(page, 'api/version')).status).toBe(200);
});
