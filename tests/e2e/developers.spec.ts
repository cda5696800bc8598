/** The page "API": examples that run as they are shown, and the log of requests. */
import type { Page } from '@playwright/test';
import { fakeConfig, fakeRegistry, noise, publish } from '../fixtures/fake-registry';
import { call, chatInit, openApi, openSecond, underServiceWorker } from './api-client';
import { audit, expectNoSidewaysScroll, smallTargets } from './audit';
import { expect, test, type Site } from './site';

test.use({ serviceWorkers: 'allow' });

/** Beside the starter a model that calls tools and makes embeddings. */
function withAbleModel(): Map<string, Uint8Array> {
  const files = fakeRegistry();
  publish(files, {
    ...{ path: 'able:latest', weights: noise(1000, 2), params: {} },
    config: { ...fakeConfig('1K'), capabilities: ['tools', 'embedding'] },
  });
  return files;
}

test.use({ siteOptions: { dir: 'build-test', overlay: withAbleModel() } });

/** The page, with the starter and the able model here. */
async function open(page: Page, site: Site): Promise<void> {
  await openApi(page, site);
  await call(page, '/api/pull', { method: 'POST', body: '{"model":"able"}' });
  await page.getByRole('link', { name: 'API', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Run' })).toBeEnabled();
}

const box = (page: Page, name: string) => page.getByRole('group', { name, exact: true });
const code = (page: Page) => box(page, 'Code');
const printed = (page: Page) => box(page, 'Printed');
const examples = (page: Page) => page.getByRole('region', { name: 'Examples' });

async function ask(page: Page, task: string, prompt?: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Task' }).selectOption(task);
  if (prompt !== undefined) await page.getByRole('textbox', { name: 'Prompt' }).fill(prompt);
}

async function runToEnd(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(examples(page)).toContainText(/Done in|Failed after/);
}

// With one client: tests/unit/api-examples runs those of all three.
test('every example runs as it is shown', async ({ page, site }) => {
  await open(page, site);
  await page.getByRole('tab', { name: 'openai' }).click();
  await expect(code(page)).toContainText(`const base = '${site.url.slice(0, -1)}';`);

  await ask(page, 'Chat, streamed', '/count 1000 30');
  await expect(code(page)).toContainText(`const prompt = '/count 1000 30';`);
  await runToEnd(page);
  await expect(printed(page)).toHaveText(Array.from({ length: 30 }, (_, n) => `w${n} `).join(''));
  await expect(box(page, 'Request')).toContainText('POST /v1/chat/completions');
  await expect(box(page, 'Request')).toContainText('"/count 1000 30"');
  await expect(box(page, 'Response')).toContainText('data: [DONE]');
  await expect(examples(page)).toContainText('200 · text/event-stream');

  await ask(page, 'Structured output', '/say Ada');
  await expect(printed(page)).toHaveCount(0); // what was shown was of another text
  await runToEnd(page);
  const person = JSON.parse((await printed(page).textContent())!) as object;
  expect(Object.keys(person).sort()).toEqual(['age', 'name']);

  await ask(page, 'Tools', '/call weather {"city":"Oslo"}');
  await expect(page.getByRole('combobox', { name: 'Model' })).toHaveValue('able:latest');
  await runToEnd(page);
  await expect(printed(page)).toContainText('weather({"city":"Oslo"})');
  await expect(box(page, 'Request 2')).toContainText('12 °C, light rain');

  await ask(page, 'Embeddings');
  await expect(page.getByRole('textbox', { name: 'Prompt' })).toHaveCount(0);
  await runToEnd(page);
  await expect(printed(page)).toContainText('1.000  A cat sleeps.');

  await ask(page, 'List models');
  await expect(page.getByRole('combobox', { name: 'Model' })).toHaveCount(0);
  await runToEnd(page);
  await expect(printed(page)).toContainText('smollm2:135m');
});

test('a reply is seen while it streams, and stopped', { tag: '@long' }, async ({ page, site }) => {
  await open(page, site);
  for (const client of ['fetch', 'ollama']) {
    await page.getByRole('tab', { name: client }).click();
    await ask(page, 'Chat, streamed', '/slow');
    await page.getByRole('button', { name: 'Run' }).click();
    await expect(printed(page)).toContainText('w0 w1 w2');
    await expect(box(page, 'Response')).toContainText('"content":"w2 "');
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(examples(page)).toContainText('Stopped after');
    await expect(page.getByRole('button', { name: 'Run' })).toBeFocused();
    const after = await printed(page).textContent();
    await ask(page, 'Chat, streamed', '/say Free again.'); // the engine was stopped too
    await runToEnd(page);
    await expect(printed(page)).toHaveText('Free again.');
    expect(after).not.toContain('w5999');
  }
});

test('an error has its code and remedy, before the first byte and in a stream', async ({
  page,
  site,
}) => {
  await open(page, site);
  await ask(page, 'Chat, streamed', '/error It broke.');
  await runToEnd(page);
  await expect(page.getByRole('alert')).toContainText('It broke.');
  await expect(box(page, 'Response')).toContainText('"code":"engine_failed"');
  await expect(printed(page)).toContainText('This breaks here:');
  await ask(page, 'Chat, streamed', '/overflow');
  await runToEnd(page);
  await expect(page.getByRole('alert')).toContainText('5,120');
  await expect(examples(page)).toContainText('400 · application/json');
  await ask(page, 'Chat, streamed', '/say Well again.');
  await runToEnd(page);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test(
  'without a model: the starter by one button, and the list all the same',
  { tag: '@long' },
  async ({ page, site }) => {
    await page.goto(`${site.url}developers/`);
    await underServiceWorker(page);
    await expect(page.getByText('No model is on this device yet.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Run' })).toBeDisabled();
    await expect(page.getByRole('link', { name: 'Choose another model' })).toBeVisible();
    await audit(page);
    await ask(page, 'List models');
    await runToEnd(page);
    await expect(box(page, 'Response')).toHaveText('{"models":[]}');
    await ask(page, 'Embeddings');
    await expect(examples(page)).toContainText('No model on this device makes embeddings.');
    await ask(page, 'Chat, streamed', '/say Here.');
    await page.getByRole('button', { name: /^Download SmolLM2/ }).click();
    await expect(page.getByRole('button', { name: 'Run' })).toBeEnabled();
    await expect(page.getByText('No model is on this device yet.')).toHaveCount(0);
    await runToEnd(page);
    await expect(printed(page)).toHaveText('Here.');
  },
);

test(
  'the log is off at first, follows every tab, and forgets',
  { tag: '@long' },
  async ({ page, site }) => {
    await open(page, site);
    const log = page.getByRole('table', { name: 'Recent requests' });
    const keep = page.getByRole('switch', { name: 'Keep a log of requests' });
    await expect(keep).not.toBeChecked();
    await call(page, '/api/chat', chatInit('/say Secret words'));
    await keep.check();
    await expect(page.getByText('No request yet.')).toBeVisible();
    await call(page, '/api/chat', chatInit('/say Secret words'));
    const first = log.getByRole('row').nth(1);
    await expect(first).toContainText('POST /api/chat');
    await expect(first).toContainText('smollm2:135m');
    await expect(first).toContainText('200');

    const second = await openSecond(page.context(), site.url);
    await second.getByRole('textbox', { name: 'Message' }).fill('/slow');
    await second.getByRole('button', { name: 'Send' }).click();
    await expect(log).toContainText('answering');
    await second.getByRole('button', { name: 'Stop' }).click();
    await expect(log).toContainText('499 stopped');
    await call(second, '/api/chat', chatInit('/say Hi', { model: 'nobody' }));
    await expect(log).toContainText('404 model_not_found');
    await expect(log).not.toContainText('Secret');

    await page.getByRole('button', { name: 'Clear the log' }).click();
    await expect(log).toHaveCount(0);
    await call(page, '/api/version');
    await expect(log).toContainText('GET /api/version');
    await keep.uncheck();
    await expect(log).toHaveCount(0);
    const { text } = await call(page, '/api/paddock/requests');
    expect(JSON.parse(text)).toEqual({ on: false, requests: [] });
  },
);

test.describe('under a folder', () => {
  test.use({ siteOptions: { dir: 'build-test', base: '/repo/', overlay: fakeRegistry() } });

  test('address and examples count from there', async ({ page, site }) => {
    await openApi(page, site);
    await page.getByRole('link', { name: 'API', exact: true }).click();
    const address = page.getByRole('region', { name: 'Address' });
    await expect(address).toContainText(`${site.url}v1`);
    await expect(address).toContainText('This site lies in the folder /repo/');
    await address.getByRole('button', { name: 'Copy host' }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(site.url.slice(0, -1));
    for (const client of ['fetch', 'ollama']) {
      await page.getByRole('tab', { name: client }).click();
      await ask(page, 'Chat, streamed', `/say By ${client}.`);
      await runToEnd(page);
      await expect(printed(page)).toHaveText(`By ${client}.`);
      await expect(box(page, 'Request')).toContainText('POST /repo/api/chat');
    }
  });
});

test('a browser without a service worker is told why nothing runs', async ({ page, site }) => {
  await page.addInitScript(() => {
    navigator.serviceWorker.register = () => Promise.reject(new Error('refused'));
  });
  await page.goto(`${site.url}developers/`);
  await expect(examples(page)).toContainText('This browser runs no service worker here');
  await expect(page.getByRole('button', { name: 'Run' })).toBeDisabled();
  await expect(code(page)).toContainText('await fetch(');
});

for (const [colorScheme, width] of [
  ['light', 360],
  ['dark', 1440],
] as const) {
  test.describe(
    `${colorScheme}, ${width} px`,
    { tag: colorScheme === 'dark' ? '@long' : [] },
    () => {
      test.use({ colorScheme, viewport: { width, height: 800 } });

      test('passes the audit at work, by the keyboard alone', async ({ page, site }) => {
        await openApi(page, site);
        await call(page, '/api/pull', { method: 'POST', body: '{"model":"able"}' });
        await page.goto(`${site.url}developers/`);
        await expect(page.getByRole('button', { name: 'Run' })).toBeEnabled();
        const check = async () => {
          await audit(page);
          await expectNoSidewaysScroll(page);
          if (width === 360) expect(await smallTargets(page)).toEqual([]);
        };
        await page.getByRole('switch').focus();
        await page.keyboard.press('Space');
        const tab = (name: string) => page.getByRole('tab', { name });
        await tab('fetch').focus();
        await page.keyboard.press('End');
        await expect(tab('openai')).toBeFocused();
        await page.keyboard.press('ArrowRight');
        await expect(tab('fetch')).toBeFocused();
        await page.keyboard.press('ArrowLeft');
        await page.keyboard.press('ArrowLeft');
        await expect(tab('ollama')).toHaveAttribute('aria-selected', 'true');
        await expect(code(page)).toContainText(`from 'ollama/browser'`);
        await page.keyboard.press('Tab'); // Copy
        await page.keyboard.press('Tab');
        await expect(code(page)).toBeFocused();
        await page.keyboard.press('Tab');
        await expect(page.getByRole('button', { name: 'Run' })).toBeFocused();
        await page.keyboard.press('Enter');
        await expect(examples(page)).toContainText('Done in');
        await expect(page.locator('[aria-live=polite]')).toContainText('Done in');
        await expect(page.getByRole('table', { name: 'Recent requests' })).toContainText(
          '/api/chat',
        );
        await ask(page, 'Chat, streamed', '/overflow');
        await runToEnd(page);
        await check();
      });
    },
  );
}
