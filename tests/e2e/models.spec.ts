/** The Models page. */
import { expect, startChatting, test } from './site';

test('a model that was deleted is not said to be here', async ({ page, site }) => {
  await startChatting(page, site);
  await page.getByRole('link', { name: 'Models' }).click();
  await expect(page.getByText('SmolLM2 135M is on this device.').first()).toBeVisible();
  await page.getByRole('button', { name: 'Delete smollm2:135m' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('main')).toContainText('No model is on this device yet.');
  await expect(page.getByRole('main')).not.toContainText('SmolLM2 135M is on this device.');
  await expect(page.getByRole('button', { name: /^Download SmolLM2 135M/ })).toBeVisible();

  await page.getByRole('link', { name: 'New chat' }).click();
  await expect(page.getByRole('button', { name: 'Start chatting' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Resume download' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Start chatting' }).click();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeEnabled();
});
