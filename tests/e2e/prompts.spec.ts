/** `/` in the composer: a list of prompts, what they leave open, and their management. */
import type { Page } from '@playwright/test';
import { audit } from './audit';
import { expect, lastReply, replyEnded, startChatting, test } from './site';

test.beforeEach(async ({ page, site }) => {
  await startChatting(page, site);
});

const box = (page: Page) => page.getByRole('textbox', { name: 'Message' });
const list = (page: Page) => page.getByRole('listbox', { name: 'Prompts' });

test('an example is chosen by keyboard, asks for what it leaves open, and stands in the message', async ({
  page,
}) => {
  await box(page).fill('/');
  await expect(list(page).getByRole('option')).toHaveCount(4);
  await audit(page);
  await box(page).fill('/t');
  await expect(list(page).getByRole('option', { selected: true })).toContainText('/translate');
  await box(page).press('Enter');
  const dialog = page.getByRole('dialog', { name: '/translate' });
  await dialog.getByLabel('language').fill('French');
  await dialog.getByLabel('text').fill('Good\nmorning {{language}}');
  await audit(page);
  await dialog.getByRole('button', { name: 'Insert' }).click();
  await expect(box(page)).toHaveValue(
    /^Translate into French\.[^]*Good\nmorning \{\{language\}\}$/,
  );
  await expect(box(page)).toBeFocused();
});

test('Escape leaves what is typed, and what matches nothing is sent as it is', async ({ page }) => {
  await box(page).fill('/');
  await box(page).press('ArrowUp');
  await expect(list(page).getByRole('option', { selected: true })).toHaveText('Manage prompts…');
  await box(page).press('Escape');
  await expect(list(page)).toHaveCount(0);
  await expect(box(page)).toHaveValue('/');
  await box(page).fill('/markdown');
  await expect(list(page)).toHaveCount(0);
  await box(page).press('Enter');
  await expect(page.getByRole('article', { name: 'User' })).toContainText('/markdown');
  await replyEnded(page);
  await expect(lastReply(page)).not.toBeEmpty();
});

test('a prompt of one’s own is made, changed, kept and deleted', async ({ page }) => {
  await box(page).fill('/');
  await list(page).getByRole('option', { name: 'Manage prompts…' }).click();
  const sheet = page.getByRole('dialog', { name: 'Prompts' });
  await audit(page);
  await sheet.getByRole('button', { name: 'New prompt' }).click();
  await sheet.getByLabel('Name').fill('/Fix typos');
  await sheet.getByLabel('Text').fill('Fix the typos.');
  await sheet.getByRole('button', { name: 'Save' }).click();
  await expect(sheet.getByRole('listitem')).toHaveCount(1);
  await sheet.getByRole('button', { name: 'New prompt' }).click();
  await sheet.getByLabel('Name').fill('Fix-typos');
  await expect(sheet.getByText('Another prompt has this name.')).toBeVisible();
  await sheet.getByRole('button', { name: 'Cancel' }).click();
  await sheet.getByRole('button', { name: 'Close' }).click();
  await page.reload();
  await box(page).fill('/fix');
  await box(page).press('Enter');
  await expect(box(page)).toHaveValue('Fix the typos.');
  await box(page).fill('/');
  await list(page).getByRole('option', { name: 'Manage prompts…' }).click();
  await sheet.getByRole('button', { name: 'Delete Fix-typos' }).click();
  await expect(sheet.getByText('These are examples.')).toBeVisible();
});
