import type { Browser } from 'playwright';
import { serveSite } from '../serve';
import { ask, newChat, withPage, type Device } from './camera';

/** A first visit, the starter's download, a chat, two models on one message, an error, the page API. */
export async function takeStarter(browser: Browser, device: Device): Promise<void> {
  /** Holds the third part back while the download is in the picture. */
  let hold = true;
  let parts = 0;
  const site = await serveSite({
    dir: 'build-test',
    port: 0,
    intercept(request, response) {
      if (!/blobs\/sha256-[0-9a-f]{64}$/.test(request.url ?? '')) return false;
      parts++;
      if (!hold || parts < 4) return false;
      response.writeHead(200, { 'Content-Length': '20971520' });
      response.write(Buffer.alloc(8_000_000));
      return true;
    },
  });
  await withPage(browser, device, async (page, shot) => {
    await page.goto(site.url);
    await page.getByRole('button', { name: 'Start chatting' }).waitFor();
    await shot('first-visit');
    await page.getByRole('button', { name: 'Start chatting' }).click();
    await page.getByRole('progressbar').waitFor();
    await page.waitForFunction(() => /MB\/s/.test(document.body.innerText));
    await shot('download');
    hold = false;
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: /Resume/ }).click();
    await page.getByRole('textbox', { name: 'Message' }).waitFor({ timeout: 60_000 });
    await ask(page, 'Write a short note that thanks a neighbour for watering the plants.');
    await shot('chat');

    await newChat(page, site.url);
    await ask(page, 'word '.repeat(6000));
    await shot('error');

    // A second model of the same weights, that answers otherwise.
    await page.evaluate(async () => {
      const model = {
        model: 'brief',
        from: 'smollm2:135m',
        system: 'Answer in one short sentence.',
        parameters: { temperature: 0 },
      };
      await (await fetch('/api/create', { method: 'POST', body: JSON.stringify(model) })).text();
    });
    await newChat(page, site.url);
    await page.getByRole('button', { name: /^Settings of this chat/ }).click();
    await page.getByRole('switch', { name: 'Compare with another model' }).check();
    await page.getByRole('button', { name: 'Done' }).click();
    await ask(page, 'What is a paddock?');
    await page.getByRole('button', { name: 'B is better' }).click();
    await shot('compare');

    await page.goto(`${site.url}developers/`);
    await page.getByRole('button', { name: 'Run' }).click();
    await page
      .getByText(/Done in/)
      .first()
      .waitFor({ timeout: 60_000 });
    await page.getByRole('heading', { name: 'Examples' }).scrollIntoViewIfNeeded();
    await shot('api');
  });
  await site.close();
}
