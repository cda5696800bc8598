/** The graphics adapter taken away under a reply. */
import type { Browser, Page } from '@playwright/test';
import { SWIFTSHADER_ARGS, chromiumPath } from '../../scripts/chromium';
import { call } from './api-client';
import { LOADED } from './mlc-model';
import { expect, lastReply } from './site';

/** Chromium gives a host name no adapter for two minutes once its graphics process died twice. */
export const ownBrowser = {
  executablePath: chromiumPath(),
  args: [...SWIFTSHADER_ARGS, '--lang=en-GB'],
};

export function alert(page: Page) {
  return lastReply(page).getByRole('alert');
}

/** A crash before a reply's first word may hit the load's beginning, which survives it. */
export async function writing(page: Page): Promise<void> {
  await expect
    .poll(async () => (await call(page, 'api/paddock/runners')).text, LOADED)
    .toContain('"writing":["');
}

export async function crashGpu(browser: Browser): Promise<void> {
  const session = await browser.newBrowserCDPSession();
  await session.send('Browser.crashGpuProcess');
  await session.detach();
}
