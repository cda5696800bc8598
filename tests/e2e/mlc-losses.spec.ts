/** An MLC model that is lost in a reply: its worker, its tab, and the graphics adapter under it, twice. */
import type { Page } from '@playwright/test';
import { call, openSecond } from './api-client';
import { alert, crashGpu, ownBrowser, writing } from './losses';
import { EXACT, FIRST, json, loaded, LOADED, post, withModel } from './mlc-model';
import { expect, lastReply, replyEnded, send, test } from './site';

test.use({ serviceWorkers: 'allow' });

test.use({ launchOptions: ownBrowser });
test.setTimeout(180_000);

const CHAT = { model: EXACT, messages: [{ role: 'user', content: FIRST.user }] };

async function replyText(tab: Page): Promise<string> {
  return ((await json(tab, 'api/chat', CHAT)).message as { content: string }).content;
}

test(
  'another tab and the next host go on, and so does the chat until the browser gives no adapter any more',
  { tag: '@long' },
  async ({ page: first, site, context, browser }) => {
    await withModel(first, site);
    const parameters = { num_predict: 400 };
    await json(first, 'api/create', { model: 'tiny-long:latest', from: EXACT, parameters });
    const page = await openSecond(context, site.url);

    await test.step('the worker is killed, and its tab closed: the other tab is answered', async () => {
      expect(await replyText(page)).toBe(FIRST.text);
      const long = post(first, 'api/chat', { ...CHAT, options: { num_predict: 400 } });
      await writing(first);
      await killRunner(first);
      expect((await long).text.trim().split('\n').at(-1)).toContain('"code":"runner_died"');
      await first.close();
      await expect.poll(async () => (await call(page, 'api/ps')).status, LOADED).toBe(200);
      expect(await replyText(page)).toBe(FIRST.text);
    });

    await test.step('the adapter is taken away: the chat goes on', async () => {
      await page.getByRole('combobox', { name: 'Model' }).selectOption('tiny-long:latest');
      await send(page, FIRST.user);
      await writing(page);
      await crashGpu(browser);
      await expect(alert(page)).toContainText('took the graphics adapter away', LOADED);
      await replyEnded(page);
      await lastReply(page).getByRole('button', { name: 'Continue' }).click();
      await expect(alert(page)).toHaveCount(0);
      await writing(page);
    });

    await test.step('once more: what runs on the CPU is offered, and nothing is listed as loaded', async () => {
      await crashGpu(browser);
      await expect(alert(page)).toContainText('It happened again. Choose a GGUF model', LOADED);
      await replyEnded(page);
      expect(await loaded(page)).toEqual([]);
      await expect(
        lastReply(page).getByRole('link', { name: 'Choose another model' }),
      ).toBeVisible();
      await lastReply(page).getByRole('button', { name: 'Continue' }).click();
      await expect(alert(page)).toContainText('gives no graphics adapter any more', LOADED);
      await replyEnded(page);
      expect(await loaded(page)).toEqual([]);
    });
  },
);

async function killRunner(page: Page): Promise<void> {
  for (const worker of page.workers()) {
    const name = await worker.evaluate(() => self.name);
    if (name === 'paddock-runner') await worker.evaluate(() => self.close());
  }
}
