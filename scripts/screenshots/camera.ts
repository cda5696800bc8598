import type { Browser, Page } from 'playwright';

const FOLDER = 'docs/screenshots';

/** What is taken of each state: wide in light, narrow in dark. */
export const DEVICES = [
  { device: 'desktop', scheme: 'light', viewport: { width: 1440, height: 900 } },
  { device: 'phone', scheme: 'dark', viewport: { width: 360, height: 740 } },
] as const;

export type Device = (typeof DEVICES)[number];
export type Shot = (name: string) => Promise<unknown>;

/** A page of its own, as one device has it, and what takes its picture under the name of a state. */
export async function withPage(
  browser: Browser,
  { device, scheme, viewport }: Device,
  run: (page: Page, shot: Shot) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ colorScheme: scheme, viewport, deviceScaleFactor: 1 });
  const page = await context.newPage();
  await run(page, (name) => page.screenshot({ path: `${FOLDER}/${name}-${device}-${scheme}.png` }));
  await context.close();
}

/** Sends `text`; resolves when the reply is whole, or was stopped after 45 seconds. */
export async function ask(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
  const stop = page.getByRole('button', { name: 'Stop' });
  await stop.first().waitFor();
  await stop
    .first()
    .waitFor({ state: 'detached', timeout: 45_000 })
    .catch(() => stop.first().click());
  await page
    .getByRole('button', { name: /Regenerate|Try again|is better/ })
    .first()
    .waitFor();
}

/** Opens an empty chat, on a phone too, where its link is in the drawer. */
export async function newChat(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('heading', { name: 'What shall we talk about?' }).waitFor();
}
