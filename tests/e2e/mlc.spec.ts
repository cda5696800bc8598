/** An MLC model from a hub of this computer, with its library: refused without an adapter, run with a software one. */
import type { Page } from '@playwright/test';
import { startHubServer } from '../fixtures/hub-server';
import type { HubWorld } from '../fixtures/hub/world';
import { smallLibrary, tinyLibrary, tinyMlc } from '../fixtures/tiny-mlc';
import { call, underServiceWorker } from './api-client';
import { expect, test as base, type Site } from './site';

const REPO = 'mlc-ai-test/tiny-MLC';
const MODEL = `hf.co/${REPO}:latest`;

const test = base.extend<{ world: HubWorld }>({
  world: async ({ browserName: _ }, use) => {
    const { world, close } = await startHubServer();
    await use(world);
    await close();
  },
});

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

const form = (page: Page) => page.getByRole('region', { name: 'Download a model' });
const queue = (page: Page) => page.getByRole('region', { name: 'Downloads', exact: true });

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
  });
});

test.describe('with a software adapter', () => {
  onlyIn('swiftshader');

  test('a model that WebLLM does not list comes with the library that is named, and goes again', async ({
    page,
    site,
    world,
  }) => {
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
    await expect(installed.getByRole('row', { name: MODEL })).toBeVisible();
  });
});
