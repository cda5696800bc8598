/** Tabs of two builds, one of which has a newer version of the page's database. */
import type { BrowserContext, Page } from '@playwright/test';
import { expect, lastReply, replyEnded, send, startChatting, test } from './site';

test.use({ serviceWorkers: 'allow' });

/** A tab of a build that is one version ahead, as far as storage goes. */
async function newerTab(context: BrowserContext): Promise<Page> {
  const tab = await context.newPage();
  await tab.addInitScript(() => {
    const { open } = IDBFactory.prototype;
    IDBFactory.prototype.open = function (name, version) {
      return open.call(this, name, name === 'paddock' && version ? version + 1 : version);
    };
  });
  return tab;
}

function banner(page: Page, text: string) {
  return page.getByRole('alert').filter({ hasText: text });
}

test.beforeEach(async ({ page, site }) => {
  await startChatting(page, site);
  await send(page, '/say Kept.');
  await expect(lastReply(page)).toContainText('Kept.');
  await replyEnded(page);
});

test('an old tab gives way to a newer one, says so, and writes nothing over it', async ({
  page,
  context,
  site,
}) => {
  const newer = await newerTab(context);
  await newer.goto(site.url);
  await expect(newer.getByRole('link', { name: '/say Kept.' })).toBeVisible();
  await expect(banner(page, 'A newer Paddock is open in another tab.')).toBeVisible();

  // What it writes now cannot be saved, and is not lost silently.
  await send(page, '/say Too late.');
  await expect(lastReply(page)).toContainText('Too late.');
  await expect(banner(page, 'Not saved.')).toContainText('A newer Paddock has changed the storage');
  await expect(banner(page, 'Not saved.')).toContainText('Reload this tab');
  await newer.getByRole('link', { name: '/say Kept.' }).click();
  await expect(newer.getByRole('log')).toContainText('Kept.');
  await expect(newer.getByRole('log')).not.toContainText('Too late.');

  // Its own build again: it says what is the matter, and breaks nothing.
  await page.reload();
  await expect(page.getByRole('main')).toContainText('A newer Paddock has changed the storage');
  await expect(page.getByRole('main').getByRole('button', { name: 'Reload' })).toBeVisible();
  await newer.reload();
  await expect(newer.getByRole('log')).toContainText('Kept.');
});

test(
  'a newer tab waits for one that does not let go, says so, and then goes on',
  { tag: '@long' },
  async ({ page, context, site }) => {
    const holder = await context.newPage();
    await holder.goto(`${site.url}robots.txt`);
    await holder.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const opening = indexedDB.open('paddock');
          opening.onsuccess = () => {
            Object.assign(window, { connection: opening.result });
            resolve();
          };
        }),
    );
    const newer = await newerTab(context);
    await newer.goto(site.url);
    await expect(banner(newer, 'Close the other Paddock tabs.')).toBeVisible();
    // The tab that can has let go already.
    await expect(banner(page, 'A newer Paddock is open in another tab.')).toBeVisible();
    await holder.close();
    await expect(newer.getByRole('link', { name: '/say Kept.' })).toBeVisible();
    await expect(banner(newer, 'Close the other Paddock tabs.')).toHaveCount(0);
  },
);
