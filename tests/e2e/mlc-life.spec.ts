/** The life of an MLC model with a software adapter: from a hub of this computer to its deletion, through the true door. */
import type { Browser, Page } from '@playwright/test';
import { startHubServer } from '../fixtures/hub-server';
import { expectedReplies, tinyLibrary, tinyMlc } from '../fixtures/tiny-mlc';
import { call, failure, openSecond, underServiceWorker } from './api-client';
import { expect, lastReply, replyEnded, send, test, type Site } from './site';

const REPO = 'mlc-ai-test/tiny-MLC';
const MODEL = `hf.co/${REPO}:latest`;
/** A preset of it that always writes the same. */
const EXACT = 'tiny-exact:latest';
const FIRST = expectedReplies()[0]!;

test.beforeEach(({ browserName: _ }, info) => test.skip(info.project.name !== 'swiftshader'));
test.setTimeout(180_000);

async function post(page: Page, path: string, body: object) {
  return call(page, path, { method: 'POST', body: JSON.stringify(body) });
}

async function json(page: Page, path: string, body: object): Promise<Record<string, unknown>> {
  const { status, text } = await post(page, path, { stream: false, ...body });
  expect(status, text).toBe(200);
  return JSON.parse(text) as Record<string, unknown>;
}

/** Under the service worker, with the model pulled and its preset made; the hub is away afterwards. */
async function withModel(page: Page, site: Site): Promise<void> {
  const { world, close } = await startHubServer();
  world.repo(REPO, tinyMlc());
  const library = world.file('/tiny.wasm', tinyLibrary());
  await page.goto(site.url);
  await underServiceWorker(page);
  await post(page, 'api/paddock/hub', { mirror: world.origins.hub });
  await json(page, 'api/pull', { model: MODEL, library });
  await close();
  const parameters = { temperature: 0, num_predict: FIRST.max_tokens };
  await json(page, 'api/create', { model: EXACT, from: MODEL, parameters });
}

function chat(content: string, more: object = {}) {
  return { model: MODEL, messages: [{ role: 'user', content }], ...more };
}

test('writes exactly the expected tokens, is held to a schema, and refuses what is too long', async ({
  page,
  site,
}) => {
  await withModel(page, site);
  for (const { user, max_tokens: num_predict, prompt_ids, greedy_ids, text } of expectedReplies()) {
    const options = { temperature: 0, num_predict };
    const answer = await json(page, 'api/chat', chat(user, { options }));
    expect(answer).toMatchObject({
      prompt_eval_count: prompt_ids.length,
      eval_count: greedy_ids.length,
      done_reason: 'length',
    });
    if (text !== undefined) expect(answer.message).toEqual({ role: 'assistant', content: text });
  }

  const format = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] };
  const formatted = await json(page, 'api/chat', chat('Is it?', { format, options: { seed: 1 } }));
  const { content } = formatted.message as { content: string };
  expect(typeof (JSON.parse(content) as { ok: unknown }).ok).toBe('boolean');

  const long = await post(page, 'api/chat', chat('x '.repeat(600), { stream: false }));
  expect(failure(long)).toEqual({ status: 400, code: 'context_exceeded' });

  const running = await call(page, 'api/ps');
  expect(JSON.parse(running.text)).toMatchObject({
    models: [{ name: MODEL, context_length: 512 }],
  });
  await json(page, 'api/chat', { model: MODEL, messages: [], keep_alive: 0 });
  expect(JSON.parse((await call(page, 'api/ps')).text)).toEqual({ models: [] });
  for (const model of [MODEL, EXACT]) {
    expect(
      (await call(page, 'api/delete', { method: 'DELETE', body: JSON.stringify({ model }) }))
        .status,
    ).toBe(200);
  }
  const { text } = await call(page, 'api/paddock/storage');
  expect(JSON.parse(text)).toMatchObject({ models: [], orphans: { count: 0 } });
});

test('a chat goes on when the browser takes the graphics adapter away in the middle of a reply', async ({
  page,
  site,
  browser,
}) => {
  await withModel(page, site);
  await page.reload();
  await json(page, 'api/create', {
    model: 'tiny-long:latest',
    from: EXACT,
    parameters: { num_predict: 400 },
  });
  await page.getByRole('link', { name: 'Chat' }).first().click();
  await page.getByRole('combobox', { name: 'Model' }).selectOption('tiny-long:latest');
  await send(page, FIRST.user);
  await expect(lastReply(page).locator('.markdown')).not.toBeEmpty({ timeout: 60_000 });
  await crashGpu(browser);
  await expect(lastReply(page).getByRole('alert')).toContainText('took the graphics adapter away', {
    timeout: 60_000,
  });
  await replyEnded(page);
  expect(JSON.parse((await call(page, 'api/ps')).text)).toEqual({ models: [] });
  const written = await words(page);
  await lastReply(page).getByRole('button', { name: 'Continue' }).click();
  await expect(lastReply(page).getByRole('alert')).toHaveCount(0);
  await expect.poll(() => words(page), { timeout: 60_000 }).not.toBe(written);
  await page.getByRole('button', { name: 'Stop' }).click();
  await replyEnded(page);
});

test('a worker that is killed in a reply is replaced, another tab is answered, and the next host goes on', async ({
  page,
  site,
  context,
}) => {
  await withModel(page, site);
  const second = await openSecond(context, site.url);
  const asked = { model: EXACT, messages: [{ role: 'user', content: FIRST.user }] };
  const text = async (tab: Page) =>
    ((await json(tab, 'api/chat', asked)).message as { content: string }).content;
  expect(await text(second)).toBe(FIRST.text);

  const long = post(page, 'api/chat', { ...asked, options: { num_predict: 400 } });
  await expect
    .poll(async () => (await call(page, 'api/paddock/runners')).text)
    .toContain('"writing":true');
  await killRunner(page);
  expect((await long).text.trim().split('\n').at(-1)).toContain('"code":"runner_died"');
  expect(await text(page)).toBe(FIRST.text);

  await page.close();
  await expect.poll(async () => (await call(second, 'api/ps')).status).toBe(200);
  expect(await text(second)).toBe(FIRST.text);
});

test('ten loads and unloads leave no worker', async ({ page, site, browser }) => {
  await withModel(page, site);
  const targets = async () => {
    const session = await browser.newBrowserCDPSession();
    const { targetInfos } = await session.send('Target.getTargets');
    await session.detach();
    return targetInfos
      .filter(({ type }) => type.includes('worker'))
      .map(({ title, type }) => `${type} ${title}`)
      .sort();
  };
  const before = await targets();
  for (let round = 0; round < 10; round++) {
    await json(page, 'api/generate', { model: EXACT, prompt: 'x' });
    await json(page, 'api/generate', { model: EXACT, keep_alive: 0 });
  }
  await expect.poll(targets).toEqual(before);
});

async function killRunner(page: Page): Promise<void> {
  for (const worker of page.workers()) {
    const name = await worker.evaluate(() => self.name);
    if (name === 'paddock-runner') await worker.evaluate(() => self.close());
  }
}

function words(page: Page): Promise<string> {
  return lastReply(page).locator('.markdown').innerText();
}

async function crashGpu(browser: Browser): Promise<void> {
  const session = await browser.newBrowserCDPSession();
  await session.send('Browser.crashGpuProcess');
  await session.detach();
}
