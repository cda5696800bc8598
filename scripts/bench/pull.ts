/**
 * What a pull costs beside its steps: fetch, hash and store alone, from a local server, in one Chromium page, in turns;
 * on a line of 200 Mbit/s and without a limit. Memory over idle, and the listing of 200 models.
 *   npm run bench:pull -- [--json] [--mb 128] [--rounds 3]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { CHROMIUM_ARGS, chromiumPath } from '../chromium';
import { measurePull, type PullResult, type Spread } from './pull/measure';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    mb: { type: 'string', default: '128' },
    rounds: { type: 'string', default: '3' },
  },
});

const profile = await mkdtemp(join(tmpdir(), 'paddock-profile-'));
const options = { executablePath: chromiumPath(), args: CHROMIUM_ARGS };
const context = await chromium.launchPersistentContext(profile, options);
try {
  const say = (what: string, figure: string) => console.error(`${what.padEnd(12)} ${figure}`);
  const result = await measurePull(context, Number(values.mb), Number(values.rounds), say);
  const name = `Chromium ${context.browser()?.version() ?? ''}`;
  if (values.json) console.log(JSON.stringify({ browser: name, ...result }, null, 2));
  else console.log(`${name}\n${format(result)}`);
} finally {
  await context.close();
  await rm(profile, { recursive: true });
}

function format({ mb, rounds, line, free, split, memory, list, requests }: PullResult): string {
  const of = ({ median, low, high }: Spread, unit: string) =>
    `${median.toFixed(2)} ${unit} (${low.toFixed(2)} to ${high.toFixed(2)})`;
  const thread = Object.entries(split).map(([step, ms]) => `${step} ${ms.toFixed(0)} ms`);
  return [
    `${mb} MB, ${rounds} rounds: medians, least and most`,
    `200 Mbit/s   pull ${of(line.pull, 's')}, plain fetch ${of(line.fetch, 's')}`,
    `ratio        ${line.ratio.toFixed(3)} (aim: at most 1.10)`,
    `no limit     pull ${of(free.pull, 'MB/s')}, ${requests} requests`,
    `alone        fetch ${of(free.fetch, 'MB/s')}, hash ${of(free.hash, 'MB/s')}, store ${of(free.store, 'MB/s')}`,
    `ratio        ${free.ratio.toFixed(3)} of the slowest, which is ${free.slowest} (aim: at least 0.8)`,
    `its thread   ${thread.join(', ')}`,
    `memory       ${memory.toFixed(1)} MB over idle (aim: at most 64)`,
    `200 models   ${of(list, 'ms')} (aim: at most 50)`,
  ].join('\n');
}
