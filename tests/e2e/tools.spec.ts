/** A model calls tools: what a person is asked, what runs, and what stays over a reload. */
import type { Page } from '@playwright/test';
import { fakeConfig, fakeRegistry, noise, publish } from '../fixtures/fake-registry';
import { audit } from './audit';
import { expect, lastReply, replyEnded, send, startChatting, test } from './site';

const overlay = fakeRegistry();
publish(overlay, {
  path: 'smollm2:135m',
  weights: noise(1000, 135),
  params: {},
  config: { ...fakeConfig('134.52M'), capabilities: ['tools'] },
});

test.use({ siteOptions: { dir: 'build-test', overlay } });

test.beforeEach(async ({ page, site }) => {
  await startChatting(page, site);
});

async function switchOn(page: Page, ...titles: string[]) {
  await page.getByRole('button', { name: /^Settings of this chat/ }).click();
  const sheet = page.getByRole('dialog', { name: 'Settings of this chat' });
  for (const title of titles) await sheet.getByRole('switch', { name: title }).check();
  await sheet.getByRole('button', { name: 'Done' }).click();
  await expect(sheet).toHaveCount(0);
}

const card = (page: Page, title: string) =>
  page.getByRole('group', { name: title, exact: true }).last();

test('a question is open over a reload, the answer is given by keyboard, and the reply goes on', async ({
  page,
  site,
}) => {
  await switchOn(page, 'Calculator');
  const box = page.getByRole('textbox', { name: 'Message' });
  await box.fill('/use calculator {"expression":"6*7"}');
  await box.press('Enter');
  const question = page.getByRole('group', { name: 'May the model use Calculator?' });
  await expect(question).toBeVisible();
  await expect(box).toBeFocused();
  await audit(page);
  await page.reload();
  await expect(card(page, 'Calculator')).toContainText('Waits for your answer');
  await question.getByRole('button', { name: 'Allow once' }).focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(lastReply(page)).toContainText('The results: 42');
  await replyEnded(page);
  await audit(page);
  // Always: the next one is not asked for.
  await send(page, '/use calculator {"expression":"2^10"}');
  await expect(lastReply(page)).toContainText('The results: 1024');
  await replyEnded(page);
  await page.goto(`${site.url}settings/`);
  await expect(page.getByRole('combobox', { name: 'Before a call of Calculator' })).toHaveValue(
    'always',
  );
});

test('a program runs without network, is stopped, and the chat goes on from there', async ({
  page,
  site,
}) => {
  await switchOn(page, 'JavaScript');
  const call = (code: string) => `/use javascript ${JSON.stringify({ code })}`;
  await send(page, call('console.log(typeof fetch); 6 * 7'));
  await page.getByRole('button', { name: 'Always allow' }).click();
  await expect(lastReply(page)).toContainText('The results: undefined 42');
  await replyEnded(page);
  const before = site.requests.length;
  await send(page, call('for (;;) {}'));
  await expect(card(page, 'JavaScript')).toContainText('Running');
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(card(page, 'JavaScript')).toContainText('Stopped');
  expect(site.requests.slice(before).filter((path) => !path.startsWith('/_app/'))).toEqual([]);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(lastReply(page)).toContainText('stopped this call');
});

test.describe('a model that knows no tools', () => {
  test.use({ siteOptions: { dir: 'build-test', overlay: fakeRegistry() } });

  test('is offered none, and the reason is there', async ({ page }) => {
    await page.getByRole('button', { name: /^Settings of this chat/ }).click();
    const sheet = page.getByRole('dialog', { name: 'Settings of this chat' });
    await expect(sheet.getByText('This model does not call tools.')).toBeVisible();
    await expect(sheet.getByRole('switch', { name: 'Calculator' })).toBeDisabled();
  });
});
