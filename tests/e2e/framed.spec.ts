/** Another origin frames the site: the page guards itself where the host's headers cannot. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { fakeRegistry } from '../fixtures/fake-registry';
import { at, notFound } from './faults';
import { expect, test, type Site } from './site';

test.use({ serviceWorkers: 'allow' });

// The guard is a policy that refuses the page's own scripts.
test.use({ mayComplain: true });

/** A page of another origin with `address` in a frame. */
async function attack(page: Page, address: string) {
  const server: Server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.end(
      `<!doctype html><title>Win</title><iframe src="${address}" width="800" height="600"></iframe>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
  return {
    frame: page.frameLocator('iframe'),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Workers, a service worker or a model: what a click could have started. */
function started(page: Page, site: Site): string[] {
  const scripts = site.requests.filter((path) => /workers\/main|service-worker|v2\//.test(path));
  return [...scripts, ...page.workers().map((worker) => worker.url())];
}

test.describe('on a host without headers', () => {
  test.use({ siteOptions: { dir: 'build-test', overlay: fakeRegistry(), headers: false } });

  for (const path of ['', 'models/', 'nothing-here/']) {
    test(`a framed /${path} says so, and nothing of it runs`, async ({ page, site }) => {
      const attacker = await attack(page, site.url + path);
      const { frame } = attacker;
      await expect(frame.getByRole('heading')).toHaveText(
        'Paddock does not run inside another page',
      );
      await expect(frame.getByRole('button')).toHaveCount(0);
      await expect(frame.getByRole('link')).toHaveCount(1);
      await page.mouse.click(400, 300); // where the first page's button would be
      expect(started(page, site)).toEqual([]);
      // The browser holds the frame to nothing, whatever of it might still run.
      const inside = page.frames().find((one) => one.url() === site.url + path)!;
      const asked = () => fetch('.').then(String, () => 'refused');
      expect(await inside.evaluate(asked)).toBe('refused');
      const popup = page.waitForEvent('popup');
      await frame.getByRole('link', { name: 'Open Paddock in a tab of its own' }).click();
      const own = await popup;
      expect(own.url()).toBe(site.url + path);
      await attacker.close();
    });
  }

  test('without the file that guards it, a framed page stays empty', async ({ page, site }) => {
    site.fault = at('/early.js', notFound);
    const attacker = await attack(page, site.url);
    await expect(attacker.frame.getByRole('button')).toHaveCount(0);
    await expect(attacker.frame.locator('body')).toHaveText('');
    expect(page.workers()).toEqual([]);
    expect(site.requests.some((path) => path.includes('service-worker'))).toBe(false);
    await attacker.close();
  });
});

test('on a host with headers the browser itself refuses', async ({ page, site }) => {
  const refused: string[] = [];
  page.on('requestfailed', (request) => refused.push(request.url()));
  for (const path of ['', 'nothing-here/']) {
    const attacker = await attack(page, site.url + path);
    await expect.poll(() => refused).toContain(site.url + path);
    await expect(attacker.frame.getByRole('link', { name: /Paddock/ })).toHaveCount(0);
    expect(started(page, site)).toEqual([]);
    await attacker.close();
  }
});

test('on its own the page is not guarded', async ({ page, site }) => {
  await page.goto(site.url);
  await expect(page.getByRole('button', { name: 'Start chatting' })).toBeVisible();
});
