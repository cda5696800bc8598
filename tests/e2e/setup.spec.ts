import type { Page } from '@playwright/test';
import { audit } from './audit';
import { expect, lastReply, replyEnded, send, startChatting, test } from './site';

test.beforeEach(async ({ page, site }) => {
  await startChatting(page, site);
});

const sheet = (page: Page) => page.getByRole('dialog', { name: 'Settings of this chat' });

async function openSheet(page: Page) {
  await page.getByRole('button', { name: /^Settings of this chat/ }).click();
  await sheet(page).getByRole('button', { name: 'Done' }).waitFor();
}

async function close(page: Page) {
  await sheet(page).getByRole('button', { name: 'Done' }).click();
  await expect(sheet(page)).toHaveCount(0);
}

async function reply(page: Page): Promise<string> {
  await replyEnded(page);
  const drawn = lastReply(page).locator('.markdown');
  await expect(drawn).not.toBeEmpty();
  return (await drawn.textContent()) ?? '';
}

test('a seed makes replies repeat, in this chat, over a reload, until it is taken back', async ({
  page,
}) => {
  await openSheet(page);
  await sheet(page).getByLabel('seed', { exact: true }).fill('7');
  await close(page);
  await send(page, '/random');
  const first = await reply(page);
  await page.reload();
  await page.getByRole('button', { name: 'Regenerate' }).click();
  expect(await reply(page)).toBe(first);
  const button = page.getByRole('button', { name: 'Settings of this chat, 1 changed' });
  await button.click();
  await expect(sheet(page).getByLabel('seed', { exact: true })).toHaveValue('7');
  await sheet(page).getByRole('button', { name: 'Use the model’s own' }).click();
  await expect(sheet(page).getByLabel('seed', { exact: true })).toHaveValue('');
  await close(page);
  await page.getByRole('button', { name: 'Regenerate' }).click();
  expect(await reply(page)).not.toBe(first);
});

test('another chat has settings of its own', async ({ page }) => {
  await openSheet(page);
  await sheet(page).getByLabel('temperature').fill('0.5');
  await close(page);
  await send(page, '/say one');
  await replyEnded(page);
  await page.getByRole('link', { name: 'New chat' }).first().click();
  await expect(
    page.getByRole('button', { name: 'Settings of this chat', exact: true }),
  ).toBeVisible();
});

test('a wrong value and a schema that cannot be held say so, and are not sent', async ({
  page,
}) => {
  await openSheet(page);
  const dialog = sheet(page);
  await dialog.getByLabel('top_p', { exact: true }).fill('7');
  await expect(dialog).toContainText('It must be between 0 and 1.');
  await dialog.getByRole('switch', { name: 'Answer in JSON' }).check();
  await dialog.getByLabel('JSON Schema').fill('{"type": "obj');
  await expect(dialog).toContainText('The JSON Schema of this chat is no JSON');
  await dialog.getByLabel('JSON Schema').fill('{"type": "nothing"}');
  await expect(dialog.locator('.fault').first()).toContainText('type');
  await audit(page);
  await dialog.getByLabel('JSON Schema').fill('{"type": "object"}');
  await expect(dialog).toContainText('Replies are held to it');
  await close(page);
  await send(page, '/say {}');
  expect(await reply(page)).toContain('{}');
});

test('a reply in JSON is checked against its schema, and stands on lines', async ({ page }) => {
  await openSheet(page);
  await sheet(page).getByRole('switch', { name: 'Answer in JSON' }).check();
  await sheet(page)
    .getByLabel('JSON Schema')
    .fill('{"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}');
  await close(page);
  await send(page, '/say Bern');
  expect(await reply(page)).toContain('{\n  "city": ');
  await expect(lastReply(page)).toContainText('Valid against the schema.');
  await page.reload();
  await expect(lastReply(page)).toContainText('Valid against the schema.');
});

test('settings of a chat become a preset, which the chat then uses', async ({ page }) => {
  await openSheet(page);
  const dialog = sheet(page);
  await dialog.getByLabel('System prompt').fill('Be brief.');
  await dialog.getByLabel('temperature').fill('0.5');
  await dialog.getByRole('button', { name: 'Save as preset' }).click();
  const name = dialog.getByLabel('Name of the preset');
  await name.fill('smollm2:135m');
  await expect(dialog).toContainText('A model of this name is on this device already.');
  await name.fill('brief');
  await audit(page);
  await dialog.getByRole('button', { name: 'Save preset' }).click();
  await dialog.getByRole('button', { name: 'Use it in this chat' }).click();
  await expect(dialog.getByLabel('System prompt')).toHaveValue('');
  await expect(dialog.getByLabel('System prompt')).toHaveAttribute('placeholder', 'Be brief.');
  await close(page);
  await expect(page.getByRole('combobox', { name: 'Model' })).toHaveValue('brief:latest');
});
