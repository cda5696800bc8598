/**
 * Takes the pictures in docs/screenshots from the test build, wide in light and narrow in dark. `npm run screenshots`,
 * after `npm run build:test`.
 */
import { mkdir } from 'node:fs/promises';
import { chromium } from 'playwright';
import { CHROMIUM_ARGS, chromiumPath } from './chromium';
import { DEVICES } from './screenshots/camera';
import { takeStarter } from './screenshots/starter';
import { takeStates } from './screenshots/states';

await mkdir('docs/screenshots', { recursive: true });
const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS });
try {
  for (const device of DEVICES) {
    await takeStates(browser, device);
    await takeStarter(browser, device);
  }
} finally {
  await browser.close();
}
