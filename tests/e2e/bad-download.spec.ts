/** A host that damages, loses, replaces or cuts off what it should send. */
import type { Page } from '@playwright/test';
import { at, cut, flipped, notFound, once, pageInstead, partsIn, starter } from './faults';
import { expect, lastReply, send, test, type Site } from './site';

const part = starter.parts[3]!;

async function start(page: Page, site: Site) {
  await page.goto(site.url);
  await page.getByRole('button', { name: 'Start chatting' }).click();
}

/** The fault is gone: what is here stays, what is missing comes, and the model works. */
async function recovers(page: Page, site: Site, button: string, missing: number[]) {
  site.fault = undefined;
  site.requests.length = 0;
  await page.getByRole('button', { name: button }).click();
  await send(page, '/say It works.');
  await expect(lastReply(page)).toContainText('It works.');
  expect(partsIn(site.requests)).toEqual(missing);
}

test('a flipped bit is named, and only that part is fetched again', async ({ page, site }) => {
  site.fault = at(part.path, flipped(part, 123_456));
  await start(page, site);
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('does not match its digest, so it was not kept.');
  await expect(alert).toContainText('Try again.');
  await expect(page.getByRole('main')).toContainText(/About 600 kB of .* is on this device/);
  expect(partsIn(site.requests)).toEqual([0, 1, 2, 3]);
  await recovers(page, site, 'Resume download', [3, 4]);
});

test('a flipped bit of the first part leaves nothing to be believed', async ({ page, site }) => {
  const first = starter.parts[0]!;
  site.fault = at(first.path, flipped(first, 0));
  await start(page, site);
  await expect(page.getByRole('alert')).toContainText('does not match its digest');
  site.fault = undefined;
  site.requests.length = 0;
  await page.getByRole('button', { name: /Try again|Resume download/ }).click();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeEnabled();
  expect(partsIn(site.requests)).toEqual([0, 1, 2, 3, 4]);
});

test('a part that is not there', async ({ page, site }) => {
  site.fault = at(part.path, notFound);
  await start(page, site);
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('A file of the model is missing at localhost:');
  await expect(alert).toContainText('Try again later.');
  expect(partsIn(site.requests)).toEqual([0, 1, 2, 3]);
  await recovers(page, site, 'Resume download', [3, 4]);
});

test('a page with status 200 in the place of a part', async ({ page, site }) => {
  site.fault = at(part.path, pageInstead);
  await start(page, site);
  await expect(page.getByRole('alert')).toContainText('A file of the model is missing at');
  await recovers(page, site, 'Resume download', [3, 4]);
});

test('a page with status 200 in the place of the manifest', async ({ page, site }) => {
  site.fault = at(starter.manifest, pageInstead);
  await start(page, site);
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('This site has no model named “smollm2:135m”.');
  expect(partsIn(site.requests)).toEqual([]);
  await recovers(page, site, 'Try again', [0, 1, 2, 3, 4]);
});

test('a part that is cut short is asked for again by itself, and the wait is told', async ({
  page,
  site,
}) => {
  site.fault = at(part.path, cut(part, 150_000));
  await start(page, site);
  const words = /The connection was lost\. Next try after \d+ s \(\d of 6\)\./;
  await expect(page.getByRole('main')).toContainText(words);
  site.fault = undefined;
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeEnabled();
  // How often it was cut depends on the moment.
  expect([...new Set(partsIn(site.requests))]).toEqual([0, 1, 2, 3, 4]);
  await send(page, '/say It works.');
  await expect(lastReply(page)).toContainText('It works.');
});

test('a server that is gone before the download', { tag: '@worker' }, async ({ page, site }) => {
  await page.goto(site.url);
  await expect(page.getByRole('button', { name: 'Start chatting' })).toBeVisible();
  // The page itself is complete then: what is missing is the model alone.
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await site.stop();
  await page.getByRole('button', { name: 'Start chatting' }).click();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('The connection to localhost:');
  await expect(alert).toContainText('Check the network and try again.');
  await site.start();
  await recovers(page, site, 'Try again', [0, 1, 2, 3, 4]);
});

test('a server that goes in the middle and comes back within the tries', async ({ page, site }) => {
  site.fault = at(
    part.path,
    once((request, response) => {
      cut(part, 1000)(request, response);
      response.once('close', () => void site.stop().then(() => site.start()));
      return true;
    }),
  );
  await start(page, site);
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeEnabled();
  expect(partsIn(site.requests)).toEqual([0, 1, 2, 3, 3, 4]);
});
