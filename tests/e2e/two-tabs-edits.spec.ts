/** Two tabs that change the same chat at once: nothing that was written is lost, and nothing deleted comes back. */
import type { BrowserContext, Page } from '@playwright/test';
import { choose } from './rows';
import { expect, lastReply, replyEnded, send, startChatting, test, watchPage } from './site';

test.use({ serviceWorkers: 'allow' });

const users = (page: Page) => page.getByRole('article', { name: 'User' });
const editor = (page: Page) => page.getByRole('textbox', { name: 'Edit your message' });
const box = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });

async function secondTab(page: Page, context: BrowserContext) {
  await expect(page).toHaveURL(/\?c=/);
  const tab = await context.newPage();
  const complaints = watchPage(tab);
  await tab.goto(page.url());
  await expect(users(tab).first()).toBeVisible();
  return { tab, complaints };
}

async function act(page: Page, name: string) {
  await users(page).first().hover();
  await users(page).first().getByRole('button', { name, exact: true }).click();
}

test(
  'both edit one message; one deletes it while the other writes at it, and streams behind it',
  { tag: '@long' },
  async ({ page, context, site }) => {
    await startChatting(page, site);
    await send(page, '/say One.');
    await replyEnded(page);
    const { tab, complaints } = await secondTab(page, context);
    for (const [one, text] of [
      [page, '/say Two.'],
      [tab, '/say Three.'],
    ] as const) {
      await act(one, 'Edit');
      await editor(one).fill(text);
    }
    for (const one of [page, tab]) await one.getByRole('button', { name: 'Save and send' }).click();
    for (const one of [page, tab]) {
      await expect(users(one).first()).toContainText('/3');
      await replyEnded(one);
    }

    await act(tab, 'Edit');
    await editor(tab).fill('half a sen');
    // Every version goes, and with them the one that is edited.
    while ((await users(page).count()) > 0) await act(page, 'Delete with what follows');
    await expect(editor(tab)).toHaveCount(0);
    await expect(box(tab)).toHaveValue('half a sen');
    expect(complaints).toEqual([]);
  },
);

test('a chat is deleted for good while another tab streams and writes there', async ({
  page,
  context,
  site,
}) => {
  await startChatting(page, site);
  await send(page, '/slow');
  const { tab, complaints } = await secondTab(page, context);
  await expect(lastReply(page)).toContainText('w2');
  await box(page).fill('half a sentence');
  await choose(tab, '/slow', 'Delete');
  await tab.goto(`${site.url}settings/`);
  await tab.getByRole('button', { name: 'Delete all chats' }).click();
  await tab.getByRole('button', { name: /^Delete \d+ chats?$/ }).click();
  await expect(page.getByRole('main')).toContainText('This chat is not on this device');
  await page.getByRole('main').getByRole('link', { name: 'New chat' }).click();
  await expect(box(page)).toHaveValue('half a sentence');
  const left = await page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('paddock');
      opening.onsuccess = () => resolve(opening.result);
    });
    const counts = ['conversations', 'messages'].map(
      (name) =>
        new Promise<number>((resolve) => {
          const request = db.transaction(name).objectStore(name).count();
          request.onsuccess = () => resolve(request.result);
        }),
    );
    return Promise.all(counts);
  });
  expect(left).toEqual([0, 0]);
  expect(complaints).toEqual([]);
});
