/** The API when one of those who carry it is missing or goes: the service worker, the host, its tab. */
import type { Page } from '@playwright/test';
import {
  call,
  chatInit,
  failure,
  openApi,
  readRest,
  reply,
  startStream,
  openSecond,
} from './api-client';
import { expect, test } from './site';
import { exchange, freeze } from './tabs';

test.use({ serviceWorkers: 'allow' });

async function stopServiceWorkers(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
}

/** In the tab that leads, once `otherBuild` is set: ports are answered as a host of another protocol would. */
function playOtherBuild() {
  navigator.serviceWorker.addEventListener('message', (event) => {
    const { type } = event.data as { type: string };
    const [port] = event.ports;
    if (type !== 'attach' || !('otherBuild' in globalThis)) return;
    event.stopImmediatePropagation();
    port!.onmessage = ({ data }: MessageEvent<{ type: string; id: number }>) => {
      const result = { lock: 'paddock-host:other', protocol: 0 };
      if (data.type === 'call') port!.postMessage({ type: 'end', id: data.id, result });
    };
  });
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
  const second = await openSecond(context, site.url);
  await startStream(second, '/slow', 3);
  await page.close();
  const { text, failure } = await readRest(second);
  expect(failure).toBeNull();
  const last = JSON.parse(text.trimEnd().split('\n').at(-1)!) as object;
  expect(last).toMatchObject({ code: 'host_died' });
  expect(text).not.toContain('"done":true');
  expect(await reply(second, '/say From the next host.')).toBe('From the next host.');
});

test(
  'without a tab that hosts there is a 503, and none once there is one',
  { tag: '@long' },
  async ({ page, context, site }) => {
    await openApi(page, site);
    // A document of ours that runs nothing of Paddock.
    const plain = await openSecond(context, `${site.url}icons/icon-192.png`);
    expect((await call(plain, '/api/version')).status).toBe(200);
    await page.close();
    expect(failure(await call(plain, '/api/version'))).toEqual({ status: 503, code: 'no_host' });
    const again = await context.newPage();
    await again.goto(site.url);
    expect((await call(plain, '/api/version')).status).toBe(200);
  },
);

test(
  'what a frozen host did not answer is not done when it thaws',
  { tag: '@long' },
  async ({ page, context, site }) => {
    await openApi(page, site);
    // A document of ours that runs nothing of Paddock: nobody takes the lead from the frozen tab.
    const plain = await openSecond(context, `${site.url}icons/icon-192.png`);
    expect((await call(plain, '/api/version')).status).toBe(200);
    const { thaw } = await freeze(page);
    const slow = await call(plain, '/api/chat', chatInit('/slow'));
    expect(failure(slow)).toEqual({ status: 503, code: 'no_host' });
    await thaw();
    // The scenario would go on for minutes, and nobody reads it.
    await exchange(page, 'My turn.');
  },
);

test('a host of another build is a 503 that says so', async ({ page, context, site }) => {
  await page.addInitScript(playOtherBuild);
  await openApi(page, site);
  await page.evaluate(() => Object.assign(globalThis, { otherBuild: true }));
  const answer = await call(page, 'api/version');
  expect(failure(answer)).toEqual({ status: 503, code: 'other_version' });
  const follower = await context.newPage();
  await follower.goto(site.url);
  await expect(follower.getByRole('main')).toContainText('Another tab runs another version');
});

test(
  'a port that never answers is a 503, and the next request works',
  { tag: '@long' },
  async ({ page, site }) => {
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
  },
);
