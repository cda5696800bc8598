/** A GGUF model whose graphics adapter goes away in a reply, twice: the chat goes on, there and then on the CPU. */
import { openApi } from './api-client';
import { alert, crashGpu, ownBrowser, writing } from './losses';
import { LOADED, json, loaded } from './mlc-model';
import { expect, lastReply, replyEnded, send, test } from './site';

test.use({ serviceWorkers: 'allow' });

// The real starter, in the place of the fake one.
test.use({ launchOptions: ownBrowser, siteOptions: { dir: 'build-test' } });

test(
  'an adapter that goes in a reply: Continue goes on there, and then on the CPU',
  { tag: '@long' },
  async ({ page, site, browser }) => {
    test.setTimeout(240_000);
    await openApi(page, site);
    const parameters = { num_gpu: 1, num_predict: 60, temperature: 0 };
    await json(page, 'api/create', { model: 'on-gpu:latest', from: 'smollm2:135m', parameters });
    await page.getByRole('combobox', { name: 'Model' }).selectOption('on-gpu:latest');
    await send(page, 'explain quantum entanglement');
    await writing(page);
    await crashGpu(browser);
    await expect(alert(page)).toContainText('took the graphics adapter away', LOADED);
    await replyEnded(page);
    await lastReply(page).getByRole('button', { name: 'Continue' }).click();
    await expect(alert(page)).toHaveCount(0);
    await writing(page);
    await crashGpu(browser);
    await expect(alert(page)).toContainText('It happened again', LOADED);
    await replyEnded(page);
    expect(await loaded(page)).toEqual([]);
    await lastReply(page).getByRole('button', { name: /CPU/ }).click();
    await replyEnded(page);
    await expect(lastReply(page)).toContainText(/tokens\/s/);
    await expect(page.getByRole('group', { name: 'Status' })).toContainText('CPU');
  },
);
