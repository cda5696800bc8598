/** The search in the sidebar, over all chats. */
import type { Page } from '@playwright/test';
import { writeChat } from '../../scripts/bench/ui-chats';
import { XSS_CORPUS } from '../fixtures/xss-corpus';
import { audit } from './audit';
import { choose } from './rows';
import { expect, replyEnded, send, startChatting, test } from './site';
import { openTab } from './tabs';

const field = (page: Page) => page.getByRole('searchbox', { name: 'Search chats' });
const results = (page: Page) => page.getByRole('region', { name: 'Search results' });

test.beforeEach(async ({ page, site }) => {
  await page.addInitScript('globalThis.__name = (one) => one');
  await startChatting(page, site);
});

test('a hit of a long chat is opened at its message, by keyboard alone', async ({ page, site }) => {
  await writeChat(page, 'long', 400);
  await page.goto(site.url);
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeEnabled();
  await page.getByRole('heading', { name: 'What shall we talk about?' }).click();
  await page.keyboard.press('/');
  await expect(field(page)).toBeFocused();
  await page.keyboard.type('QUÉSTION 120:');
  await expect(results(page)).toContainText('Found in 1 chat.');
  await expect(results(page)).toContainText('1 message');
  await expect(results(page).locator('mark')).toHaveText(['Question', '120:']);
  await audit(page);
  await expect(field(page)).toBeFocused();
  const chat = results(page).getByRole('link').first();
  await page.keyboard.press('Tab');
  await expect(chat).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const message = page.getByRole('article').filter({ hasText: 'Question 120:' });
  await expect(message).toBeInViewport();
  await expect(message).toBeFocused();
});

test(
  "another tab's new message is found, and what is in the trash is not",
  { tag: ['@worker', '@long'] },
  async ({ page, site }) => {
    await send(page, '/say Here.');
    await replyEnded(page);
    await field(page).fill('pomegranate');
    await expect(results(page)).toContainText('No chat has all of these words.');
    const tab = await openTab(page, site);
    await send(tab, '/say A pomegranate.');
    await replyEnded(tab);
    await expect(results(page)).toContainText('Found in 1 chat.');
    await choose(tab, '/say A pomegranate.', 'Delete');
    await expect(results(page)).toContainText('No chat has all of these words.');
    await field(page).press('Escape');
    await expect(results(page)).toHaveCount(0);
  },
);

test('whatever is found is text', async ({ page, site }) => {
  const texts = Object.values(XSS_CORPUS);
  await page.evaluate(async (all) => {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('paddock');
      opening.onsuccess = () => resolve(opening.result);
    });
    const transaction = db.transaction(['conversations', 'messages'], 'readwrite');
    for (const [n, text] of all.entries()) {
      const times = { createdAt: n + 1, updatedAt: n + 1 };
      transaction
        .objectStore('conversations')
        .put({ id: `x${n}`, title: `zebra ${text}`, ...times });
      transaction.objectStore('messages').put({
        ...{ id: `m${n}`, conversationId: `x${n}`, parentId: null, createdAt: 1 },
        ...{ role: 'user', content: `zebra ${text}`, state: 'done' },
      });
    }
    await new Promise((resolve) => (transaction.oncomplete = resolve));
    db.close();
  }, texts);
  await page.goto(site.url);
  await field(page).fill('zebra');
  await expect(results(page)).toContainText('Found in');
  const more = results(page).getByRole('button', { name: 'Show more chats' });
  await expect(async () => {
    // Each click draws the button anew, and the last takes it away.
    await more.evaluateAll((buttons) => buttons.forEach((one) => (one as HTMLElement).click()));
    expect(await more.count()).toBe(0);
  }).toPass();
  await expect(results(page).locator('mark').first()).toHaveText('zebra');
  const inside = results(page).locator('script, img, iframe, style, link, [onerror], [onload]');
  await expect(inside).toHaveCount(0);
  expect(await page.evaluate(() => 'pwned' in window)).toBe(false);
});
