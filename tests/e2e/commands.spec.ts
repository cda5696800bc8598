/** Commands: the palette, the shortcuts and their dialog, the sidebar that folds away, and the tour. */
import { audit, expectNoSidewaysScroll, smallTargets } from './audit';
import { expect, lastReply, newChat, replyEnded, send, startChatting, test } from './site';

test('the palette finds a command, a chat and a message, and gives the focus back', async ({
  page,
  site,
}) => {
  await startChatting(page, site);
  await send(page, '/say A walrus sings.');
  await replyEnded(page);
  await newChat(page);
  const box = page.getByRole('textbox', { name: 'Message' });
  await box.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Commands, models and chats' });
  const field = palette.getByRole('combobox');
  await expect(field).toBeFocused();
  await audit(page);
  await field.fill('dark');
  await expect(palette.getByRole('option', { selected: true })).toHaveText('Dark theme');
  await field.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(box).toBeFocused();

  await box.press('Control+k');
  await field.fill('walrus sings');
  const hits = palette.getByRole('group', { name: 'Messages' }).getByRole('option');
  await expect(hits.first()).toContainText('A walrus sings.');
  await expect(hits.first().locator('mark').first()).toHaveText('walrus');
  await field.press('ArrowUp'); // from the first to the last
  await expect(palette.getByRole('option').last()).toHaveAttribute('aria-selected', 'true');
  await field.press('Enter');
  await expect(lastReply(page)).toContainText('A walrus sings.');
  await page.keyboard.press('Control+k');
  await field.press('Control+k');
  await expect(palette).toHaveCount(0);
});

test('shortcuts do what their dialog says, and none is taken from who types', async ({
  page,
  site,
}) => {
  await startChatting(page, site);
  const box = page.getByRole('textbox', { name: 'Message' });
  await box.pressSequentially('?');
  await expect(box).toHaveValue('?');
  await box.press('Control+/');
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(dialog).toContainText('New chat');
  await audit(page);
  await dialog.getByRole('switch').uncheck();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Models' }).focus();
  await page.keyboard.press('?');
  await expect(dialog).toHaveCount(0);

  await send(page, '/say One.');
  await replyEnded(page);
  await page.keyboard.press('Control+Shift+C');
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('One.');
  await page.keyboard.press('Control+i');
  await expect(box).toBeFocused();
  await page.keyboard.press('ArrowUp');
  const edit = page.getByRole('textbox', { name: 'Edit your message' });
  await expect(edit).toHaveValue('/say One.');
  await edit.press('Escape');
  await expect(box).toBeFocused();

  await page.keyboard.press('Control+Shift+O');
  await expect(page.getByRole('heading', { name: 'What shall we talk about?' })).toBeVisible();
  await expect(box).toBeFocused();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(lastReply(page)).toContainText('One.');
  await page.keyboard.press('Control+Shift+D');
  await expect(page.getByText('Deleted “/say One.”.', { exact: true }).first()).toBeVisible();
  await expect(page.getByRole('heading', { name: 'What shall we talk about?' })).toBeVisible();
});

test('the sidebar folds away and stays so, and the focus is at the way back', async ({
  page,
  site,
}) => {
  await startChatting(page, site);
  await page.getByRole('button', { name: 'Hide sidebar' }).press('Enter');
  const back = page.getByRole('button', { name: 'Open menu' });
  await expect(back).toBeFocused();
  await page.reload();
  await expect(page.getByRole('button', { name: 'Hide sidebar' })).toBeHidden();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeVisible();
  await page.keyboard.press('Control+b');
  await expect(page.getByRole('button', { name: 'Hide sidebar' })).toBeVisible();
});

test('the focus goes on nearby when what has it goes', async ({ page, site }) => {
  await startChatting(page, site);
  for (const text of ['/say One.', '/say Two.']) {
    await send(page, text);
    await replyEnded(page);
  }
  const articles = page.getByRole('article');
  await articles.nth(3).getByRole('button', { name: 'Regenerate' }).press('Enter');
  await replyEnded(page);
  await expect(
    articles.filter({ has: page.locator(':focus') }).or(page.locator('article:focus')),
  ).toHaveCount(1);
  await articles.nth(2).getByRole('button', { name: 'Delete with what follows' }).press('Enter');
  await expect(articles.nth(1)).toBeFocused();
  await page.getByRole('button', { name: 'Undo' }).press('Enter');
  await expect(articles).toHaveCount(4);
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
  await articles.nth(3).getByRole('button', { name: 'Edit' }).press('Enter');
  await page.getByRole('button', { name: 'Cancel' }).press('Enter');
  await expect(articles.nth(3)).toBeFocused();
});

test('the tour comes once, after the first reply, takes no focus and goes with Escape', async ({
  page,
  site,
}) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.addInitScript(() => localStorage.setItem('paddock-test-tour', 'yes'));
  await startChatting(page, site);
  const tour = page.getByRole('region', { name: 'What runs your chat' });
  await expect(tour).toHaveCount(0);
  await send(page, '/say One.');
  await expect(tour).toBeVisible();
  await expect(page.locator('[aria-live=polite]')).toContainText('A tour of three short steps');
  await expect(tour.locator(':focus')).toHaveCount(0);
  await expect(lastReply(page)).toBeInViewport();
  await expect(page.getByRole('group', { name: 'Status' })).toHaveAttribute('data-pointed');
  expect(await smallTargets(page)).toEqual([]);
  await expectNoSidewaysScroll(page);
  await audit(page);
  await page.getByRole('button', { name: 'Next step' }).click();
  await page.getByRole('button', { name: 'Next step' }).click();
  await expect(page.getByRole('button', { name: 'Open menu' })).toHaveAttribute('data-pointed');
  await page.keyboard.press('Escape');
  await expect(page.locator('[data-pointed]')).toHaveCount(0);
  await send(page, '/say Two.');
  await replyEnded(page);
  await page.goto(`${site.url}settings/`);
  await page.getByRole('button', { name: 'Show the tour' }).click();
  await expect(tour).toBeVisible();
});
