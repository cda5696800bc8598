/** What is written and not sent: messages that wait for the reply under way, and drafts. */
import type { Page } from '@playwright/test';
import { expect, lastReply, replyEnded, send, startChatting, test } from './site';

test.beforeEach(async ({ page, site }) => {
  await startChatting(page, site);
});

function box(page: Page) {
  return page.getByRole('textbox', { name: 'Message', exact: true });
}

function waiting(page: Page) {
  return page.getByRole('region', { name: /Waits for this reply|Not sent yet/ });
}

async function queue(page: Page, ...texts: string[]) {
  for (const text of texts) {
    await box(page).fill(text);
    await box(page).press('Enter');
    await expect(box(page)).toHaveValue('');
  }
}

test('messages wait while a reply streams, can be changed, and go in order', async ({ page }) => {
  await send(page, '/count 4 24');
  await expect(lastReply(page)).toContainText('w2');
  await queue(page, '/say Two.', '/say Never.', '/say Thr');
  await expect(waiting(page)).toContainText('Waits for this reply');
  await expect(waiting(page).getByRole('listitem')).toHaveCount(3);
  await waiting(page).getByRole('button', { name: 'Remove message 2 that waits' }).click();
  await waiting(page).getByRole('button', { name: 'Edit message 2 that waits' }).click();
  await expect(box(page)).toHaveValue('/say Thr');
  await box(page).fill('/say Three.');
  await page.getByRole('button', { name: 'Queue message' }).click();
  await expect(lastReply(page)).toContainText('Three.');
  await replyEnded(page);
  await expect(page.getByRole('article', { name: 'User' }).locator('> p')).toHaveText([
    '/count 4 24',
    '/say Two.',
    '/say Three.',
  ]);
  await expect(waiting(page)).toHaveCount(0);
});

test('after Stop they wait for a click, over a reload too', async ({ page }) => {
  await send(page, '/slow');
  await expect(lastReply(page)).toContainText('w3');
  await queue(page, '/say Two.', '/say Three.');
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(waiting(page)).toContainText('Not sent yet');
  await page.reload();
  await expect(waiting(page).getByRole('listitem')).toHaveCount(2);
  await page.getByRole('button', { name: 'Send now' }).click();
  await expect(lastReply(page)).toContainText('Three.');
  await expect(waiting(page)).toHaveCount(0);
});

test(
  'what is not sent outlives its tab, and is another one only once that is gone',
  { tag: '@worker' },
  async ({ page, context }) => {
    await send(page, '/say One.');
    await replyEnded(page);
    await box(page).fill('half a sentence');
    await expect.poll(() => drafts(page)).toEqual(['half a sentence']);
    const address = page.url();
    const tab = await context.newPage();
    await tab.goto(address);
    await expect(lastReply(tab)).toContainText('One.');
    await expect(box(tab)).toHaveValue('');
    await tab.close();
    await page.close();
    const later = await context.newPage();
    await later.goto(address);
    await expect(box(later)).toHaveValue('half a sentence');
    await later.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(lastReply(later)).toContainText('You said: half a sentence');
    await expect.poll(() => drafts(later)).toEqual([]);
  },
);

/** The texts in the store of drafts. */
function drafts(page: Page): Promise<string[]> {
  return page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('paddock');
        opening.onerror = () => reject(new Error('The database does not open.'));
        opening.onsuccess = () => {
          const db = opening.result;
          const reading = db.transaction('drafts').objectStore('drafts').getAll();
          reading.onsuccess = () => {
            db.close();
            resolve((reading.result as { text: string }[]).map(({ text }) => text));
          };
        };
      }),
  );
}
