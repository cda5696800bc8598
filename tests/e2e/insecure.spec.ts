/** An address such as http://192.168.1.5: the browser switches off what Paddock needs. */
import { chromium } from '@playwright/test';
import { CHROMIUM_ARGS, chromiumPath } from '../../scripts/chromium';
import { expect, test, watchPage } from './site';

test.use({ serviceWorkers: 'allow' });

test('an insecure address says what to do', async ({ site }) => {
  const { port } = new URL(site.url);
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: [...CHROMIUM_ARGS, '--host-resolver-rules=MAP paddock.test localhost'],
  });
  try {
    const page = await browser.newPage();
    const complaints = watchPage(page);
    await page.goto(`http://paddock.test:${port}/`);
    expect(await page.evaluate(() => isSecureContext)).toBe(false);
    const main = page.getByRole('main');
    await expect(main).toContainText('This address is not secure');
    await expect(main).toContainText('Open it over https://');
    await expect(main).toContainText('http://localhost with the same port');
    await expect(page.getByRole('button', { name: 'Start chatting' })).toHaveCount(0);
    await page.goto(`http://paddock.test:${port}/developers/`);
    await expect(main).toContainText('This address is not secure');
    await expect(main).toContainText('Nothing answers the API here either');
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
});
