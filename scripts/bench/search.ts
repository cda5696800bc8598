/**
 * The search over 10,000 messages in real Chromium, on the test build: how long the first reading and each query take,
 * from the question in the page to the answer there. Needs `npm run build:test`.
 *   npm run bench:search -- [--rounds 20] [--json]
 */
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { percentile } from '../../src/lib/core/statistics';
import { fakeRegistry } from '../../tests/fixtures/fake-registry';
import { CHROMIUM_ARGS, chromiumPath } from '../chromium';
import { serveSite } from '../serve';
import { openPaddock } from './paddock-page';
import { writeChat } from './ui-chats';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '20' } },
});
const CHATS = 100;
const MESSAGES = 100;
/** Rare, frequent, two words, part of a word, accents, code, none. */
const QUERIES = ['answer 57', 'a', 'bold words', 'aragr', 'quéstion', 'console.log(', 'zebra'];

/** Types into the field; resolves with the milliseconds until the region says what was found. */
function ask(field: HTMLElement | SVGElement, query: string): Promise<number> {
  return new Promise((resolve) => {
    const input = field as HTMLInputElement;
    const said = () => document.querySelector('[aria-label="Search results"] [role=status]');
    const begun = performance.now();
    input.value = '';
    input.dispatchEvent(new Event('input', { bubbles: true }));
    const look = () => {
      if (/^(Found|No chat)/.test(said()?.textContent ?? '')) resolve(performance.now() - begun);
      else setTimeout(look, 0);
    };
    setTimeout(() => {
      input.value = query;
      input.dispatchEvent(new Event('input', { bubbles: true }));
      look();
    }, 0);
  });
}

const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS });
const site = await serveSite({ dir: 'build-test', port: 0, overlay: fakeRegistry() });
try {
  const page = await openPaddock(browser, site.url);
  // tsx names functions by a helper that the page does not have: https://github.com/evanw/esbuild/issues/2605
  await page.addInitScript('globalThis.__name = (one) => one');
  await page.goto(site.url);
  for (let chat = 0; chat < CHATS; chat++) await writeChat(page, `chat${chat}`, MESSAGES);
  await page.goto(site.url);
  const field = page.getByRole('searchbox');
  await field.waitFor();
  const firstMs = await field.evaluate(ask, 'first');
  const times: number[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const query of QUERIES) times.push(await field.evaluate(ask, query));
  }
  const result = {
    browser: `Chromium ${browser.version()}`,
    messages: CHATS * MESSAGES,
    queries: times.length,
    firstMs,
    p50Ms: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
  };
  if (values.json) console.log(JSON.stringify(result, null, 2));
  else {
    console.log(result.browser);
    console.log(`first reading of ${result.messages} messages  ${firstMs.toFixed(0)} ms`);
    console.log(
      `a query  p50 ${result.p50Ms.toFixed(1)} ms, p95 ${result.p95Ms.toFixed(1)} ms (aim: at most 50 ms)`,
    );
  }
} finally {
  await browser.close();
  await site.close();
}
