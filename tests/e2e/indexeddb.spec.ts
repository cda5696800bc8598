/** A browser that gives sites no files: models are records in its database. */
import type { Page } from '@playwright/test';
import { TRUE_ESTIMATE_ARGS, chromiumPath } from '../../scripts/chromium';
import { at, held, partsIn, starter } from './faults';
import { LOST, pagesWith, workersWith } from './no-opfs';
import { expect, lastReply, replyEnded, send, startChatting, test } from './site';

test.use({ launchOptions: { executablePath: chromiumPath(), args: TRUE_ESTIMATE_ARGS } });

const storage = (page: Page) => page.getByRole('region', { name: 'Storage' });

/** What lies in the two stores. */
const stored = (page: Page) =>
  page.evaluate(async () => {
    const names = await indexedDB.databases();
    return { databases: names.map(({ name }) => name) };
  });

for (const [how, reason] of [
  ['missing', 'This browser has no file storage for sites (OPFS).'],
  ['refused', 'The browser refuses its file storage here (UnknownError).'],
] as const) {
  test.describe(`OPFS is ${how}`, () => {
    test.use({
      siteOptions: { dir: 'build-test', overlay: workersWith(LOST[how]) },
    });

    test('download, chat, reload, delete; the choice is shown', async ({ page, site }) => {
      await pagesWith(page.context(), LOST[how]);
      await startChatting(page, site);
      await send(page, '/say From records.');
      await expect(lastReply(page)).toContainText('From records.');
      await replyEnded(page);
      expect((await stored(page)).databases).toContain('paddock-blobs');

      site.requests.length = 0;
      await page.reload();
      await send(page, '/say Again.');
      await expect(lastReply(page)).toContainText('Again.');
      expect(partsIn(site.requests)).toEqual([]);

      await page.getByRole('link', { name: 'Models' }).click();
      await expect(storage(page)).toContainText(
        `Models are records in the browser's database (IndexedDB). ${reason}`,
      );
      await storage(page).getByRole('button', { name: 'Check all files' }).click();
      await expect(storage(page)).toContainText(/Checked 1 MB: every file is whole\./);
      await page.getByRole('button', { name: 'Delete smollm2:135m' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await expect(page.getByRole('main')).toContainText('No model is on this device yet.');
      await expect(storage(page).getByRole('table')).toHaveCount(0);
    });
  });
}

test.describe('a tab that closes in the middle', () => {
  test.use({
    siteOptions: { dir: 'build-test', overlay: workersWith(LOST.missing) },
  });

  test('goes on from what had arrived', async ({ page, site }) => {
    const part = starter.parts[3]!;
    const { fault } = held(part, 1000);
    site.fault = at(part.path, fault);
    await page.goto(site.url);
    await page.getByRole('button', { name: 'Start chatting' }).click();
    // Three parts of four; whether the piece of the fourth is told of depends on the moment.
    await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', /59|60/);
    site.fault = undefined;
    site.requests.length = 0;
    await page.reload();
    await send(page, '/say It works.');
    await expect(lastReply(page)).toContainText('It works.');
    expect(partsIn(site.requests).length).toBeLessThanOrEqual(2);
  });
});

test.describe('storage that is short', () => {
  test.use({
    serviceWorkers: 'allow',
    siteOptions: { dir: 'build-test', overlay: workersWith(LOST.missing) },
  });

  test(
    'a download that does not fit says what it needs and what is free, a message that it is not saved',
    { tag: '@long' },
    async ({ page, site }) => {
      test.slow(); // a message of 3.5 MB is laid out twice
      const session = await page.context().newCDPSession(page);
      const { origin } = new URL(site.url);
      // The database lets pass what fits in the space of its last look, for half a minute: a message is larger.
      await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 3_000_000 });
      await page.goto(site.url);
      await expect(page.getByRole('button', { name: 'Start chatting' })).toBeVisible();
      await page.evaluate(() => navigator.serviceWorker.ready);
      const used = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
      await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: used + 300_000 });
      await page.getByRole('button', { name: 'Start chatting' }).click();
      await expect(page.getByRole('alert')).toContainText(
        /This needs 1 MB of storage and \d+ kB are free\./,
      );
      // Room for the model, and less than a message takes.
      await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: used + 3_000_000 });
      await page.getByRole('button', { name: 'Try again' }).click();
      await send(page, '/say It works.');
      await expect(lastReply(page)).toContainText('It works.');
      await replyEnded(page);

      await send(page, `/markdown ${'long '.repeat(700_000)}`);
      const alert = page.getByRole('alert').filter({ hasText: 'Not saved.' });
      await expect(alert).toContainText(
        /storage is full: [\d.]+ (bytes|kB|MB) of [\d.]+ MB are free\./,
      );
      const message = page.getByRole('article', { name: 'User' }).last();
      await expect(message).toContainText('/markdown long');
      await replyEnded(page);
      await session.send('Storage.overrideQuotaForOrigin', { origin });
      await alert.getByRole('button', { name: 'Retry' }).click();
      await expect(alert).toHaveCount(0);
      await page.reload();
      await expect(message).toContainText('/markdown long');
    },
  );
});

test.describe('a browser that refuses files and databases', () => {
  test.use({
    siteOptions: { dir: 'build-test', overlay: workersWith(LOST.denied) },
  });

  test('says so', async ({ page, site }) => {
    await page.goto(site.url);
    const main = page.getByRole('main');
    await expect(main).toContainText('The browser refuses this site its storage');
    await expect(main).toContainText('Allow site data (cookies) for this address');
    await expect(main.getByRole('button', { name: 'Reload' })).toBeVisible();
  });
});

test.describe('the real model', () => {
  test.use({
    siteOptions: { dir: 'build-test', overlay: workersWith(LOST.missing, new Map()) },
  });

  test('loads from records and answers', { tag: '@long' }, async ({ page, site }) => {
    test.setTimeout(180_000);
    await page.goto(site.url);
    await page.getByRole('button', { name: 'Start chatting' }).click();
    const box = page.getByRole('textbox', { name: 'Message' });
    await expect(box).toBeEnabled({ timeout: 90_000 });
    await send(page, 'Say hello.');
    await expect(lastReply(page)).toContainText(/tokens\/s/, { timeout: 90_000 });
  });
});
