/**
 * What the house costs. With the fake engine: the time it adds to a request and to a token. With the starter
 * on one thread: decode rates beside the bare engine, in turns in one browser. Needs `npm run build:test`.
 *   npm run bench:overhead -- [--json] [--pairs 8] [--tokens 48]
 */
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { CHROMIUM_ARGS, chromiumPath } from '../chromium';
import { houseLatency } from './house-latency';
import { againstBare } from './against-bare';
import { format } from './report';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    pairs: { type: 'string', default: '8' },
    tokens: { type: 'string', default: '48' },
  },
});

const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS });
try {
  const latency = await houseLatency(browser);
  const decode = await againstBare(browser, Number(values.pairs), Number(values.tokens));
  const result = { browser: `Chromium ${browser.version()}`, latency, decode };
  console.log(values.json ? JSON.stringify(result, null, 2) : format(result));
} finally {
  await browser.close();
}
