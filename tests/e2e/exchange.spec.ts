/** Chats out of the page and back into it: files, other programs' exports, the backup. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import { chatGptChat, llamaCppChat } from '../fixtures/exchange-chats';
import { XSS_CORPUS } from '../fixtures/xss-corpus';
import { underServiceWorker } from './api-client';
import { auditEveryLook, expectNoSidewaysScroll } from './audit';
import { expect, lastReply, newChat, replyEnded, send, startChatting, test } from './site';

test.beforeEach(async ({ page, site }) => {
  await startChatting(page, site);
});

async function say(page: Page, text: string): Promise<void> {
  await send(page, text);
  await replyEnded(page);
}

async function openSettings(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { name: 'Chats: export, import, backup' })).toBeVisible();
}

/** What the page hands to the browser's downloads while `act` runs. */
async function saved(page: Page, act: () => Promise<void>) {
  const download = page.waitForEvent('download');
  await act();
  const file = await download;
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

async function bring(page: Page, name: string, content: Buffer | string): Promise<void> {
  const buffer = Buffer.from(content as string);
  const mimeType = 'application/octet-stream';
  await page.getByLabel('File with chats').setInputFiles({ name, mimeType, buffer });
}

async function deleteAll(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Delete all chats' }).click();
  await page.getByRole('button', { name: /^Delete \d+ chats?$/ }).click();
  await expect(page.getByText('There are no chats on this device.')).toBeVisible();
}

/** Asks the API about the model `pirate`. */
function ask(page: Page, method: string, path: string, more: object): Promise<string> {
  return page.evaluate(
    async ([verb, name, body]) => {
      const answer = await fetch(`/api/${name}`, { method: verb!, body: body! });
      if (!answer.ok) throw new Error(await answer.text());
      return answer.text();
    },
    [method, path, JSON.stringify({ model: 'pirate', stream: false, ...more })],
  );
}

for (const format of ['JSON', 'ZIP']) {
  test(`all chats as ${format}, deleted, and imported again`, async ({ page }) => {
    await say(page, 'first subject');
    await say(page, 'and more of it');
    await newChat(page);
    await say(page, '/think Let me see. | A **bold** answer.');
    await openSettings(page);
    await page.getByRole('button', { name: 'Export all chats' }).click();
    await page.getByRole('radio', { name: new RegExp(`^${format}`) }).check();
    const file = await saved(page, () =>
      page.getByRole('button', { name: 'Save', exact: true }).click(),
    );
    expect(file.name).toMatch(/^paddock-chats-\d{4}-\d\d-\d\d\.(json|zip)$/);
    await deleteAll(page);

    await bring(page, file.name, file.bytes);
    const status = page.getByRole('status');
    await expect(status.getByText('2 chats were imported.')).toBeVisible();
    await bring(page, file.name, file.bytes);
    await expect(status.getByText('2 chats were here already.')).toBeVisible();
    await page.getByRole('link', { name: 'first subject' }).click();
    await expect(page.getByRole('article')).toHaveCount(4);
    await expect(lastReply(page)).toContainText('You said: and more of it');
    await page.reload();
    await expect(lastReply(page)).toContainText('You said: and more of it');
    await say(page, 'it goes on');
    await expect(lastReply(page)).toContainText('You said: it goes on');
  });
}

test('chats of llama.cpp’s web UI and of ChatGPT; a file that is none says so', async ({
  page,
}) => {
  await openSettings(page);
  await bring(page, 'llama.json', JSON.stringify([llamaCppChat()]));
  const status = page.getByRole('status');
  await expect(status.getByText('1 chat was imported.')).toBeVisible();
  await expect(status.getByText('1 message without text was left out.')).toBeVisible();
  await bring(page, 'conversations.json', JSON.stringify([chatGptChat()]));
  await expect(status.getByText('2 parts that are neither text')).toBeVisible();
  await bring(
    page,
    'half.json',
    JSON.stringify([llamaCppChat('x'), llamaCppChat('y')]).slice(0, -300),
  );
  await expect(status.getByText('The file ends in the middle')).toBeVisible();
  await bring(page, 'diary.json', 'Dear diary');
  await expect(page.getByRole('alert')).toContainText('This file is not JSON, or is damaged.');

  await page.getByRole('link', { name: 'Bread' }).click();
  await expect(page.getByRole('article').getByText('Rye.')).toBeVisible();
  await page.getByRole('link', { name: 'Sky' }).first().click();
  await expect(page.getByText('Why is the sky blue?')).toBeVisible();
});

test('one chat as HTML shows without script, asks nobody, and holds what was said', async ({
  page,
  browser,
}) => {
  const hostile = Object.values(XSS_CORPUS).join('\n\n');
  await openSettings(page);
  await bring(page, 'llama.json', JSON.stringify([llamaCppChat('h', hostile), llamaCppChat()]));
  await expect(page.getByText('2 chats were imported.')).toBeVisible();
  await page.getByRole('link', { name: 'Sky' }).first().hover();
  await page.getByRole('button', { name: 'More for “Sky”' }).first().click();
  await page.getByRole('menuitem', { name: 'Export…' }).click();
  await page.getByRole('radio', { name: 'HTML' }).check();
  const file = await saved(page, () =>
    page.getByRole('button', { name: 'Save', exact: true }).click(),
  );
  expect(file.name).toBe('Sky.html');

  const context = await browser.newContext({ javaScriptEnabled: false });
  const reader = await context.newPage();
  const requests: string[] = [];
  reader.on('request', (request) => requests.push(request.url()));
  await reader.route('**/*', (route) =>
    route.request().url() === 'https://file.invalid/'
      ? route.fulfill({ contentType: 'text/html', body: file.bytes })
      : route.abort(),
  );
  await reader.goto('https://file.invalid/');
  await expect(reader.getByRole('heading', { name: 'Sky' })).toBeVisible();
  await expect(reader.getByText('Rayleigh.')).toBeVisible();
  await expect(reader.getByText('Hm.')).toBeHidden(); // thoughts are folded
  expect(requests.filter((url) => !url.startsWith('data:'))).toEqual(['https://file.invalid/']);
  await context.close();
});

test(
  'a backup brings back what it held, after a yes, and doubles nothing',
  { tag: '@worker' },
  async ({ page, site }) => {
    await underServiceWorker(page);
    await ask(page, 'POST', 'create', { from: 'smollm2:135m', system: 'Talk like a pirate.' });
    await say(page, 'keep me');
    await openSettings(page);
    await page.getByRole('radio', { name: 'Dark' }).check();
    const file = await saved(page, () =>
      page.getByRole('button', { name: 'Save a backup' }).click(),
    );
    expect(file.name).toMatch(/^paddock-backup-/);
    const held = unzipSync(file.bytes);
    expect(Object.keys(held)).toContain('settings.json');
    expect(strFromU8(held['settings.json']!)).not.toContain('networkOff');
    await deleteAll(page);
    await ask(page, 'DELETE', 'delete', {});
    await page.getByRole('radio', { name: 'Light' }).check();

    await bring(page, file.name, file.bytes);
    const dialog = page.getByRole('dialog', { name: 'Restore this backup?' });
    await expect(dialog).toContainText('1 chat');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(page.getByText('There are no chats on this device.')).toBeVisible();
    await bring(page, file.name, file.bytes);
    await dialog.getByRole('button', { name: 'Restore' }).click();
    await expect(page.getByText('1 chat was imported.')).toBeVisible();
    await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
    await expect(page.getByText('Restored: 1 preset.')).toBeVisible();
    expect(await ask(page, 'POST', 'show', {})).toContain('Talk like a pirate.');
    await page.goto(site.url);
    await page.getByRole('link', { name: 'keep me' }).click();
    await expect(lastReply(page)).toContainText('You said: keep me');
  },
);

test(
  'the section and its dialog pass the audit in every look',
  { tag: '@long' },
  async ({ page }) => {
    test.slow();
    await say(page, 'something');
    await openSettings(page);
    await bring(page, 'llama.json', JSON.stringify([llamaCppChat()]));
    await expect(page.getByText('1 chat was imported.')).toBeVisible();
    await auditEveryLook(page);
    await page.getByRole('button', { name: 'Export all chats' }).click();
    await auditEveryLook(page);
    await expectNoSidewaysScroll(page);
  },
);
