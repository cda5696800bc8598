import type { Browser } from 'playwright';
import { fakeConfig, fakeRegistry, noise, publish } from '../../tests/fixtures/fake-registry';
import { serveSite } from '../serve';
import { withPage, type Device } from './camera';

/** What needs no real model: tools, the settings of a chat and of all, the palette, in English and in German. */
export async function takeStates(browser: Browser, device: Device): Promise<void> {
  const overlay = fakeRegistry();
  publish(overlay, {
    path: 'smollm2:135m',
    weights: noise(1000, 135),
    params: {},
    config: { ...fakeConfig('134.52M'), capabilities: ['tools'] },
  });
  const site = await serveSite({ dir: 'build-test', port: 0, overlay });
  await withPage(browser, device, async (page, shot) => {
    await page.goto(site.url);
    await page.getByRole('button', { name: 'Start chatting' }).click();
    await page.getByRole('button', { name: /^Settings of this chat/ }).click();
    await page.getByRole('switch', { name: 'Calculator' }).check();
    await shot('chat-settings');
    await page.getByRole('button', { name: 'Done' }).click();
    await page
      .getByRole('textbox', { name: 'Message' })
      .fill('/use calculator {"expression": "19.5 * 12"}');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('group', { name: 'May the model use Calculator?' }).waitFor();
    await shot('tools');
    await page.getByRole('button', { name: 'Allow once' }).click();
    await page.getByText('The results: 234', { exact: true }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: /New chat/ }).waitFor();
    await shot('palette');

    await page.goto(`${site.url}settings/`);
    const language = page.getByRole('combobox', { name: 'Language' });
    await language.waitFor();
    await shot('settings');
    await language.selectOption('de');
    await page.locator('html[lang=de]').waitFor();
    await shot('settings-german');
  });
  await site.close();
}
