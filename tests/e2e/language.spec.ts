/** Languages: chosen without a reload, kept, offline too; and a page that is read from the right. */
import type { Page } from '@playwright/test';
import { underServiceWorker } from './api-client';
import { expectNoSidewaysScroll } from './audit';
import { expect, test } from './site';

test.use({ serviceWorkers: 'allow' });

const isLate = (path: string) => path.includes('/late/');

function choice(page: Page) {
  return page.getByRole('combobox', { name: /^(Language|Sprache)$/ });
}

test('a language is spoken without a reload, is kept, and is there offline', async ({
  page,
  site,
}) => {
  await page.addInitScript(() => {
    addEventListener('DOMContentLoaded', () => {
      Object.assign(window, { langAtFirst: document.documentElement.lang });
    });
  });
  await page.goto(`${site.url}settings/`);
  await underServiceWorker(page);
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  await expect(choice(page)).toHaveValue('system');
  expect(site.requests.filter(isLate)).toEqual([]);
  await choice(page).selectOption('Deutsch');
  await expect(choice(page)).toHaveAccessibleName('Sprache');
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  const menu = page.getByRole('complementary').getByRole('navigation');
  await expect(menu.getByRole('link', { name: 'Modelle', exact: true })).toBeVisible();
  await menu.getByRole('button', { name: /^Befehle/ }).click();
  const field = page.getByRole('combobox', { name: 'Befehl, Modell oder Wörter eines Chats' });
  await field.fill('dark theme');
  const found = page.getByRole('listbox', { name: 'Ergebnisse' }).getByRole('option');
  await expect(found).toHaveText(['Dunkles Farbschema']);
  await field.press('Escape');
  await page
    .getByRole('link', { name: /Privacy|Datenschutz/ })
    .first()
    .click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Datenschutz');
  expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
  // The service worker has it, besides what the browser keeps.
  await expect
    .poll(() =>
      page.evaluate(async () => {
        const names = await caches.keys();
        const urls = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
        return urls.flat().filter(({ url }) => url.includes('/late/de.')).length;
      }),
    )
    .toBe(1);
  await site.stop();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Datenschutz');
  expect(await page.evaluate(() => (window as { langAtFirst?: string }).langAtFirst)).toBe('de');
});

test('where its words cannot be had the page goes on in English and says why', async ({
  page,
  site,
  complaints,
}) => {
  site.fault = (request, response) => {
    if (!request.url?.includes('/late/de.')) return false;
    response.writeHead(404).end();
    return true;
  };
  await page.goto(`${site.url}settings/`);
  await choice(page).selectOption('Deutsch');
  await expect(page.getByRole('alert')).toContainText('could not be loaded');
  await expect(choice(page)).toHaveValue('de');
  await choice(page).selectOption('English');
  await expect(page.getByRole('alert')).toHaveCount(0);
  complaints.length = 0; // of the 404, which is wanted here
});

test('a page that is read from the right has its sidebar there, and nothing scrolls sideways', async ({
  page,
  site,
}) => {
  await page.addInitScript(() => {
    // Nobody speaks such a language yet, so the page would turn itself round again.
    const turn = () => {
      const root = document.documentElement;
      if (root && root.dir !== 'rtl') root.dir = 'rtl';
    };
    const changes = { attributeFilter: ['dir'], childList: true, subtree: true };
    new MutationObserver(turn).observe(document, changes);
  });
  for (const folder of ['', 'settings/', 'models/', 'privacy/', 'diagnostics/', 'developers/']) {
    await page.goto(site.url + folder);
    await expect(page.locator('main section, main button').first()).toBeVisible();
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      await expectNoSidewaysScroll(page);
      if (width < 1024) continue;
      const sidebar = (await page.locator('aside').boundingBox())!;
      expect(sidebar.x + sidebar.width).toBe(width);
    }
  }
});
