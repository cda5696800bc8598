import type { Browser, Page } from 'playwright';

/** A page of the test build with the starter pulled, in a browser context of its own. */
export async function openPaddock(browser: Browser, url: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(url);
  await page.getByRole('button', { name: 'Start chatting' }).click();
  await page.getByRole('textbox', { name: 'Message' }).waitFor({ timeout: 120_000 });
  return page;
}
