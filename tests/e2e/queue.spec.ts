/** The queue of downloads on the Models page: order, pause, resume, cancel, and what outlives a tab. */
import type { Page } from '@playwright/test';
import { fakeConfig, fakeRegistry, noise, publish } from '../fixtures/fake-registry';
import { at, held, partsIn, starter } from './faults';
import { expect, test, type Site } from './site';

test.use({ serviceWorkers: 'allow' });

const overlay = fakeRegistry();
publish(overlay, {
  path: 'second:1b',
  weights: noise(600_000, 2),
  partSize: 200_000,
  params: {},
  config: fakeConfig('1B'),
});
test.use({ siteOptions: { dir: 'build-test', overlay } });

const FIRST = 'smollm2:135m';

async function openModels(page: Page, site: Pick<Site, 'url'>) {
  await page.goto(`${site.url}models/`);
  await expect(page.getByRole('heading', { name: 'Downloads' })).toBeVisible();
}

async function download(page: Page, name: string) {
  await page.getByRole('textbox', { name: 'Model name' }).fill(name);
  await page.getByRole('textbox', { name: 'Model name' }).press('Enter');
  await expect(row(page, name)).toBeVisible();
}

function row(page: Page, model: string) {
  return page.getByRole('list', { name: 'Downloads' }).getByRole('listitem', { name: model });
}

function button(page: Page, name: string) {
  return page.getByRole('button', { name, exact: true });
}

/** The starter's fourth part begins and does not come: 600 kB of 1 MB are here. */
async function holdAt60(page: Page, site: Site) {
  const part = starter.parts[3]!;
  const { fault, release } = held(part, 1000);
  site.fault = at(part.path, fault);
  await openModels(page, site);
  await download(page, FIRST);
  await expect(row(page, FIRST).getByRole('progressbar')).toHaveAttribute(
    'aria-valuenow',
    /^(59|60)$/,
  );
  return () => {
    site.fault = undefined;
    release();
  };
}

/** Files of models, finished or not. */
function blobs(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const found: string[] = [];
    const read = async (folder: FileSystemDirectoryHandle) => {
      for await (const handle of folder.values()) {
        if (handle.kind === 'directory') await read(handle);
        else found.push(handle.name);
      }
    };
    await read(await navigator.storage.getDirectory());
    return found;
  });
}

test('two models queue; a pause lets the next one go, a resume goes on', async ({ page, site }) => {
  const release = await holdAt60(page, site);
  await page.getByRole('combobox', { name: 'Downloads at once' }).selectOption('1');
  await download(page, 'second:1b');
  await expect(row(page, 'second:1b')).toContainText('Waiting for another download to end');
  await expect(row(page, FIRST)).toContainText(/60\d kB of 1 MB/);

  await button(page, `Pause ${FIRST}`).click();
  await expect(button(page, `Resume ${FIRST}`)).toBeFocused();
  await expect(row(page, FIRST)).toContainText('Paused');
  await expect(row(page, 'second:1b')).toContainText('second:1b is on this device.');

  release();
  site.requests.length = 0;
  await button(page, `Resume ${FIRST}`).click();
  await expect(row(page, FIRST)).toContainText('SmolLM2 135M is on this device.');
  expect(partsIn(site.requests)).toEqual([3, 4]);
  await button(page, 'Dismiss second:1b').click();
  await expect(row(page, 'second:1b')).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('combobox', { name: 'Downloads at once' })).toHaveValue('1');
});

test('a cancelled download leaves nothing, and asks before it throws much away', async ({
  page,
  site,
}) => {
  const release = await holdAt60(page, site);
  expect(await blobs(page)).not.toEqual([]);
  await button(page, `Cancel ${FIRST}`).click();
  const dialog = page.getByRole('dialog', { name: 'Remove this download?' });
  await expect(dialog).toContainText(/The 60\d kB of smollm2:135m that are here are deleted\./);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(row(page, FIRST)).toContainText('Downloading SmolLM2 135M');
  await button(page, `Cancel ${FIRST}`).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(row(page, FIRST)).toHaveCount(0);
  await expect(page.getByText('Nothing is being downloaded.')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Downloads' })).toBeFocused();
  await expect.poll(() => blobs(page)).toEqual([]);
  release();
});

test(
  'a tab closed in the middle goes on by itself when it is opened again, from the last part',
  { tag: '@long' },
  async ({ page, context, site }) => {
    const release = await holdAt60(page, site);
    await download(page, 'second:1b');
    await page.close();
    release();
    site.requests.length = 0;
    const next = await context.newPage();
    await openModels(next, site);
    await expect(next.getByRole('table', { name: 'Installed models' })).toContainText(FIRST);
    await expect(next.getByRole('table', { name: 'Installed models' })).toContainText('second:1b');
    expect(partsIn(site.requests)).toEqual([3, 4]);
  },
);

test('another tab sees the same queue, and pauses in it', async ({ page, context, site }) => {
  const release = await holdAt60(page, site);
  const tab = await context.newPage();
  await openModels(tab, site);
  await expect(row(tab, FIRST).getByRole('progressbar')).toHaveAttribute(
    'aria-valuenow',
    /^(59|60)$/,
  );
  await button(tab, `Pause ${FIRST}`).click();
  await expect(row(page, FIRST)).toContainText('Paused');
  await page.goto(site.url);
  await expect(page.getByRole('button', { name: 'Resume download' })).toBeVisible();
  release();
  await page.getByRole('button', { name: 'Resume download' }).click();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeEnabled();
  await expect(row(tab, FIRST)).toContainText('SmolLM2 135M is on this device.');
});

test('what a lost network stopped goes on by itself when it is back', async ({ page, site }) => {
  await openModels(page, site);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await site.stop();
  await download(page, FIRST);
  await expect(row(page, FIRST).getByRole('alert')).toContainText('The connection to localhost:');
  await expect(row(page, FIRST)).toContainText('It goes on by itself when the network is back.');
  await expect(button(page, `Try again ${FIRST}`)).toBeVisible();
  await site.start();
  // The browser says it to the page, and the page to its host.
  await page.context().setOffline(true);
  await page.context().setOffline(false);
  await expect(row(page, FIRST)).toContainText('SmolLM2 135M is on this device.');
});

test('a pull of the API is listed while it runs, and leads no life of its own', async ({
  page,
  site,
}) => {
  const part = starter.parts[3]!;
  const { fault, release } = held(part, 1000);
  site.fault = at(part.path, fault);
  await openModels(page, site);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.evaluate((model) => {
    const body = JSON.stringify({ model });
    void fetch('../api/pull', { method: 'POST', body }).then((response) => response.text());
  }, FIRST);
  await expect(row(page, FIRST)).toContainText('Asked for through the API');
  await expect(row(page, FIRST).getByRole('button')).toHaveCount(0);
  await expect(row(page, FIRST).getByRole('progressbar')).toHaveAttribute(
    'aria-valuenow',
    /^(59|60)$/,
  );
  release();
  await expect(page.getByRole('table', { name: 'Installed models' })).toContainText(FIRST);
  await expect(row(page, FIRST)).toHaveCount(0);
});
