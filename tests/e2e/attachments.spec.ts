/** Files in the composer: chosen, dropped and pasted; what is sent of them; what is refused, and why. */
import type { Page } from '@playwright/test';
import { XSS_CORPUS } from '../fixtures/xss-corpus';
import { smallPdf } from '../fixtures/small-pdf';
import { audit } from './audit';
import { expect, lastReply, replyEnded, send, startChatting, test } from './site';

test.beforeEach(async ({ page, site }) => {
  await startChatting(page, site);
});

interface Given {
  name: string;
  mimeType?: string;
  buffer: string | Uint8Array;
}

const chips = (page: Page) => page.getByRole('list', { name: 'Files of this message' });

async function add(page: Page, ...files: Given[]) {
  await page.locator('input[type=file]').setInputFiles(
    files.map(({ name, mimeType = '', buffer }) => ({
      ...{ name, mimeType, buffer: Buffer.from(buffer) },
    })),
  );
}

/** Puts data on the message box as a paste does. */
async function paste(page: Page, text: string) {
  const box = page.getByRole('textbox', { name: 'Message' });
  await box.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    const taken = !element.dispatchEvent(event);
    if (!taken) document.execCommand('insertText', false, pasted);
  }, text);
}

test('a text goes before the message, opens as text, and outlives a reload', async ({ page }) => {
  const hostile = '</pre><img src=x onerror="window.pwned = 1">\n```\nnot the end';
  await add(page, { name: 'notes.md', buffer: hostile });
  await expect(chips(page).getByText('notes.md')).toBeVisible();
  await send(page, '/say read');
  await expect(chips(page)).toHaveCount(0);
  await replyEnded(page);
  await page.reload();
  const sent = page.getByRole('list', { name: 'Files', exact: true });
  await sent.getByRole('button', { name: /notes\.md/ }).click();
  const sheet = page.getByRole('dialog', { name: 'notes.md' });
  await expect(sheet.locator('pre')).toHaveText(hostile);
  await audit(page);
  expect(await page.evaluate(() => 'pwned' in window)).toBe(false);
});

test('a file is sent alone, names its chat, and can be given words later', async ({ page }) => {
  await add(page, { name: 'notes.md', buffer: 'All of it.' });
  await expect(chips(page).getByText('notes.md')).toBeVisible();
  await page.getByRole('textbox', { name: 'Message', exact: true }).press('Enter');
  await replyEnded(page);
  await expect(lastReply(page)).toContainText('All of it.');
  await expect(page.getByRole('navigation').getByRole('link', { name: 'notes.md' })).toBeVisible();
  const user = page.getByRole('article', { name: 'User' });
  await user.hover();
  await user.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByRole('textbox', { name: 'Edit your message' }).fill('/say Words.');
  await page.getByRole('button', { name: 'Save and send' }).click();
  await expect(user.getByRole('button', { name: /notes\.md/ })).toBeVisible();
  await replyEnded(page);
});

test('PDFs give their text; those that cannot say why', async ({ page }) => {
  await add(
    page,
    { name: 'good.pdf', buffer: smallPdf(['First page.', 'Second page.']) },
    { name: 'secret.pdf', buffer: smallPdf(['x'], { encrypted: true }) },
    { name: 'scan.pdf', buffer: smallPdf(['']) },
    { name: 'broken.pdf', buffer: '%PDF-1.7 nothing' },
  );
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('“secret.pdf” is encrypted', { timeout: 30_000 });
  await expect(alert).toContainText('No page of “scan.pdf” has text');
  await expect(alert).toContainText('“broken.pdf” is damaged');
  await audit(page);
  await chips(page)
    .getByRole('button', { name: /^good\.pdf/ })
    .click();
  const sheet = page.getByRole('dialog', { name: 'good.pdf' });
  await expect(sheet.locator('pre')).toHaveText('First page.\n\nSecond page.');
});

test('images need a model that sees; SVG and HEIC are refused; binary is no text', async ({
  page,
}) => {
  await add(
    page,
    { name: 'a.png', buffer: Buffer.from('89504e470d0a1a0a', 'hex') },
    { name: 'a.svg', buffer: '<svg onload="window.pwned = 1"></svg>' },
    { name: 'a.heic', buffer: 'x' },
    { name: 'a.bin', buffer: new Uint8Array([1, 0, 2]) },
  );
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('cannot see images, so “a.png” was not added');
  await expect(alert).toContainText('“a.svg” is an SVG');
  await expect(alert).toContainText('“a.heic” is a HEIC image');
  await expect(alert).toContainText('“a.bin” is no text');
  await alert.getByRole('button', { name: 'Dismiss' }).click();
  await expect(alert).toHaveCount(0);
});

test('a dropped file is added, and a removed one is gone', async ({ page }) => {
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['dropped'], 'dropped.txt'));
    for (const type of ['dragenter', 'dragover', 'drop']) {
      window.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    }
  });
  await expect(chips(page).getByText('dropped.txt')).toBeVisible();
  await page.getByRole('button', { name: 'Remove dropped.txt' }).click();
  await expect(chips(page)).toHaveCount(0);
  const stored = () =>
    page.evaluate(async () => {
      const db = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open('paddock');
        request.onsuccess = () => resolve(request.result);
      });
      const count = await new Promise<number>((resolve) => {
        const request = db.transaction('attachments').objectStore('attachments').count();
        request.onsuccess = () => resolve(request.result);
      });
      db.close();
      return count;
    });
  await expect.poll(stored).toBe(0);
});

test('a long paste may become a file, and a huge one is one at once', async ({ page }) => {
  const box = page.getByRole('textbox', { name: 'Message' });
  await box.fill('Read: ');
  await box.press('End');
  await paste(page, 'word '.repeat(500));
  await page.getByRole('button', { name: 'Make it a file' }).click();
  await expect(chips(page).getByText('Pasted text.txt')).toBeVisible();
  await expect(box).toHaveValue('Read: ');
  await paste(page, 'x'.repeat(5_000_000));
  await expect(chips(page).getByText('Pasted text 2.txt')).toBeVisible();
  await expect(box).toHaveValue('Read: ');
});

test('hostile names are text', async ({ page }) => {
  const names = Object.values(XSS_CORPUS).slice(0, 12);
  // A path's last step is what a browser gives for a name.
  const files = names.map((name) => ({ name: `${name.replaceAll('/', '∕')}.txt`, buffer: 'x' }));
  await add(page, ...files, { name: 'a\u202Etxt.exe', buffer: 'x' });
  await expect(chips(page).getByRole('listitem')).toHaveCount(13);
  await send(page, '/say hello');
  await replyEnded(page);
  await expect(lastReply(page)).toContainText('hello');
  expect(await page.evaluate(() => 'pwned' in window)).toBe(false);
});
