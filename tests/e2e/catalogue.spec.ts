/** The catalogue on the Models page, and the details of a model. */
import type { Page } from '@playwright/test';
import { fakeConfig, fakeRegistry, publish } from '../fixtures/fake-registry';
import { randomModel } from '../fixtures/random-model';
import { underServiceWorker } from './api-client';
import { auditEveryLook } from './audit';
import { expect, startChatting, test, type Site } from './site';

/** Beside the fakes: a model with a header, and one whose file is no GGUF. */
function registry(): Map<string, Uint8Array> {
  const files = fakeRegistry();
  const config = { ...fakeConfig('1.5M'), model_format: 'gguf' };
  const params = { temperature: 0.5, stop: ['<|im_end|>'] };
  publish(files, { path: 'tiny:latest', weights: randomModel({ type: 'Q8_0' }), params, config });
  publish(files, { path: 'broken:latest', weights: new Uint8Array(2000).fill(7), params, config });
  return files;
}

test.use({ siteOptions: { dir: 'build-test', overlay: registry() } });

async function openModels(page: Page, site: Site) {
  await startChatting(page, site);
  await page.getByRole('link', { name: 'Models' }).click();
  await expect(offers(page).first()).toBeVisible();
}

function offers(page: Page) {
  return page.getByRole('list', { name: 'Models of the catalogue' }).getByRole('listitem');
}

/** The offer of this title. */
function offer(page: Page, title: string) {
  return offers(page).filter({ has: page.getByRole('heading', { name: title, exact: true }) });
}

/** Pulls `model` by the form of the page. */
async function pull(page: Page, model: string) {
  const name = page.getByRole('textbox', { name: 'Model name' });
  await name.fill(model);
  await name.press('Enter');
  await expect(
    page.getByRole('table', { name: 'Installed models' }).getByRole('rowheader', { name: model }),
  ).toBeVisible();
}

test('the catalogue is searched, filtered and sorted', async ({ page, site }) => {
  await openModels(page, site);
  await expect(offers(page)).toHaveCount(8);
  await page.getByRole('button', { name: /^Show all/ }).click();
  const all = await offers(page).count();
  expect(all).toBeGreaterThanOrEqual(70);
  await expect(offer(page, 'SmolLM2 135M')).toContainText('On this device');

  await page.getByRole('searchbox', { name: 'Search the catalogue' }).fill('qwen coder');
  await expect(offers(page)).toHaveCount(4);
  await page.getByRole('combobox', { name: 'Size' }).selectOption('Up to 500 MB');
  await expect(offers(page)).toHaveCount(1);
  await expect(offers(page)).toContainText('about 398 MB');
  await page.getByRole('combobox', { name: 'Task' }).selectOption('Images');
  await expect(page.getByText('No model of the catalogue is like that.')).toBeVisible();
  await page.getByRole('button', { name: /^Show all/ }).click();
  await expect(offers(page)).toHaveCount(all);

  await page.getByRole('combobox', { name: 'Order' }).selectOption('Smallest first');
  await expect(offers(page).first()).toContainText('all-MiniLM');
});

test(
  'the fit is shown with its sum, from the limits that the host measured',
  { tag: '@worker' },
  async ({ page, site }) => {
    await openModels(page, site);
    const starter = offer(page, 'SmolLM2 135M');
    await expect(starter).toContainText('Fits, with a context of 4,096 tokens.');
    await expect(starter).toContainText(
      'No graphics adapter was found, so Paddock’s CPU engine runs the GGUF file.',
    );
    await expect(starter.getByText('Memory needed')).toBeHidden();
    await starter.getByText('The sum').click();
    await expect(starter.getByRole('row', { name: /^Weights/ })).toContainText('98 MB');
    await expect(starter.getByRole('row', { name: /^Cache: 4,096 tokens/ })).toContainText('97 MB');
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    const limits = await page.evaluate(async (url) => {
      const response = await fetch(`${url}api/paddock/limits`);
      return (await response.json()) as { memory32: number; threads: number };
    }, site.url);
    expect(limits.memory32).toBeGreaterThan(256 * 1024 * 1024);
    expect(limits.threads).toBeGreaterThanOrEqual(1);

    // Only what is known to fit stays.
    const all = await offers(page).count();
    await page.getByRole('checkbox', { name: 'Fits this machine' }).check();
    const fitting = await offers(page).count();
    expect(fitting).toBeGreaterThan(0);
    expect(fitting).toBeLessThanOrEqual(all);
    await expect(offers(page).filter({ hasText: /Does not fit:/ })).toHaveCount(0);
  },
);

test('what cannot be downloaded says why', async ({ page, site }) => {
  await openModels(page, site);
  const other = offer(page, 'Qwen 2.5 0.5B');
  const button = other.getByRole('button', { name: 'Download Qwen 2.5 0.5B' });
  await expect(button).toBeEnabled();
  await page.goto(`${site.url}privacy/`);
  await page.getByRole('switch').check();
  await page.goto(`${site.url}models/`);
  await expect(button).toBeDisabled();
  await expect(button).toHaveAccessibleDescription(/network is switched off/);
});

test(
  'an offer joins the queue, and so does a file that is taken against the advice',
  { tag: '@worker' },
  async ({ page, site }) => {
    await page.goto(`${site.url}models/`);
    const starter = offer(page, 'SmolLM2 135M');
    await starter.getByRole('button', { name: 'Download SmolLM2 135M' }).click();
    await expect(starter).toContainText('On this device');

    // Nothing of it is on this site, and no other is asked.
    await underServiceWorker(page);
    const noHub = await page.evaluate(async (url) => {
      const init = { method: 'POST', body: JSON.stringify({ mirror: `${url}nowhere` }) };
      return (await fetch(`${url}api/paddock/hub`, init)).status;
    }, site.url);
    expect(noHub).toBe(200);
    await page.getByRole('searchbox', { name: 'Search the catalogue' }).fill('llama-3.2-1b mlc');
    await expect(offers(page)).toHaveCount(1);
    const llama = offer(page, 'Llama 3.2 1B');
    await expect(llama).toContainText('GGUF Q4_K_M');
    await llama.getByText('Other files').click();
    const files = llama.getByRole('list', { name: 'Files of Llama 3.2 1B' }).getByRole('listitem');
    await expect(files).toHaveCount(5);
    await expect(files.filter({ hasText: 'GGUF Q4_K_M' })).toContainText('Picked for this device');
    const mlc = files.filter({ hasText: 'MLC q4f32_1' });
    await expect(mlc).toContainText('Cannot run here');
    await expect(mlc).toContainText('No graphics adapter was found.');
    await mlc.getByRole('button', { name: 'Download Llama 3.2 1B, MLC q4f32_1' }).click();
    await expect(mlc.getByRole('link', { name: 'In Downloads' })).toBeFocused();
    await expect(page.getByRole('list', { name: 'Downloads' })).toContainText(
      'hf.co/mlc-ai/Llama-3.2-1B-Instruct-q4f32_1-MLC',
    );
  },
);

test('the details of a model, by its link: metadata, tensors, texts', async ({ page, site }) => {
  await openModels(page, site);
  await pull(page, 'tiny:latest');
  await page.getByRole('link', { name: 'Details of tiny:latest' }).click();
  const panel = page.getByRole('dialog', { name: 'tiny:latest' });
  await expect(panel).toContainText('2,048 tokens');
  await expect(panel.getByText('general.architecture')).toBeVisible();
  await panel.getByRole('searchbox', { name: 'Search the metadata' }).fill('rope');
  await expect(panel.getByText('general.architecture')).toBeHidden();
  await expect(panel.getByText('llama.rope.freq_base')).toBeVisible();
  await panel.getByRole('button', { name: 'Read the tensors' }).click();
  const tensors = panel.getByRole('table', { name: 'Tensors by type' });
  await expect(tensors.getByRole('row', { name: /^Q8_0/ })).toContainText('MB');
  await expect(tensors.getByRole('row', { name: /^F32/ })).toBeVisible();
  await panel.getByText('Modelfile', { exact: true }).click();
  await expect(panel.getByText('FROM sha256-', { exact: false })).toBeVisible();
  await panel.getByText('Licence', { exact: true }).click();
  await expect(panel).toContainText('Fake licence: for tests only.');

  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  await expect(page).not.toHaveURL(/model=/);

  await page.goto(`${site.url}models/?model=tiny%3Alatest`);
  await expect(panel).toBeVisible();
  await panel.getByRole('button', { name: 'Close' }).click();
  await expect(panel).toHaveCount(0);
});

test('a model that cannot be read says why and what to do, and so does one that is not here', async ({
  page,
  site,
}) => {
  await openModels(page, site);
  await pull(page, 'broken:latest');
  await page.goto(`${site.url}models/?model=broken:latest`);
  const panel = page.getByRole('dialog', { name: 'broken:latest' });
  await expect(panel.getByRole('alert')).toContainText('file cannot be read');
  await panel.getByRole('button', { name: 'Delete the model' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(panel).toHaveCount(0);
  await page.goto(`${site.url}models/?model=nobody:latest`);
  const absent = page.getByRole('dialog', { name: 'nobody:latest' });
  await expect(absent.getByRole('alert')).toContainText('not on this device');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: 'Installed' })).toBeFocused();
  await page.goto(`${site.url}models/?model=nobody:latest`);
  await absent.getByRole('button', { name: 'Download it' }).click();
  await expect(page.getByRole('list', { name: 'Downloads' })).toContainText('nobody:latest');
});

test(
  'catalogue and details pass the audit in every look, nothing scrolls sideways',
  { tag: '@long' },
  async ({ page, site }) => {
    test.slow(); // eight audits
    await startChatting(page, site);
    await page.goto(`${site.url}models/`);
    const starter = offer(page, 'SmolLM2 135M');
    await starter.getByText('The sum').click();
    await expect(starter.getByText('Memory needed')).toBeVisible();
    await starter.getByText('Other files').click();
    await auditEveryLook(page);
    await page.goto(`${site.url}models/?model=smollm2:135m`);
    const panel = page.getByRole('dialog', { name: 'smollm2:135m' });
    await panel.getByText('Licence', { exact: true }).click();
    await auditEveryLook(page);
    const small = await panel.evaluate((dialog) =>
      [...dialog.querySelectorAll('button, summary, input')]
        .map((element) => ({ element, box: element.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0 && (box.height < 44 || box.width < 44))
        .map(({ element }) => element.outerHTML.slice(0, 80)),
    );
    expect(small).toEqual([]);
  },
);
