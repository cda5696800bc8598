/** Pins, folders, the trash, and the menu of a chat. */
import { audit, expectNoSidewaysScroll, smallTargets } from './audit';
import { choose, more, rowsOf } from './rows';
import { expect, lastReply, newChat, replyEnded, send, startChatting, test } from './site';

test.beforeEach(async ({ page, site }) => {
  await startChatting(page, site);
  await send(page, '/say One.');
  await replyEnded(page);
});

test('the trash gives a chat back, and deletes for good when it is told so', async ({ page }) => {
  await choose(page, '/say One.', 'Delete');
  await page.getByRole('button', { name: /^Trash/ }).click();
  const sheet = page.getByRole('dialog', { name: 'Trash' });
  await expect(sheet).toContainText(/Goes on .+\d{4}\./);
  await audit(page);
  await sheet.getByRole('button', { name: 'Restore “/say One.”' }).click();
  await expect(sheet).toContainText('The trash is empty.');
  await sheet.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('link', { name: '/say One.' }).click();
  await expect(lastReply(page)).toContainText('One.');

  await choose(page, '/say One.', 'Delete');
  await page.getByRole('button', { name: /^Trash/ }).click();
  await sheet.getByRole('button', { name: 'Empty trash' }).click();
  await page.getByRole('button', { name: 'Delete for good', exact: true }).click();
  await expect(sheet).toContainText('The trash is empty.');
  await page.reload();
  await expect(page.getByText('Your chats will be listed here.')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Trash/ })).toHaveCount(0);
});

test(
  'pins and folders stay, here and in another tab',
  { tag: '@worker' },
  async ({ page, site }) => {
    await newChat(page);
    await send(page, '/say Two.');
    await replyEnded(page);
    await expect(rowsOf(page)).toHaveText([/Two/, /One/]);
    await choose(page, '/say One.', 'Pin');
    await expect(rowsOf(page)).toHaveText([/One/, /Two/]);
    await choose(page, '/say Two.', 'Move to folder…');
    await page.getByRole('menuitem', { name: 'New folder…' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Work');
    await page.getByRole('textbox', { name: 'Name' }).press('Enter');
    const folder = page.getByRole('region', { name: 'Work' });
    await expect(folder.getByRole('link')).toHaveText('/say Two.');
    const tab = await page.context().newPage();
    await tab.goto(site.url);
    await expect(tab.getByRole('region', { name: 'Pinned' }).getByRole('link')).toHaveText(
      '/say One.',
    );
    await page.getByRole('region', { name: 'Pinned' }).getByRole('link').dragTo(folder);
    await choose(page, '/say One.', 'Unpin');
    await expect(folder.getByRole('link')).toHaveCount(2);
    await folder.getByRole('button', { name: 'Work', exact: true }).click();
    await expect(folder.getByRole('link')).toHaveCount(0);
    await more(page, 'More for folder “Work”').click();
    await page.getByRole('menuitem', { name: 'Delete folder, keep its chats' }).click();
    await expect(rowsOf(page)).toHaveCount(2);
    await expect(tab.getByRole('region', { name: 'Work' })).toHaveCount(0);
  },
);

test('the menu works on a phone, by keyboard', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 700 });
  await page.getByRole('button', { name: 'Open menu' }).click();
  const drawer = page.getByRole('dialog', { name: 'Menu' });
  await more(drawer, 'More for “/say One.”').press('Enter');
  const first = page.getByRole('menuitem', { name: 'Rename…' });
  await expect(first).toBeFocused();
  await expect(page.getByRole('menu')).toBeInViewport({ ratio: 1 });
  expect(await smallTargets(page)).toEqual([]);
  await expectNoSidewaysScroll(page);
  await audit(page);
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('menuitem', { name: 'Delete' })).toBeFocused();
  await page.keyboard.press('m');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('menuitemradio', { name: 'No folder' })).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('menuitem', { name: 'Move to folder…' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
  await expect(more(drawer, 'More for “/say One.”')).toBeFocused();
});
