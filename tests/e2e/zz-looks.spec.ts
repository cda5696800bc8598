import { fakeConfig, fakeRegistry, publish } from '../fixtures/fake-registry';
import { randomModel } from '../fixtures/random-model';
import { expect, test, startChatting } from './site';
const overlay = fakeRegistry();
publish(overlay, {
  path: 'tiny:latest',
  weights: randomModel({ type: 'Q8_0' }),
  params: { temperature: 0.5 },
  config: { ...fakeConfig('1.5M'), model_format: 'gguf' },
});
test.use({ siteOptions: { dir: 'build-test', overlay }, mayComplain: true });
test.setTimeout(300_000);
const combos = [[360, 'dark'], [768, 'light'], [1440, 'dark'], [1024, 'light']] as const;
test('looks', async ({ page, site }) => {
  await startChatting(page, site);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.evaluate(async () => (await fetch('/api/pull', { method: 'POST', body: '{"model":"tiny"}' })).text());
  const shoot = async (name: string, full = false) => {
    for (const [width, scheme] of combos) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 900 });
      await page.waitForTimeout(250);
      await page.screenshot({ path: `/tmp/h7/pics/${name}-${width}-${scheme}.png`, fullPage: full });
    }
  };
  await page.goto(`${site.url}models/`);
  await expect(page.getByText('Fits').nth(3)).toBeVisible();
  await page.waitForTimeout(500);
  await shoot('models', true);
  await page.goto(`${site.url}models/?model=tiny:latest`);
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.waitForTimeout(800);
  await shoot('details');
  for (const t of ['Metadata', 'Tensors', 'Modelfile']) await page.getByRole('dialog').getByText(t, { exact: true }).click().catch(() => {});
  await page.waitForTimeout(500);
  await shoot('details-open');
  await page.getByRole('button', { name: 'New preset from this' }).click();
  const form = page.getByRole('dialog', { name: /New preset/ });
  await form.getByRole('textbox', { name: 'Save as' }).fill('pirate');
  await form.getByRole('textbox', { name: 'System message' }).fill('Talk like a pirate.');
  await form.getByRole('combobox', { name: 'Parameter to add' }).selectOption('top_k');
  await form.getByRole('button', { name: 'Add', exact: true }).click();
  await form.getByRole('textbox', { name: 'top_k' }).fill('-9');
  await shoot('preset');
  await form.getByText('As a Modelfile').click();
  await shoot('preset-file');
  await page.goto(`${site.url}models/?model=nobody:latest`);
  await page.waitForTimeout(800);
  await shoot('not-here');
  await page.goto(`${site.url}models/?model=tiny:latest`);
  await page.getByRole('dialog').getByRole('button', { name: /disk|Export|Save to/i }).first().click();
  await page.waitForTimeout(500);
  await shoot('export');
  await page.goto(`${site.url}settings/`);
  await page.waitForTimeout(500);
  await shoot('settings', true);
});
