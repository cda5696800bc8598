import { audit, expectNoSidewaysScroll } from './audit';
import { expect, send, startChatting, test, replyEnded } from './site';

test('settings are found by another word for them, and by their address', async ({
  page,
  site,
}) => {
  await page.goto(`${site.url}settings`);
  const search = page.getByRole('searchbox', { name: 'Search settings' });
  await search.fill('font');
  await expect(page.getByRole('radio', { name: 'Larger' })).toBeVisible();
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Storage' })).toBeHidden();
  await expect(page).toHaveURL(/settings\/?\?q=font$/);
  await expect(page.getByText('1 setting found.')).toBeAttached();
  await search.fill('xyzzy');
  await expect(page.getByText('No setting has “xyzzy”.')).toBeVisible();
  await audit(page);
  await search.press('Escape');
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeVisible();
  await page.goto(`${site.url}settings/?q=backup#backup`);
  await expect(page.locator('#backup')).toBeFocused();
  await expect(search).toHaveValue('backup');
  await expect(page.locator('#theme')).toBeHidden();
  // What is drawn late above it does not take it out of sight, and the frame itself does not scroll.
  await page.goto(`${site.url}settings/#titles`);
  await expect(page.locator('#titles')).toBeFocused();
  await expect(page.locator('#titles')).toBeInViewport({ ratio: 1 });
  expect(await page.evaluate(() => scrollY)).toBeLessThan(2); // the live region's own pixel
});

test('the size of text is there before the first paint, and fits a phone at its largest', async ({
  page,
  site,
}) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await startChatting(page, site);
  const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize));
  const before = await size();
  await page.goto(`${site.url}settings`);
  await page.getByRole('radio', { name: 'Larger' }).check();
  await expect.poll(size).toBeCloseTo(before * 1.3, 1);
  for (const path of ['', 'settings', 'models', 'bench', 'developers', 'diagnostics', 'privacy']) {
    await page.goto(site.url + path, { waitUntil: 'commit' });
    // Set by the first script of the document: no module has run.
    await expect(page.locator('html')).toHaveAttribute('data-text', 'larger');
    await expect(page.getByRole('heading', { level: 1 }).first()).toBeAttached();
    await expectNoSidewaysScroll(page);
  }
  await page.goto(site.url);
  await send(page, '/say hello');
  await replyEnded(page);
  await expectNoSidewaysScroll(page);
});
