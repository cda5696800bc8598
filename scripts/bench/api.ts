/**
 * What the service worker costs: the same client over the page's own port and by `fetch`, in turns in one page, with
 * the fake engine. Needs `npm run build:test`.
 *   npm run bench:api -- [--json] [--rounds 6]
 */
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { CHROMIUM_ARGS, chromiumPath } from '../chromium';
import { fakeRegistry } from '../../tests/fixtures/fake-registry';
import { serveSite } from '../serve';
import { aborts, crowd, flow, latencies, type ApiResult } from './api-latency';
import { openPaddock } from './paddock-page';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '6' },
  },
});

const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS });
const site = await serveSite({ dir: 'build-test', port: 0, overlay: fakeRegistry() });
try {
  const page = await openPaddock(browser, site.url);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  // tsx names functions by a helper of its own, which functions that are sent to the page need there.
  await page.evaluate('globalThis.__name = (named) => named');
  const result: ApiResult = {
    browser: `Chromium ${browser.version()}`,
    ...(await latencies(page, Number(values.rounds))),
    flow: await flow(page),
    crowd: await crowd(page),
    aborts: await aborts(page),
  };
  console.log(values.json ? JSON.stringify(result, null, 2) : format(result));
} finally {
  await browser.close();
  await site.close();
}

function format({ browser, token, request, flow, crowd, aborts }: ApiResult): string {
  const ms = (value: number) => `${value.toFixed(2)} ms`;
  const row = (name: string, { port, fetch, added }: ApiResult['token'], aim: string) =>
    [
      `${name}  port p50 ${ms(port.p50)} p95 ${ms(port.p95)}`,
      `fetch p50 ${ms(fetch.p50)} p95 ${ms(fetch.p95)}`,
      `added p50 ${ms(added.p50)} p95 ${ms(added.p95)}${aim}`,
    ].join('  ');
  return [
    browser,
    row('a token      ', token, '  (aim: at most 2 ms at p50)'),
    row('a first token', request, ''),
    `1,000 tokens/s  ${flow.received} of ${flow.sent} in order: ${flow.inOrder}, ${flow.perSecond.toFixed(0)} a second`,
    `200 at once     ${crowd.answered} answered, ${crowd.refused} refused, in ${crowd.seconds.toFixed(2)} s`,
    `50 aborts       next reply after p50 ${ms(aborts.p50)}, at most ${ms(aborts.max)} (aim: at most 500 ms)`,
  ].join('\n');
}
