/** A disk that loses a bit of a model, found and repaired on the Models page. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { partsIn } from './faults';
import { expect, lastReply, replyEnded, send, startChatting, test } from './site';

const storage = (page: Page) => page.getByRole('region', { name: 'Storage' });

/** Turns one bit of the largest file over. */
async function flipBit(page: Page) {
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const blobs = await root.getDirectoryHandle('blobs');
    let largest: FileSystemFileHandle | undefined;
    let size = 0;
    for await (const handle of blobs.values()) {
      const file = await (handle as FileSystemFileHandle).getFile();
      if (file.size <= size) continue;
      [largest, size] = [handle as FileSystemFileHandle, file.size];
    }
    const bytes = new Uint8Array(await (await largest!.getFile()).slice(500, 501).arrayBuffer());
    const writable = await largest!.createWritable({ keepExistingData: true });
    await writable.write({ type: 'write', position: 500, data: new Uint8Array([bytes[0]! ^ 1]) });
    await writable.close();
  });
}

test('a flipped bit is found, the model is not loaded, and its repair keeps the chats', async ({
  page,
  site,
}) => {
  await startChatting(page, site);
  await send(page, '/say Before.');
  await replyEnded(page);
  await page.getByRole('link', { name: 'Models' }).click();
  await page.getByRole('button', { name: 'Unload' }).click();
  await flipBit(page);
  await storage(page).getByRole('button', { name: 'Check all files' }).click();
  await expect(storage(page)).toContainText('1 model is not whole.');
  await expect(storage(page).getByRole('row', { name: /smollm2:135m/ })).toContainText('Damaged');
  const installed = page.getByRole('table', { name: 'Installed models' });
  await expect(installed.getByRole('row', { name: /smollm2:135m/ })).toContainText('Damaged');
  await expect(installed.getByRole('button', { name: 'Chat with smollm2:135m' })).toHaveCount(0);
  const { violations } = await new AxeBuilder({ page }).include('main').analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);

  await page.getByRole('link', { name: '/say Before.' }).click();
  await send(page, '/say Refused.');
  await expect(page.getByRole('alert')).toContainText('a file of smollm2:135m damaged');
  await expect(page.getByRole('alert')).toContainText('Repair it under Storage');

  site.requests.length = 0;
  await page.getByRole('link', { name: 'Models' }).click();
  await installed.getByRole('button', { name: 'Repair smollm2:135m' }).click();
  await expect(page.getByRole('heading', { name: 'Storage' })).toBeFocused();
  await expect(storage(page)).toContainText('smollm2:135m is whole again.');
  await expect(page.getByRole('button', { name: 'Repair smollm2:135m' })).toHaveCount(0);
  expect(partsIn(site.requests)).toEqual([0]); // the part with the bit, and no other

  await page.getByRole('link', { name: '/say Before.' }).click();
  await expect(page.getByRole('article', { name: 'Assistant' }).first()).toContainText('Before.');
  await send(page, '/say After.');
  await expect(lastReply(page)).toContainText('After.');
});

test('models that the browser may remove can be saved; they are proposed for deletion, and deleted when a person says so', async ({
  page,
  site,
}) => {
  await page.addInitScript(() => {
    StorageManager.prototype.persist = () => Promise.resolve(false);
    StorageManager.prototype.persisted = () => Promise.resolve(false);
  });
  await startChatting(page, site);
  await page.getByRole('link', { name: 'Models' }).click();
  await expect(storage(page)).toContainText('The browser may remove this data when space runs');
  await storage(page).getByRole('button', { name: 'Ask the browser to keep it' }).click();
  await expect(storage(page)).toContainText('It declined to keep it');
  await expect(page.getByRole('button', { name: 'Save smollm2:135m to disk' })).toBeVisible();
  await storage(page).getByRole('button', { name: 'Free space by last use' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('checkbox', { name: /smollm2:135m/ })).toBeChecked();
  await dialog.getByRole('checkbox').uncheck();
  await expect(dialog.getByRole('button', { name: 'Delete 0 models' })).toBeDisabled();
  await dialog.getByRole('checkbox').check();
  await expect(dialog).toContainText('Deletes 1 model and frees at least 1 MB.');
  await dialog.getByRole('button', { name: 'Delete 1 model' }).click();
  await expect(storage(page)).toContainText('Deleted 1 model.');
  await expect(storage(page).getByRole('table')).toHaveCount(0);
});
