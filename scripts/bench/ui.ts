/**
 * The page under a stream and under long chats, on the test build with the fake engine: 200 tokens a second for a
 * minute into a chat of 500 messages (tasks over 50 ms, dropped frames, what drawing costs the stream), and how long
 * a chat of 2,000 messages takes to its first painting. Needs `npm run build:test`.
 *   npm run bench:ui -- [--seconds 60] [--rounds 5] [--json]
 */
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { fakeRegistry } from '../../tests/fixtures/fake-registry';
import { CHROMIUM_ARGS, chromiumPath } from '../chromium';
import { serveSite } from '../serve';
import { openPaddock } from './paddock-page';
import { opening } from './ui-opening';
import { streaming } from './ui-streaming';
import { formatUi, type UiResult } from './ui-words';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '60' },
    rounds: { type: 'string', default: '5' },
  },
});

const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS });
const site = await serveSite({ dir: 'build-test', port: 0, overlay: fakeRegistry() });
try {
  const page = await openPaddock(browser, site.url);
  // tsx names functions by a helper that the page does not have: https://github.com/evanw/esbuild/issues/2605
  await page.addInitScript('globalThis.__name = (one) => one');
  const result: UiResult = {
    browser: `Chromium ${browser.version()}`,
    opening: await opening(page, 2000, Number(values.rounds)),
    streaming: await streaming(page, 500, Number(values.seconds)),
  };
  console.log(values.json ? JSON.stringify(result, null, 2) : formatUi(result));
} finally {
  await browser.close();
  await site.close();
}
