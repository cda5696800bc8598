/** A file from disk passes through in slices; nobody holds it whole, whatever its size. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { smallGguf } from '../fixtures/disk-gguf';
import { openModels, temporaryFolder } from './disk';
import { Heap } from './heap';
import { expect, test } from './site';

const MB = 1_000_000;
/** Four connections fill 4 MiB each, the whole digest has 2 MiB and the network some; then the code of a worker. */
const SOME = 24 * MB;

test(
  'an import of 128 MB holds a few slices, and so does an export',
  { tag: '@long' },
  async ({ page, site }) => {
    test.slow();
    await page.addInitScript(() => {
      const show = async ({ suggestedName }: { suggestedName: string }) =>
        (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true });
      Object.assign(window, { showSaveFilePicker: show });
    });
    const folder = temporaryFolder();
    const path = join(folder, 'large.gguf');
    writeFileSync(path, smallGguf({ texts: { 'general.name': 'Large' }, data: 128 * MB }));
    const heap = await Heap.of(page);
    await openModels(page, site);
    await page.getByLabel('GGUF files', { exact: true }).setInputFiles(path);
    await expect(page.getByRole('textbox', { name: 'Name of large.gguf' })).toBeVisible();
    const before = await heap.sizes();
    const most = new Map<string, number>();
    let samples = 0;
    const watch = async (ended: () => Promise<boolean>) => {
      while (!(await ended())) {
        samples++;
        for (const [name, size] of await heap.sizes()) {
          most.set(name, Math.max(most.get(name) ?? 0, size - (before.get(name) ?? 0)));
        }
      }
    };
    const done = page.getByText('It is on this device.');
    await page.getByRole('button', { name: /^Import / }).click();
    await watch(async () => (await done.count()) > 0);
    const imported = samples;
    await page.getByRole('button', { name: 'Save large:f32 to disk' }).click();
    await page.getByRole('button', { name: 'Save large-f32.gguf' }).click();
    await watch(async () => (await page.getByText('large-f32.gguf is saved.').count()) > 0);
    expect(imported).toBeGreaterThan(2);
    expect(samples - imported).toBeGreaterThan(2);
    expect([...most.keys()]).toEqual(expect.arrayContaining(['page', 'paddock-host']));
    for (const [name, size] of most) expect(size, name).toBeLessThan(SOME);
    rmSync(folder, { recursive: true });
  },
);
