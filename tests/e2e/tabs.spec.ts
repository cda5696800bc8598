/** Any number of tabs and one host: they chat at once, and outlive the tab that leads. */
import type { Ollama } from 'ollama/browser';
import { siteHandler } from '../../scripts/serve';
import { fakeRegistry } from '../fixtures/fake-registry';
import { call, underServiceWorker } from './api-client';
import { expect, lastReply, replyEnded, send, startChatting, test, watchPage } from './site';
import {
  exchange,
  expectCutOff,
  expectLocksOfOneTab,
  freeze,
  locksHeld,
  openTab,
  stream,
  workersNamed,
} from './tabs';

test.use({ serviceWorkers: 'allow' });

test('three tabs chat at once with one engine', async ({ page, site, browser }) => {
  await startChatting(page, site);
  const tabs = [page, await openTab(page, site), await openTab(page, site)];
  const complaints = tabs.slice(1).map(watchPage);
  await Promise.all(tabs.map((tab) => send(tab, '/stamp')));
  for (const tab of tabs) {
    await replyEnded(tab);
    await expect(lastReply(tab)).toContainText(/^\s*\d/);
    await expect(tab.getByRole('button', { name: 'Continue' })).toHaveCount(0);
    await expect(tab.getByRole('button', { name: 'Try again' })).toHaveCount(0);
  }
  await exchange(tabs[2]!, 'From the third.');
  const loaded = () =>
    tabs[1]!.evaluate(async () => {
      const { __paddockTest } = globalThis as unknown as {
        __paddockTest: { ollama: { ps(): Promise<{ models: unknown[] }> } };
      };
      return (await __paddockTest.ollama.ps()).models.length;
    });
  expect(await loaded()).toBe(1);
  expect(await workersNamed(browser, 'paddock-runner')).toBe(1);
  expect(await workersNamed(browser, 'paddock-host')).toBe(1);
  expect(complaints.flat()).toEqual([]);
});

test('a leader that closes ends the reply of a follower, which takes over', async ({
  page,
  site,
}) => {
  await startChatting(page, site);
  const follower = await openTab(page, site);
  await stream(follower);
  await page.close();
  await expectCutOff(follower);
  await exchange(follower, 'Now from here.');
  await expectLocksOfOneTab(follower);
});

test('a leader that crashes ends the reply of a follower, which takes over', async ({
  page,
  site,
}) => {
  await startChatting(page, site);
  const follower = await openTab(page, site);
  await stream(follower);
  const crashed = page.waitForEvent('crash');
  const session = await page.context().newCDPSession(page);
  void session.send('Page.crash').catch(() => {}); // nobody is left to answer
  await crashed;
  await expectCutOff(follower);
  await exchange(follower, 'Now from here.');
  await expectLocksOfOneTab(follower);
});

test('a leader that freezes is robbed of the lead, and follows once it thaws', async ({
  page,
  site,
  browser,
}) => {
  await startChatting(page, site);
  await exchange(page, 'Before the frost.');
  const follower = await openTab(page, site);
  await stream(follower);
  const { thaw } = await freeze(page);
  await expectCutOff(follower);
  await exchange(follower, 'Now from here.');
  await thaw();
  await exchange(page, 'Thawed.');
  await expect(page.getByRole('log')).toContainText('Before the frost.');
  await expect.poll(() => workersNamed(browser, 'paddock-host')).toBe(1);
  await expect.poll(() => workersNamed(browser, 'paddock-runner')).toBe(1);
  // It waits for the lead again.
  await follower.close();
  await exchange(page, 'It leads again.');
  await expectLocksOfOneTab(page);
});

test(
  'a request that a frozen leader never saw is answered by the next host',
  { tag: '@long' },
  async ({ page, site }) => {
    await startChatting(page, site);
    const follower = await openTab(page, site);
    await exchange(follower, 'Connected.');
    const { thaw } = await freeze(page);
    await exchange(follower, 'Sent into the frost.');
    await thaw();
    await exchange(page, 'Thawed.');
  },
);

test(
  'what the next host did instead of a frozen leader is not done again when that thaws',
  { tag: '@long' },
  async ({ page, site, browser }) => {
    await startChatting(page, site);
    const follower = await openTab(page, site);
    await exchange(follower, 'Connected.');
    const { thaw } = await freeze(page);
    const models = await follower.evaluate(async () => {
      const { ollama } = (globalThis as unknown as { __paddockTest: { ollama: Ollama } })
        .__paddockTest;
      await ollama.delete({ model: 'smollm2:135m' });
      await ollama.pull({ model: 'smollm2:135m' });
      return (await ollama.list()).models.length;
    });
    expect(models).toBe(1);
    await thaw();
    await expect.poll(() => workersNamed(browser, 'paddock-host')).toBe(1);
    await exchange(page, 'Thawed.');
    expect(JSON.parse((await call(follower, 'api/tags')).text)).toMatchObject({
      models: [{ name: 'smollm2:135m' }],
    });
  },
);

test(
  'a tab that opens beside a frozen leader takes over',
  { tag: '@long' },
  async ({ page, site }) => {
    await startChatting(page, site);
    const { thaw } = await freeze(page);
    const late = await openTab(page, site);
    await exchange(late, 'I came late.');
    await thaw();
    await exchange(page, 'Thawed.');
  },
);

test(
  'of two tabs beside a frozen leader one leads, and the other follows it',
  { tag: '@long' },
  async ({ page, site, browser }) => {
    await startChatting(page, site);
    const followers = [await openTab(page, site), await openTab(page, site)];
    await stream(followers[0]!);
    await send(followers[1]!, '/slow'); // its turn comes after the other's
    await expect(followers[1]!.getByRole('button', { name: 'Stop' })).toBeVisible();
    const { thaw } = await freeze(page);
    await expectCutOff(followers[0]!);
    await replyEnded(followers[1]!);
    await thaw();
    await exchange(page, 'Thawed.');
    await exchange(followers[0]!, 'First.');
    await exchange(followers[1]!, 'Second.');
    await expect.poll(() => workersNamed(browser, 'paddock-host')).toBe(1);
    const leaders = (await locksHeld(page)).filter((name) => name === 'paddock-leader');
    expect(leaders).toHaveLength(1);
  },
);

test('a follower that closes in the middle of its reply gives up its turn', async ({
  page,
  site,
}) => {
  await startChatting(page, site);
  const follower = await openTab(page, site);
  await stream(follower);
  await follower.close();
  await exchange(page, 'My turn.');
  await expectLocksOfOneTab(page);
});

test('a page that no service worker controls follows too', async ({ page, site }) => {
  await startChatting(page, site);
  await exchange(page, 'A chat to come back to.');
  const address = page.url();
  const follower = await openTab(page, site);
  await follower.goto(address);
  const session = await follower.context().newCDPSession(follower);
  const loaded = follower.waitForEvent('load');
  await session.send('Page.reload', { ignoreCache: true });
  await loaded;
  expect(await follower.evaluate(() => navigator.serviceWorker.controller)).toBeNull();
  await expect(follower.getByRole('log')).toContainText('A chat to come back to.');
  await exchange(follower, 'Without a controller.');
});

test.describe('two folders of one origin', () => {
  test.use({ siteOptions: { dir: 'build-test', base: '/one/', overlay: fakeRegistry() } });

  test('share a host, whichever came first', async ({ page, site }) => {
    const other = siteHandler({ dir: 'build-test', base: '/two/', port: 0 });
    site.fault = (request, response) => {
      const taken = request.url?.startsWith('/two/') ?? false;
      if (taken) other(request, response);
      return taken;
    };
    await startChatting(page, site);
    const tab = await openTab(page, { url: site.url.replace('/one/', '/two/') });
    await exchange(tab, 'From the other folder.');
    await underServiceWorker(tab);
    expect((await call(tab, 'api/tags')).status).toBe(200);
    await exchange(page, 'From the first.');
  });
});

test.describe('without a service worker', () => {
  test.use({ serviceWorkers: 'block' });

  test(
    'a second tab says so, and takes over when the first closes',
    { tag: '@long' },
    async ({ page, site }) => {
      await startChatting(page, site);
      const second = await page.context().newPage();
      await second.goto(site.url);
      const main = second.getByRole('main');
      await expect(main).toContainText('Paddock is open in another tab');
      await expect(main).toContainText('this tab then takes over by itself');
      await expect(second.getByRole('textbox', { name: 'Message' })).toHaveCount(0);
      await exchange(page, 'Not disturbed.');
      await page.close();
      await exchange(second, 'From the second tab.');
    },
  );
});
