/** What Settings says of Paddock itself. */
import { readFileSync } from 'node:fs';
import { expect, test } from './site';

test('the licences of what is in the build are in it too, and can be read', async ({
  page,
  context,
  site,
}) => {
  await page.goto(`${site.url}settings/`);
  const about = page.getByRole('region', { name: 'About' });
  for (const [name, source] of [
    ['Apache-2.0', 'LICENSE'],
    ['Third-party notices', 'THIRD-PARTY-NOTICES.md'],
  ] as const) {
    const opening = context.waitForEvent('page');
    await about.getByRole('link', { name }).click();
    const text = await opening;
    const response = await text.request.get(text.url());
    expect(response.status()).toBe(200);
    expect(response.headers()['content-type']).toContain('text/plain');
    expect(await response.text()).toBe(readFileSync(source, 'utf8'));
    await expect(text.locator('body')).toContainText('Apache License');
    await text.close();
  }
});
