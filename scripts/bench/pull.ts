/**
 * What a pull costs beside its steps: fetch, hash and store alone, from a local server, in one Chromium page, in turns;
 * on a line of 200 Mbit/s and without a limit. Memory over idle, and the listing of 200 models.
 *   npm run bench:pull -- [--json] [--mb 256] [--rounds 5]
 */
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { CHROMIUM_ARGS, chromiumPath } from '../chromium';
import { measurePull, type PullResult, type Spread } from './pull/measure';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    mb: { type: 'string', default: '256' },
    rounds: { type: 'string', default: '5' },
  },
});

const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS });
try {
  const result = await measurePull(browser, Number(values.mb), Number(values.rounds));
  const name = `Chromium ${browser.version()}`;
  if (values.json) console.log(JSON.stringify({ browser: name, ...result }, null, 2));
  else console.log(`${name}\n${format(result)}`);
} finally {
  await browser.close();
}

function format({ mb, rounds, line, free, memory, list, requests }: PullResult): string {
  const of = ({ median, low, high }: Spread, unit: string) =>
    `${median.toFixed(2)} ${unit} (${low.toFixed(2)} to ${high.toFixed(2)})`;
  return [
    `${mb} MB, ${rounds} rounds: medians, least and most`,
    `200 Mbit/s   pull ${of(line.pull, 's')}, plain fetch ${of(line.fetch, 's')}`,
    `ratio        ${line.ratio.toFixed(3)} (aim: at most 1.10)`,
    `no limit     pull ${of(free.pull, 'MB/s')}, ${requests} requests`,
    `alone        fetch ${of(free.fetch, 'MB/s')}, hash ${of(free.hash, 'MB/s')}, store ${of(free.store, 'MB/s')}`,
    `ratio        ${free.ratio.toFixed(3)} of the slowest, which is ${free.slowest} (aim: at least 0.8)`,
    `memory       ${memory.toFixed(1)} MB over idle (aim: at most 64)`,
    `200 models   ${of(list, 'ms')} (aim: at most 50)`,
  ].join('\n');
}
