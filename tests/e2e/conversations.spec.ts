import type { Locator, Page } from '@playwright/test';
import { choose, more, rowsOf } from './rows';
import { expect, lastReply, newChat, replyEnded, send, startChatting, test } from './site';

test.beforeEach(async ({ page, site }) => {
  await startChatting(page, site);
});

async function chatAbout(page: Page, text: string) {
  await newChat(page); // its composer, not the one before
  await send(page, text);
  await replyEnded(page);
  await expect(page).toHaveURL(/\?c=/);
}

async function wordsOf(reply: Locator): Promise<string[]> {
  return (await reply.innerText()).match(/w\d+/g) ?? [];
}

test(
  'newest first, each with its own address, across a reload',
  { tag: '@worker' },
  async ({ page, site }) => {
    await chatAbout(page, 'first subject');
    const first = page.url();
    await chatAbout(page, 'second subject');
    expect(page.url()).not.toBe(first);
    const list = rowsOf(page);
    await expect(list).toHaveText([/second subject/, /first subject/]);
    await page.reload();
    await expect(lastReply(page)).toContainText('You said: second subject');
    await expect(list).toHaveText([/second subject/, /first subject/]);

    // A cold deep link: nothing of the page is there yet.
    const cold = await page.context().newPage();
    await page.close();
    await cold.goto(first);
    await expect(lastReply(cold)).toContainText('You said: first subject');
    await send(cold, 'more');
    await replyEnded(cold);
    await expect(rowsOf(cold)).toHaveText([/first subject/, /second subject/]);
    expect(cold.url()).toContain(site.url);
  },
);

test('renamed', async ({ page }) => {
  await chatAbout(page, 'a dull title');
  await choose(page, 'a dull title', 'Rename…');
  await page.getByRole('textbox', { name: 'Title' }).fill('Better');
  await page.getByRole('textbox', { name: 'Title' }).press('Enter');
  await expect(page.getByRole('link', { name: 'Better' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('link', { name: 'Better' })).toBeVisible();
});

test('the keyboard keeps its place after a rename and a delete', async ({ page }) => {
  for (const text of ['one', 'two', 'three']) await chatAbout(page, text);
  const first = (title: string) => more(page, `More for “${title}”`);
  for (const key of ['Enter', 'Escape']) {
    await first('two').press('Enter');
    await expect(page.getByRole('menuitem', { name: 'Rename…' })).toBeFocused();
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Title' }).press(key);
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(first('two')).toBeFocused();
  }
  await first('two').press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Rename…' })).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('link', { name: 'one', exact: true })).toBeFocused();
  await first('one').press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Rename…' })).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('link', { name: 'three', exact: true })).toBeFocused();
});

test('deleted, and brought back by Undo', async ({ page }) => {
  await chatAbout(page, 'keep me');
  await choose(page, 'keep me', 'Delete');
  await expect(page.getByRole('link', { name: 'keep me' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('link', { name: 'keep me' })).toBeVisible();
  await expect(page).toHaveURL(/\?c=/); // the chat that was open is open again
  await expect(lastReply(page)).toContainText('You said: keep me');
});

test('the notice with Undo leaves the composer free, however much is written in it', async ({
  page,
}) => {
  await chatAbout(page, 'stay');
  await chatAbout(page, 'go');
  await page.getByRole('link', { name: 'stay' }).click();
  const box = page.getByRole('textbox', { name: 'Message' });
  await box.fill('line\n'.repeat(30));
  await choose(page, 'go', 'Delete');
  const notice = page.getByRole('region', { name: 'Notices' });
  const [above, below] = await Promise.all([
    notice.getByText('Deleted “go”.').boundingBox(),
    page.locator('form').filter({ has: box }).boundingBox(),
  ]);
  expect(above!.y + above!.height).toBeLessThan(below!.y);
});

test('deleted in the middle of its reply, and brought back with all of the text', async ({
  page,
}) => {
  await send(page, '/slow');
  await expect(lastReply(page)).toContainText('w12');
  const seen = (await wordsOf(lastReply(page))).length;
  await choose(page, '/slow', 'Delete');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('link', { name: '/slow' }).click();
  const reply = lastReply(page);
  await expect(reply).toContainText('Stopped.');
  await expect(reply).toContainText('w0'); // the Markdown parser may come later than the note
  const kept = await wordsOf(reply);
  expect(kept.length).toBeGreaterThanOrEqual(seen);
  await page.reload();
  await expect(reply).toContainText('Stopped.');
  await expect(reply).toContainText('w0');
  expect(await wordsOf(reply)).toEqual(kept);
});

test('deleted, also when the page closes before the toast', async ({ page }) => {
  await chatAbout(page, 'forget me');
  await choose(page, 'forget me', 'Delete');
  await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
  await page.reload();
  await expect(page.getByText('Your chats will be listed here.')).toBeVisible();
});

test('a conversation that is not there says so', async ({ page, site }) => {
  await page.goto(`${site.url}?c=no-such-chat`);
  await expect(page.getByText(/not on this device/)).toBeVisible();
});

test('a reload in the middle of a reply keeps the text and offers Continue', async ({ page }) => {
  await send(page, '/slow');
  await expect(lastReply(page)).toContainText('w30');
  const seen = (await wordsOf(lastReply(page))).length;
  await page.reload();
  const reply = lastReply(page);
  await expect(reply).toContainText('Cut off');
  await expect(reply).toContainText('w0'); // the Markdown parser may come later than the note
  const kept = (await wordsOf(reply)).length;
  // 20 words a second: half a second is 10 of them, and a few more come between the look and the reload.
  expect(kept).toBeGreaterThanOrEqual(seen - 10);
  await reply.getByRole('button', { name: 'Continue' }).click();
  await expect(reply).toContainText(`w${kept + 3}`);
  await page.getByRole('button', { name: 'Stop' }).click();
  const words = await wordsOf(reply);
  expect(words).toEqual(words.map((_, n) => `w${n}`));
});
