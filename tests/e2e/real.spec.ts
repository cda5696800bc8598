/** The released build with the real starter; also run on a software WebGPU adapter. */
import type { Page } from '@playwright/test';
import { expect, lastReply, newChat, replyEnded, send, startChatting, test } from './site';

test.use({ serviceWorkers: 'allow' });

test.use({ siteOptions: { dir: 'build' } });
test.setTimeout(180_000);

test('a first chat with the real model, then offline', async ({ page, site }, info) => {
  await page.goto(site.url);
  await page.getByRole('button', { name: 'Start chatting' }).click();
  const box = page.getByRole('textbox', { name: 'Message' });
  await expect(box).toBeVisible({ timeout: 60_000 });
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);

  await send(page, 'explain quantum entanglement');
  const reply = lastReply(page);
  await expect(reply).toContainText(/quantum mechanics/i, { timeout: 60_000 });
  await stop(page);
  await expect(reply).toContainText(/tokens\/s/);
  await reply.getByText(/^CPU, \d+ threads?$/).click();
  // What ran is named, and why it was not WebGPU: there is none, or one that nobody asked for.
  await expect(reply).toContainText(
    info.project.name === 'swiftshader'
      ? 'The graphics adapter is played by the processor'
      : 'no graphics adapter',
  );

  await site.stop();
  await page.reload();
  await newChat(page);
  await send(page, 'Say hello.');
  await answers(page);
});

test(
  'offline straight after the download, before the first message',
  { tag: '@long' },
  async ({ page, site }) => {
    await startChatting(page, site);
    // The engine comes with the model: nothing of it may be missing once the page says that it is ready.
    const areKept = () =>
      page.evaluate(async () => {
        const names = (await caches.keys()).filter((name) => name.startsWith('paddock-shell'));
        const stores = await Promise.all(names.map((name) => caches.open(name)));
        const requests = await Promise.all(stores.map((store) => store.keys()));
        // llama.cpp's module is the last file that is kept.
        return requests.flat().some(({ url }) => /wllama-[^/]*\.wasm$/.test(url));
      });
    await expect.poll(areKept, { timeout: 60_000 }).toBe(true);
    await site.stop();
    await page.reload();
    await send(page, 'Say hello.');
    await answers(page);
  },
);

test(
  'a prompt over the context is refused with exact counts, and shorter ones work',
  { tag: '@long' },
  async ({ page, site }) => {
    await startChatting(page, site);
    await send(page, 'word '.repeat(6000));
    await expect(lastReply(page)).toContainText('6,030 tokens', { timeout: 60_000 });
    await expect(lastReply(page)).toContainText('4,096');
    await newChat(page);
    await send(page, 'Say hello.');
    await answers(page);
  },
);

test('a stopped reply is continued where it ended', { tag: '@long' }, async ({ page, site }) => {
  await startChatting(page, site);
  await send(page, 'explain quantum entanglement');
  const reply = lastReply(page);
  const text = async () => (await reply.locator('.markdown').first().innerText()).trim();
  await expect(async () => {
    expect((await text()).length).toBeGreaterThan(20);
  }).toPass({ timeout: 60_000 });
  await stop(page);
  const kept = await text();
  await reply.getByRole('button', { name: 'Continue' }).click();
  // A sampled reply may end at once: what counts is that it goes on from the text and does not repeat it.
  await expect(reply)
    .toHaveAttribute('aria-busy', 'false', { timeout: 20_000 })
    .catch(() => stop(page));
  expect((await text()).startsWith(kept)).toBe(true);
  expect((await text()).indexOf(kept, 1)).toBe(-1);
  await expect(reply.getByRole('alert')).toHaveCount(0);
});

/** The starter may write for minutes: a test reads the beginning. */
async function stop(page: Page) {
  await page.getByRole('button', { name: 'Stop' }).click();
  await replyEnded(page);
}

/** Something was written, and how fast. */
async function answers(page: Page) {
  const reply = lastReply(page);
  await expect(reply.locator('.markdown')).toContainText(/\S{3}/, { timeout: 60_000 });
  await page
    .getByRole('button', { name: 'Stop' })
    .click({ timeout: 2000 })
    .catch(() => {}); // it ended by itself
  await expect(reply).toContainText(/CPU, \d+ thread/);
}
