/** Models from this device's disk, and back to it. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { smallGguf } from '../fixtures/disk-gguf';
import { randomParts } from '../fixtures/random-model';
import { digestOf, drop, ggufFile, installed, OllamaFolder, openModels, rowOf } from './disk';
import { expect, test } from './site';

test.use({ serviceWorkers: 'allow' });

const NAMED = { 'general.basename': 'SmolLM2', 'general.size_label': '135M' };
const CHAT = { texts: NAMED, numbers: { 'general.file_type': 3 } };

/** The pickers, which nobody can answer here, are left out: the inputs are every browser's. */
test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, 'showSaveFilePicker');
    Reflect.deleteProperty(window, 'showDirectoryPicker');
  });
});

const choose = (page: Page) => page.getByLabel('GGUF files', { exact: true });
const importButton = (page: Page) => page.getByRole('button', { name: /^Import( \d|$)/ });

async function importAll(page: Page) {
  await importButton(page).click();
  await expect(page.getByRole('button', { name: /^Stop / })).toHaveCount(0);
}

test('a GGUF file is named, imported and saved again, byte for byte', async ({ page, site }) => {
  await openModels(page, site);
  const file = ggufFile('whatever.gguf', CHAT);
  await choose(page).setInputFiles(file);
  const name = page.getByRole('textbox', { name: 'Name of whatever.gguf' });
  await expect(name).toHaveValue('smollm2-135m:q4_1');
  await name.fill('not a name');
  await expect(importButton(page)).toBeDisabled();
  await expect(rowOf(page, 'This is not a model name.')).toBeVisible();
  await name.fill('mine:1');
  await importAll(page);
  await expect(rowOf(page, 'It is on this device.')).toBeVisible();
  await expect(page.getByRole('table', { name: 'Installed models' })).toContainText('mine:1');

  await page.getByRole('button', { name: 'Save mine:1 to disk' }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save mine-1.gguf' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('mine-1.gguf');
  expect(digestOf(readFileSync(await download.path()))).toBe(digestOf(file.buffer));
});

test('files that are no models are refused with a sentence, and the rest goes on', async ({
  page,
  site,
}) => {
  await openModels(page, site);
  await choose(page).setInputFiles([
    { name: 'empty.gguf', mimeType: '', buffer: Buffer.alloc(0) },
    { name: 'page.gguf', mimeType: '', buffer: Buffer.from('<!doctype html><p>Not found</p>') },
    { ...ggufFile('cut.gguf'), buffer: Buffer.from(smallGguf().slice(0, -4000)) },
    ggufFile('big.gguf', { version: 0x03000000 }),
    ggufFile('mmproj.gguf', { texts: { 'general.architecture': 'clip' } }),
    ggufFile('part-00002-of-00003.gguf', { numbers: { 'split.no': 1, 'split.count': 3 } }),
    ggufFile('good.gguf', { texts: { 'general.name': 'Good' } }),
    ggufFile('fine.gguf', { texts: { 'general.name': 'Fine' }, seed: 2 }),
  ]);
  await expect(rowOf(page, 'empty.gguf')).toContainText('it has 0 bytes');
  await expect(rowOf(page, 'page.gguf')).toContainText('it does not begin with "GGUF"');
  await expect(rowOf(page, 'cut.gguf')).toContainText('larger than the file');
  await expect(rowOf(page, 'big.gguf')).toContainText('it is big-endian');
  await expect(rowOf(page, 'mmproj.gguf')).toContainText('Choose it together with its model.');
  await expect(rowOf(page, 'part-00002-of-00003.gguf')).toContainText(
    'Parts 1, 3 of 3 are missing.',
  );
  await importAll(page);
  expect(Object.keys(await installed(page))).toEqual(
    expect.arrayContaining(['good:f32', 'fine:f32', 'smollm2:135m']),
  );
  expect(Object.keys(await installed(page))).toHaveLength(3);
});

test('parts that come one by one, and a projector, become one model that replies', async ({
  page,
  site,
}) => {
  await openModels(page, site);
  const parts = randomParts({ type: 'Q8_0', seed: 5 }, 3).map((bytes, at) => ({
    name: `acme-0000${at + 1}-of-00003.gguf`,
    mimeType: '',
    buffer: Buffer.from(bytes),
  }));
  const projector = ggufFile('mmproj-acme.gguf', { texts: { 'general.architecture': 'clip' } });
  await choose(page).setInputFiles(parts[1]!);
  await expect(rowOf(page, 'Parts 1, 3 of 3 are missing.')).toBeVisible();
  await drop(page, [parts[2]!, parts[0]!, projector]);
  const name = page.getByRole('textbox', { name: 'Name of acme-00001-of-00003.gguf' });
  await name.fill('acme:cut');
  await importAll(page);
  const row = page.getByRole('table', { name: 'Installed models' }).getByRole('row', {
    name: /acme:cut/,
  });
  await expect(row).toContainText('llama.cpp (wllama), on the CPU');
  const reply = await page.evaluate(async () => {
    const options = { num_predict: 8, temperature: 0 };
    const asked = { model: 'acme:cut', prompt: 'The horse', raw: true, stream: false, options };
    const body = JSON.stringify(asked);
    return (await fetch('/api/generate', { method: 'POST', body })).json() as Promise<object>;
  });
  expect(reply).toMatchObject({ done: true, eval_count: 8 });

  await page.getByRole('button', { name: 'Save acme:cut to disk' }).click();
  for (const [file, bytes] of [
    ...parts.map(({ buffer }, at) => [`acme-cut-0000${at + 1}-of-00003.gguf`, buffer] as const),
    ['mmproj-acme-cut.gguf', projector.buffer] as const,
  ]) {
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: `Save ${file}` }).click();
    expect(digestOf(readFileSync(await (await downloading).path()))).toBe(digestOf(bytes));
  }
});

test(
  'files may be dropped anywhere, with a target in sight',
  { tag: '@long' },
  async ({ page, site }) => {
    await openModels(page, site);
    await page.evaluate(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['x'], 'x.gguf'));
      document
        .querySelector('h1')!
        .dispatchEvent(
          new DragEvent('dragenter', { dataTransfer: transfer, bubbles: true, cancelable: true }),
        );
    });
    await expect(page.getByText('Drop GGUF files or a folder of models')).toBeVisible();
    await drop(page, [ggufFile('dropped.gguf', CHAT)]);
    await expect(page.getByText('Drop GGUF files or a folder of models')).toHaveCount(0);
    await expect(page.getByRole('textbox', { name: 'Name of dropped.gguf' })).toBeVisible();
  },
);

test('a folder may be dropped', { tag: '@long' }, async ({ page, site }) => {
  const folder = new OllamaFolder();
  folder.add('deep/1b', {}, 1);
  await openModels(page, site);
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [folder.root], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 600, y: 300, data });
  }
  await expect(page.getByRole('checkbox', { name: 'Import deep:1b' })).toBeVisible();
  await importAll(page);
  await expect(rowOf(page, 'It is on this device.')).toBeVisible();
  rmSync(folder.root, { recursive: true });
});

test('a name that is taken is asked about', { tag: '@long' }, async ({ page, site }) => {
  await openModels(page, site);
  await choose(page).setInputFiles(ggufFile('new.gguf', CHAT));
  await page.getByRole('textbox', { name: 'Name of new.gguf' }).fill('SmolLM2:135m');
  await expect(rowOf(page, 'A model of that name is on this device.')).toBeVisible();
  const before = (await installed(page))['smollm2:135m'];
  await importButton(page).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  expect((await installed(page))['smollm2:135m']).toBe(before);
  await importButton(page).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Replace' }).click();
  await expect(rowOf(page, 'It is on this device.')).toBeVisible();
  const after = await installed(page);
  expect(Object.keys(after)).toEqual(['smollm2:135m']);
  expect(after['smollm2:135m']).not.toBe(before);
});

test('a whole Ollama folder is listed, and what is chosen is taken over', async ({
  page,
  site,
}) => {
  const folder = new OllamaFolder();
  const good = folder.add('good/1b', { template: '{{ .Prompt }}', system: 'Be brief.' }, 1);
  folder.add('left/out', {}, 2);
  const lacking = folder.add('lacking/1b', {}, 3);
  rmSync(join(folder.root, `blobs/sha256-${lacking.weights}`));
  const empty = folder.add('empty/1b', {}, 4);
  folder.write(`blobs/sha256-${empty.weights}`, '');
  const wrong = folder.add('wrong/1b', {}, 5);
  const path = join(folder.root, `blobs/sha256-${wrong.weights}`);
  const bytes = readFileSync(path);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(path, bytes);
  folder.add('strange/1b', { embed: 'x' }, 1);
  folder.write('manifests/registry.ollama.ai/library/corrupt/1b', '{"schemaVersion":');
  folder.write('manifests/registry.ollama.ai/library/bad name/1b', good.manifest);
  folder.write('manifests/.DS_Store', 'x');
  folder.write('history', 'secrets of mine');

  await openModels(page, site);
  await page.getByLabel('A folder of models').setInputFiles(folder.root);
  await expect(rowOf(page, 'lacking:1b')).toContainText(`sha256-${lacking.weights.slice(0, 12)}`);
  await expect(rowOf(page, 'lacking:1b')).toContainText('A blob is missing');
  await expect(rowOf(page, 'empty:1b')).toContainText('has 0 of 4,');
  await expect(rowOf(page, 'corrupt:1b')).toContainText('Its manifest cannot be read.');
  await expect(rowOf(page, 'bad name/1b')).toContainText('Its folders make no model name');
  await expect(rowOf(page, 'strange:1b')).toContainText('does not read its embed');
  await page.getByRole('checkbox', { name: 'Import left:out' }).uncheck();
  await importAll(page);
  await expect(rowOf(page, 'wrong:1b')).toContainText('it does not match its digest');

  const there = await installed(page);
  expect(Object.keys(there).sort()).toEqual(['good:1b', 'smollm2:135m', 'strange:1b']);
  expect(there['good:1b']).toBe(digestOf(Buffer.from(good.manifest)));
  const shown = await page.evaluate(async () => {
    const body = JSON.stringify({ model: 'good:1b' });
    return (await fetch('/api/show', { method: 'POST', body })).json() as Promise<object>;
  });
  expect(shown).toMatchObject({ template: '{{ .Prompt }}', system: 'Be brief.' });

  // Again, from the folder above: what is here is said to be.
  await page.getByRole('button', { name: 'Clear the list' }).click();
  await page.getByLabel('A folder of models').setInputFiles(folder.root);
  await expect(rowOf(page, 'good:1b')).toContainText('It is on this device already.');
  rmSync(folder.root, { recursive: true });
});

test(
  'an import goes on on another page, and can be stopped',
  { tag: '@long' },
  async ({ page, site }) => {
    await openModels(page, site);
    const name = (file: string) => page.getByRole('textbox', { name: `Name of ${file}` });
    await choose(page).setInputFiles([
      ggufFile('a.gguf', { texts: { 'general.name': 'a' }, data: 30_000_000, seed: 1 }),
      ggufFile('b.gguf', { texts: { 'general.name': 'b' }, data: 4096, seed: 2 }),
      ggufFile('c.gguf', { texts: { 'general.name': 'c' }, data: 4096, seed: 3 }),
    ]);
    await expect(name('c.gguf')).toBeVisible();
    await importButton(page).click();
    await page.getByRole('button', { name: 'Stop c:f32' }).click();
    await page.getByRole('link', { name: 'New chat' }).click();
    await expect
      .poll(async () => Object.keys(await installed(page)).sort())
      .toEqual(['a:f32', 'b:f32', 'smollm2:135m']);
    await page.getByRole('link', { name: 'Models' }).click();
    await expect(rowOf(page, 'Stopped.')).toHaveCount(1);
  },
);

test(
  'a tab that does not host imports and saves all the same',
  { tag: '@long' },
  async ({ page, context, site }) => {
    await openModels(page, site);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    const follower = await context.newPage();
    await follower.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
    await follower.goto(`${site.url}models/`);
    const file = ggufFile('x.gguf', { texts: { 'general.name': 'Follow' } });
    await choose(follower).setInputFiles(file);
    await expect(follower.getByRole('textbox', { name: 'Name of x.gguf' })).toBeVisible();
    await importAll(follower);
    await expect(page.getByRole('table', { name: 'Installed models' })).toContainText('follow:f32');
    await follower.getByRole('button', { name: 'Save follow:f32 to disk' }).click();
    const downloading = follower.waitForEvent('download');
    await follower.getByRole('button', { name: 'Save follow-f32.gguf' }).click();
    const path = await (await downloading).path();
    expect(digestOf(readFileSync(path))).toBe(digestOf(file.buffer));
  },
);

test(
  'a browser with a picker streams to the place that was chosen',
  { tag: '@long' },
  async ({ page, site }) => {
    await page.addInitScript(() => {
      Object.assign(window, {
        showSaveFilePicker: async ({ suggestedName }: { suggestedName: string }) =>
          (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true }),
      });
    });
    await openModels(page, site);
    const file = ggufFile('y.gguf', { texts: { 'general.name': 'Pick' }, data: 3_000_000 });
    await choose(page).setInputFiles(file);
    await expect(page.getByRole('textbox', { name: 'Name of y.gguf' })).toBeVisible();
    await importAll(page);
    await page.getByRole('button', { name: 'Save pick:f32 to disk' }).click();
    await page.getByRole('button', { name: 'Save pick-f32.gguf' }).click();
    await expect(page.getByRole('dialog')).toContainText('pick-f32.gguf is saved.');
    const hex = await page.evaluate(async () => {
      const folder = await navigator.storage.getDirectory();
      const saved = await (await folder.getFileHandle('pick-f32.gguf')).getFile();
      const hash = await crypto.subtle.digest('SHA-256', await saved.arrayBuffer());
      return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    });
    expect(hex).toBe(digestOf(file.buffer));
  },
);
