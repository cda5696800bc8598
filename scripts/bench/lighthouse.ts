/**
 * Lighthouse 12 on the release build's first page, with its simulated phone: performance 95 or more, no layout
 * shift. Needs `npm run build`.
 *   npm run bench:lighthouse -- [--json] [--runs 3]
 */
import { parseArgs } from 'node:util';
import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';
import { percentile } from '#core/statistics';
import { CHROMIUM_ARGS, chromiumPath } from '../chromium';
import { serveSite } from '../serve';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, runs: { type: 'string', default: '3' } },
});

/** Audits whose numbers are printed; units as Lighthouse has them. */
const AUDITS = [
  'first-contentful-paint',
  'largest-contentful-paint',
  'total-blocking-time',
  'cumulative-layout-shift',
  'speed-index',
] as const;

const CATEGORIES = ['performance', 'accessibility', 'best-practices'] as const;

const chrome = await launch({
  chromePath: chromiumPath(),
  chromeFlags: ['--headless=new', ...CHROMIUM_ARGS],
});
const site = await serveSite({ dir: 'build', port: 0 });
try {
  const runs: Record<string, number>[] = [];
  for (let run = 0; run < Number(values.runs); run++) {
    const result = await lighthouse(site.url, {
      port: chrome.port,
      onlyCategories: [...CATEGORIES],
      logLevel: 'error',
    });
    if (!result) throw new Error('Lighthouse gave no result.');
    const { categories, audits } = result.lhr;
    runs.push({
      ...Object.fromEntries(CATEGORIES.map((id) => [id, (categories[id]?.score ?? 0) * 100])),
      ...Object.fromEntries(AUDITS.map((id) => [id, audits[id]?.numericValue ?? NaN])),
    });
  }
  const medians = Object.fromEntries(
    Object.keys(runs[0]!).map((id) => [
      id,
      percentile(
        runs.map((run) => run[id]!),
        0.5,
      ),
    ]),
  );
  if (values.json) console.log(JSON.stringify({ runs, medians }, null, 2));
  else
    for (const [id, value] of Object.entries(medians)) {
      console.log(`${id.padEnd(26)} ${Number(value.toFixed(3))}`);
    }
} finally {
  await site.close();
  chrome.kill();
}
