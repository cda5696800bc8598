/** An MLC model from a hub of this computer, with its library: refused without an adapter, run with a software one. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { startHubServer } from '../fixtures/hub-server';
import type { HubWorld } from '../fixtures/hub/world';
import { expectedReplies, smallLibrary, tinyLibrary, tinyMlc } from '../fixtures/tiny-mlc';
import { call, failure, underServiceWorker } from './api-client';
import { rowOf, temporaryFolder } from './disk';
import { expect, lastReply, send, test as base, type Site } from './site';

const REPO = 'mlc-ai-test/tiny-MLC';
const MODEL = `hf.co/${REPO}:latest`;
const REPLY = expectedReplies()[0]!;
const GREEDY = { temperature: 0, num_predict: REPLY.max_tokens };

const test = base.extend<{ world: HubWorld }>({
  world: async ({ browserName: _ }, use) => {
    const { world, close } = await startHubServer();
    await use(world);
    await close();
  },
});

test.use({ serviceWorkers: 'allow' });

/** The Models page, with the hub of this computer in the place of the true one; the model's shard at its CDN. */
async function openModels(page: Page, site: Site, world: HubWorld): Promise<string> {
  const repo = world.repo(REPO, tinyMlc());
  await page.goto(site.url);
  await underServiceWorker(page);
  const body = JSON.stringify({ mirror: world.origins.hub });
  await call(page, 'api/paddock/hub', { method: 'POST', body });
  await page.getByRole('link', { name: 'Models' }).click();
  return repo.cdnPath('params_shard_0.bin');
}

/** Chooses the model's folder, which has no library, as every browser's input does. */
async function chooseFolder(page: Page) {
  const folder = join(temporaryFolder(), 'Mine-q0f32-MLC');
  mkdirSync(folder);
  for (const [name, bytes] of Object.entries(tinyMlc())) writeFileSync(join(folder, name), bytes);
  await page.getByLabel('A folder of models', { exact: true }).setInputFiles(folder);
  return rowOf(page, 'mlc-chat-config.json');
}

const form = (page: Page) => page.getByRole('region', { name: 'Download a model' });
const queue = (page: Page) => page.getByRole('region', { name: 'Downloads', exact: true });

async function create(page: Page, body: object) {
  const { text } = await call(page, '/api/create', { method: 'POST', body: JSON.stringify(body) });
  expect(text).toContain('success');
}

/** Turns a bit over in the middle of the file that has so many bytes. */
async function flipByte(page: Page, size: number) {
  await page.evaluate(async (wanted) => {
    const position = Math.floor(wanted / 2);
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('blobs');
    for await (const handle of folder.values()) {
      const file = await (handle as FileSystemFileHandle).getFile();
      if (file.size !== wanted) continue;
      const [byte] = new Uint8Array(await file.slice(position, position + 1).arrayBuffer());
      const writable = await (handle as FileSystemFileHandle).createWritable({
        keepExistingData: true,
      });
      await writable.write({ type: 'write', position, data: new Uint8Array([byte! ^ 1]) });
      await writable.close();
    }
  }, size);
}

/** The files that are stored. */
function blobs(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    return Array.fromAsync((await root.getDirectoryHandle('blobs')).keys());
  });
}

function onlyIn(project: string) {
  test.beforeEach(({ browserName: _ }, info) => test.skip(info.project.name !== project));
}

async function check(page: Page, model: string) {
  await form(page).getByRole('textbox', { name: 'Model name' }).fill(model);
  await form(page).getByRole('button', { name: 'Check', exact: true }).click();
}

test.describe('without an adapter', () => {
  onlyIn('no-adapter');

  test('the page says before a download that the model cannot run', async ({
    page,
    site,
    world,
  }) => {
    await openModels(page, site, world);
    await check(page, `hf.co/${REPO}`);
    await expect(form(page).getByRole('alert')).toContainText('gives no graphics adapter');
    await form(page)
      .getByRole('textbox', { name: 'Address of its library' })
      .fill(world.file('/x.wasm', smallLibrary()));
    await form(page).getByRole('button', { name: 'Download', exact: true }).click();
    await expect(queue(page).getByRole('alert')).toContainText('gives no graphics adapter');
    expect(world.log.some(({ path }) => path.includes('/resolve/'))).toBe(false);

    await expect(await chooseFolder(page)).toContainText('gives no graphics adapter');
    await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();
  });
});

test.describe('without an adapter, of a model that is here for other devices', () => {
  onlyIn('no-adapter');

  test(
    'a repair that meets another library takes it once somebody agrees',
    { tag: '@long' },
    async ({ page, site, world }) => {
      await openModels(page, site, world);
      const library = world.file('/tiny.wasm', smallLibrary());
      const asked = { model: `hf.co/${REPO}`, library, force: true, stream: false };
      const { text } = await call(page, '/api/pull', {
        method: 'POST',
        body: JSON.stringify(asked),
      });
      expect(text).toContain('success');
      await flipByte(page, smallLibrary().length);
      world.file('/tiny.wasm', smallLibrary(2));

      const storage = page.getByRole('region', { name: 'Storage' });
      await storage.getByRole('button', { name: 'Check all files' }).click();
      await storage.getByRole('button', { name: `Repair ${MODEL}` }).click();
      await storage.getByRole('button', { name: 'Compare the two' }).click();
      const dialog = page.getByRole('dialog', { name: 'Take the new library?' });
      await expect(dialog).toContainText(library);
      await dialog.getByRole('button', { name: 'Take it' }).click();
      await expect(storage).toContainText(`${MODEL} is whole again.`);
    },
  );
});

test.describe('with a software adapter', () => {
  test.setTimeout(180_000);
  onlyIn('swiftshader');

  test(
    'a model that WebLLM does not list comes with the library that is named, answers as it should, and goes again',
    { tag: '@long' },
    async ({ page, site, world }) => {
      const shard = await openModels(page, site, world);
      const library = world.file('/tiny.wasm', tinyLibrary());
      await check(page, `hf.co/${REPO}`);
      const address = form(page).getByRole('textbox', { name: 'Address of its library' });
      await address.fill(library);
      await address.press('Tab');
      await expect(form(page)).toContainText(`from ${new URL(library).host}`);
      world.fail('cdn', shard, { type: 'silence', after: 60_000 });
      await form(page).getByRole('button', { name: 'Download', exact: true }).click();
      // The connection has fallen silent in the middle of the weights.
      await expect.poll(() => world.asked('cdn')).toContain(shard);
      await page.getByRole('button', { name: `Pause ${MODEL}` }).click();
      await page.getByRole('button', { name: `Resume ${MODEL}` }).click();
      const installed = page.getByRole('table', { name: 'Installed models' });
      await expect(installed.getByRole('row', { name: MODEL })).toContainText('WebGPU');

      await create(page, { model: 'tiny', from: MODEL, parameters: GREEDY });
      await installed.getByRole('button', { name: 'Chat with tiny:latest' }).click();
      await send(page, REPLY.user);
      await expect(lastReply(page)).toContainText(/tokens\/s/, { timeout: 60_000 });
      await lastReply(page).getByRole('button', { name: 'Copy' }).click();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(REPLY.text);
      await expect(lastReply(page)).toContainText('WebGPU');

      // A byte of the weights turns over while it is loaded.
      await page.getByRole('link', { name: 'Models' }).click();
      await page.getByRole('button', { name: 'Unload' }).click();
      await flipByte(page, tinyMlc()['params_shard_0.bin'].length);
      const storage = page.getByRole('region', { name: 'Storage' });
      await storage.getByRole('button', { name: 'Check all files' }).click();
      await expect(storage).toContainText('2 models are not whole.');
      const refused = JSON.stringify({ model: 'tiny', messages: [] });
      const answer = await call(page, '/api/chat', { method: 'POST', body: refused });
      expect(failure(answer).code).toBe('model_unreadable');

      const row = await chooseFolder(page);
      const ready = page.getByRole('button', { name: /^Import 1 model/ });
      await expect(ready).toBeDisabled();
      await row
        .getByRole('textbox', { name: 'Address of the library of mine:q0f32' })
        .fill(library);
      await ready.click();
      await expect(installed.getByRole('row', { name: 'mine:q0f32' })).toContainText('WebGPU');

      for (const name of ['tiny:latest', MODEL, 'mine:q0f32']) {
        await installed.getByRole('button', { name: `Delete ${name}` }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
        await expect(installed.getByRole('row', { name })).toHaveCount(0);
      }
      await expect.poll(() => blobs(page)).toEqual([]);
    },
  );
});
