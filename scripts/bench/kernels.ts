/**
 * The matrix kernels of both modules on one thread, in one Chromium page, in turns: weights read a second.
 *   npm run bench:kernels -- [--json] [--rounds 9] [--types Q4_1,Q8_0] [--js-flags=--no-enable-avx-vnni]
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { percentile } from '#core/statistics';
import { TYPES } from '../../tests/fixtures/quants/types';
import { formOf } from '../../workers/runner/engines/paddock/kernels/forms';
import * as layout from '../../workers/runner/engines/paddock/kernels/layout';
import { CHROMIUM_ARGS, chromiumPath } from '../chromium';
import { measure, type Samples } from './kernels-page';

const KERNELS = 'workers/runner/engines/paddock/kernels';
const SHAPES = [
  { rows: 576, columns: 1536 },
  { rows: 2048, columns: 2048 },
];

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '9' },
    types: { type: 'string' },
    'js-flags': { type: 'string' },
  },
});

interface Figure {
  kernels: string;
  type: string;
  shape: string;
  /** Weights in GB/s with one token: median, and the middle half of the samples. */
  gbps: number;
  spread: [number, number];
  toQ4_1: number;
  ofReading: number;
  /** Tokens a second in fours over those one by one. */
  tile: number;
  toRelaxed: number;
}

const browser = await chromium.launch({
  executablePath: chromiumPath(),
  args: [...CHROMIUM_ARGS, ...(values['js-flags'] ? [`--js-flags=${values['js-flags']}`] : [])],
});
try {
  const page = await browser.newPage();
  // tsx wraps functions in a helper of this name, which the page lacks.
  await page.evaluate('globalThis.__name = (f) => f');
  const types = TYPES.filter(({ name }) => !values.types || values.types.split(',').includes(name));
  const samples = await page.evaluate(measure, {
    modules: await modules(),
    types: types.map((type) => ({ ...type, form: formOf(type.type) })),
    shapes: SHAPES,
    rounds: Number(values.rounds),
    sample: 15,
    fields: { ...layout },
  });
  const read = percentile(samples.read!, 0.5) / 1e9;
  const figures = figuresOf(samples, read);
  const result = { browser: `Chromium ${browser.version()}`, read, figures };
  console.log(values.json ? JSON.stringify(result, null, 2) : format(result));
} finally {
  await browser.close();
}

function figuresOf(samples: Samples, read: number): Figure[] {
  const median = (key: string) => percentile(samples[key] ?? [NaN], 0.5) / 1e9;
  const out: Figure[] = [];
  for (const key of Object.keys(samples)) {
    const [kernels = '', type = '', shape = '', tokens] = key.split(' ');
    if (tokens !== '1') continue;
    const gbps = median(key);
    out.push({
      kernels,
      type,
      shape,
      gbps,
      spread: [percentile(samples[key]!, 0.25) / 1e9, percentile(samples[key]!, 0.75) / 1e9],
      toQ4_1: gbps / median(`${kernels} Q4_1 ${shape} 1`),
      ofReading: gbps / read,
      tile: median(`${kernels} ${type} ${shape} 4`) / gbps,
      toRelaxed: gbps / median(`relaxed ${type} ${shape} 1`),
    });
  }
  return out;
}

function format({
  browser,
  read,
  figures,
}: {
  browser: string;
  read: number;
  figures: Figure[];
}): string {
  const lines = figures.map((f) =>
    [
      `${f.kernels} ${f.type}`.padEnd(13),
      f.shape.padEnd(10),
      `${f.gbps.toFixed(1)} GB/s (${f.spread.map((x) => x.toFixed(1)).join(' to ')})`.padEnd(26),
      `${f.toQ4_1.toFixed(2)} of Q4_1`,
      `${(f.ofReading * 100).toFixed(0).padStart(3)} % of reading`,
      `fours ${f.tile.toFixed(2)}x`,
      `${f.toRelaxed.toFixed(2)} of relaxed`,
    ].join('  '),
  );
  return [browser, `plain reading ${read.toFixed(1)} GB/s`, ...lines].join('\n');
}

/** Built anew where their sources are newer. */
async function modules(): Promise<Record<string, string>> {
  execFileSync('npx', ['tsx', 'scripts/kernels.ts'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const folder = await mkdtemp(path.join(tmpdir(), 'kernels-'));
  try {
    const read = path.join(folder, 'read.wasm');
    execFileSync('node_modules/.bin/asc', [
      `${KERNELS}/assembly/bench/read-sum.ts`,
      ...['-o', read, '-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd,threads'],
      ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
    ]);
    const base64 = async (file: string) => (await readFile(file)).toString('base64');
    return {
      read: await base64(read),
      relaxed: await base64(`${KERNELS}/build/relaxed.wasm`),
      plain: await base64(`${KERNELS}/build/plain.wasm`),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
