/** A browser that gives too little storage, or none. */
import type { Page } from '@playwright/test';
import { TRUE_ESTIMATE_ARGS, chromiumPath } from '../../scripts/chromium';
import { at, held, partsIn, starter } from './faults';
import { choose } from './rows';
import { expect, lastReply, replyEnded, send, startChatting, test, type Site } from './site';

test.use({ launchOptions: { executablePath: chromiumPath(), args: TRUE_ESTIMATE_ARGS } });

/** Bytes that the browser gives the site in all; undefined: what it gave before. */
async function setQuota(page: Page, site: Site, quotaSize?: number) {
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(site.url);
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
}

test(
  'a download that does not fit says what it needs and what is free',
  { tag: '@worker' },
  async ({ page, site }) => {
    await page.goto(site.url);
    await expect(page.getByRole('button', { name: 'Start chatting' })).toBeVisible();
    await page.evaluate(() => navigator.serviceWorker.ready);
    const used = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
    await setQuota(page, site, used + 300_000);
    await page.getByRole('button', { name: 'Start chatting' }).click();
    const alert = page.getByRole('alert');
    await expect(alert).toContainText(/This needs 1 MB of storage and \d+ kB are free\./);
    await expect(alert).toContainText('Delete a model you do not use, or free space on the disk');
    expect(partsIn(site.requests)).toEqual([]);

    await setQuota(page, site);
    await page.getByRole('button', { name: 'Try again' }).click();
    await send(page, '/say It works.');
    await expect(lastReply(page)).toContainText('It works.');
  },
);

test('storage that runs out in the middle keeps what fitted', async ({ page, site }) => {
  const part = starter.parts[3]!;
  const { fault, release } = held(part, 1000);
  site.fault = at(part.path, fault);
  await page.goto(site.url);
  await page.getByRole('button', { name: 'Start chatting' }).click();
  await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', /^(59|60)$/);
  await setQuota(page, site, 1);
  release();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('This needs 400 kB of storage and 0 bytes are free.');
  await expect(page.getByRole('main')).toContainText(/About 600 kB of .* is on this device/);

  site.fault = undefined;
  site.requests.length = 0;
  await setQuota(page, site);
  await page.getByRole('button', { name: 'Resume download' }).click();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeEnabled();
  expect(partsIn(site.requests)).toEqual([3, 4]);
});

test('a browser without IndexedDB', async ({ page, site }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'indexedDB', { value: undefined });
  });
  await page.goto(site.url);
  await expect(page.getByRole('main')).toContainText('This browser has no IndexedDB');
});

/** From now on the page's storage refuses `put` or `delete`, until `mend`. */
async function breakStorage(page: Page, method: 'put' | 'delete') {
  await page.evaluate((method) => {
    const { prototype } = IDBObjectStore;
    const before = prototype[method];
    prototype[method] = () => {
      throw new DOMException('The disk is full.', 'QuotaExceededError');
    };
    Object.assign(window, { mendStorage: () => Object.assign(prototype, { [method]: before }) });
  }, method);
}

async function mend(page: Page) {
  await page.evaluate(() => (window as unknown as { mendStorage(): void }).mendStorage());
}

function notSaved(page: Page) {
  return page.getByRole('alert').filter({ hasText: 'Not saved.' });
}

test('a message that could not be saved says so until it is', async ({ page, site }) => {
  await startChatting(page, site);
  await breakStorage(page, 'put');
  await setQuota(page, site, 1000);
  await send(page, '/say Not lost.');
  const alert = notSaved(page);
  await expect(alert).toContainText('storage is full: 0 bytes of 1 kB are free.');
  await expect(alert).toContainText('Delete a model you do not use');
  await expect(lastReply(page)).toContainText('Not lost.');
  await replyEnded(page);
  await alert.getByRole('button', { name: 'Retry' }).click();
  await expect(alert).toBeVisible();

  await setQuota(page, site);
  await mend(page);
  await alert.getByRole('button', { name: 'Retry' }).click();
  await expect(alert).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('article', { name: 'User' })).toContainText('/say Not lost.');
  await expect(lastReply(page)).toContainText('Not lost.');
});

test('what failed is saved with the next write, as it is now: a new title stays', async ({
  page,
  site,
}) => {
  await startChatting(page, site);
  await breakStorage(page, 'put');
  await send(page, '/say One.');
  await replyEnded(page);
  await expect(notSaved(page)).toBeVisible();
  await mend(page);
  await choose(page, '/say One.', 'Rename…');
  await page.getByRole('textbox', { name: 'Title' }).fill('Better');
  await page.getByRole('textbox', { name: 'Title' }).press('Enter');
  await expect(notSaved(page)).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('link', { name: 'Better' })).toBeVisible();
  await expect(lastReply(page)).toContainText('One.');
});

test('a chat that is deleted for good is not saved by a retry', async ({ page, site }) => {
  await startChatting(page, site);
  await breakStorage(page, 'put');
  await send(page, '/say One.');
  await replyEnded(page);
  await expect(notSaved(page)).toBeVisible();
  await mend(page);
  await choose(page, '/say One.', 'Delete');
  await page.getByRole('button', { name: /^Trash/ }).click();
  await page.getByRole('button', { name: 'Delete “/say One.” for good' }).click();
  await page.getByRole('button', { name: 'Delete for good', exact: true }).click();
  await expect(notSaved(page)).toHaveCount(0);
  await page.reload();
  await expect(page.getByText('Your chats will be listed here.')).toBeVisible();
});

test('chats that could not be deleted are still listed, and nothing else is said', async ({
  page,
  site,
}) => {
  await startChatting(page, site);
  await send(page, '/say One.');
  await replyEnded(page);
  await page.getByRole('link', { name: 'Settings' }).click();
  await breakStorage(page, 'delete');
  const removeAll = async () => {
    await page.getByRole('button', { name: 'Delete all chats' }).click();
    await page.getByRole('button', { name: 'Delete 1 chat' }).click();
  };
  await removeAll();
  await expect(page.getByRole('main').getByRole('alert')).toContainText('full');
  await expect(page.getByRole('link', { name: '/say One.' })).toBeVisible();
  await expect(page.getByText('Deleted 1 chat.')).toHaveCount(0);

  await mend(page);
  await removeAll();
  await expect(page.getByRole('link', { name: '/say One.' })).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText('Deleted 1 chat.');
  await expect(page.getByRole('main').getByRole('alert')).toHaveCount(0);
});
