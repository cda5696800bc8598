/** How full the context is: an estimate before the model is loaded, the host's count behind it. */
import type { Page } from '@playwright/test';
import { audit } from './audit';
import { expect, replyEnded, send, startChatting, test } from './site';

test.beforeEach(async ({ page, site }) => {
  await startChatting(page, site);
});

const box = (page: Page) => page.getByRole('textbox', { name: 'Message' });
const meter = (page: Page) => page.getByRole('meter', { name: 'Context used' });

async function setContext(page: Page, tokens: string) {
  await page.getByRole('button', { name: /^Settings of this chat/ }).click();
  const sheet = page.getByRole('dialog', { name: 'Settings of this chat' });
  await sheet.getByLabel('num_ctx', { exact: true }).fill(tokens);
  await sheet.getByRole('button', { name: 'Done' }).click();
  await expect(sheet).toHaveCount(0);
}

test('typing loads the model, and the count is then exact', async ({ page }) => {
  await box(page).fill('one two three');
  // The fake engine's tokens are words.
  await expect(page.getByText('3 of 4,096 tokens', { exact: true })).toBeVisible();
  await expect(meter(page)).toHaveAttribute('aria-valuenow', '3');
  await audit(page);
  await box(page).fill('one two three four');
  await expect(page.getByText('4 of 4,096 tokens', { exact: true })).toBeVisible();
});

test('a file counts, and its own tokens stand with it', async ({ page }) => {
  await page.locator('input[type=file]').setInputFiles({
    ...{ name: 'a.txt', mimeType: '', buffer: Buffer.from('one two three') },
  });
  const chip = page.getByRole('list', { name: 'Files of this message' });
  await expect(chip.getByText('about 4 tokens')).toBeVisible();
  await box(page).fill('four');
  // "File:", its name and two fences are read too.
  await expect(page.getByText('8 of 4,096 tokens', { exact: true })).toBeVisible();
  await expect(chip.getByText('7 tokens', { exact: true })).toBeVisible();
});

test('what would not be read is told before it is sent', async ({ page }) => {
  await setContext(page, '40');
  await send(page, '/say one two three four five six seven eight');
  await replyEnded(page);
  await box(page).fill('word '.repeat(30));
  await expect(
    page.locator('.warning').getByText(/oldest (\d+ )?messages? will not be read/),
  ).toBeVisible();
  await audit(page);
  await box(page).fill('word '.repeat(60));
  await expect(
    page
      .locator('.warning')
      .getByText('This message alone is too long: 60 tokens, and the context holds 40.'),
  ).toBeVisible();
});
