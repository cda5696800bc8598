/** The Models page. */
import { expect, replyEnded, send, startChatting, test } from './site';

test('a model that was deleted is not said to be here', async ({ page, site }) => {
  await startChatting(page, site);
  await page.getByRole('link', { name: 'Models' }).click();
  await expect(page.getByText('SmolLM2 135M is on this device.').first()).toBeVisible();
  await page.getByRole('button', { name: 'Delete smollm2:135m' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('main')).toContainText('No model is on this device yet.');
  await expect(page.getByRole('main')).not.toContainText('SmolLM2 135M is on this device.');
  await expect(page.getByRole('button', { name: /^Download SmolLM2 135M \(/ })).toBeVisible();

  await page.getByRole('link', { name: 'New chat' }).click();
  await expect(page.getByRole('button', { name: 'Start chatting' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Resume download' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Start chatting' }).click();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeEnabled();
});

test('a failed download makes room for the next', async ({ page, site }) => {
  await startChatting(page, site);
  await page.getByRole('link', { name: 'Models' }).click();
  const name = page.getByRole('textbox', { name: 'Model name' });
  for (const missing of ['no-such:1b', 'nor-this:1b']) {
    await name.fill(missing);
    await name.press('Enter');
    await expect(page.getByRole('button', { name: `Dismiss ${missing}` })).toBeVisible();
  }
  await expect(page.getByRole('button', { name: /^Dismiss no-such/ })).toHaveCount(0);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 740 } });

  test('what can be done with a model is in sight, and figures have their names', async ({
    page,
    site,
  }) => {
    await startChatting(page, site);
    await send(page, '/say Hello.');
    await replyEnded(page);
    await page.getByRole('group', { name: 'Status' }).getByRole('link').first().click();
    for (const [label, button] of [
      ['Installed models', 'Delete smollm2:135m'],
      ['Running models', 'Unload'],
    ] as const) {
      const table = page.getByRole('table', { name: label });
      await expect(table.getByRole('button', { name: button })).toBeVisible();
      await expect(table.getByRole('row')).toHaveCount(2); // with the header
      const hidden = await table.locator('..').evaluate((box) => box.scrollWidth - box.clientWidth);
      expect(hidden).toBe(0);
    }
  });
});
