/** The matrix kernels on one thread, timed in turns in one page of a browser. */
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright';
import { percentile } from '#core/statistics';
import { TYPES } from '../../../tests/fixtures/quants/types';
import { formOf } from '../../../workers/runner/engines/paddock/kernels/forms';
import * as layout from '../../../workers/runner/engines/paddock/kernels/layout';
import { measure, type Samples } from './page';
import { readSum } from './read-sum';

const BUILD = 'workers/runner/engines/paddock/kernels/build';
const SHAPES = [
  { rows: 576, columns: 1536 },
  { rows: 2048, columns: 2048 },
];

export interface Figure {
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

export interface Kernels {
  /** GB/s of plain reading. */
  read: number;
  figures: Figure[];
}

/** @param types all, unless named */
export async function measureKernels(
  browser: Browser,
  { rounds, types }: { rounds: number; types?: string[] },
): Promise<Kernels> {
  const page = await browser.newPage();
  // tsx wraps functions in a helper of this name, which the page lacks.
  await page.evaluate('globalThis.__name = (f) => f');
  const chosen = TYPES.filter(({ name }) => !types || types.includes(name));
  const samples = await page.evaluate(measure, {
    modules: await modules(),
    types: chosen.map((type) => ({ ...type, form: formOf(type.type) })),
    shapes: SHAPES,
    rounds,
    sample: 15,
    fields: { ...layout },
  });
  await page.close();
  const read = percentile(samples.read!, 0.5) / 1e9;
  return { read, figures: figuresOf(samples, read) };
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

/** One line a figure. */
export function formatKernels({ read, figures }: Kernels): string {
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
  return [`plain reading ${read.toFixed(1)} GB/s`, ...lines].join('\n');
}

/** base64; built anew where their sources are newer. */
async function modules(): Promise<Record<string, string>> {
  execFileSync('npx', ['tsx', 'scripts/kernels.ts'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const file = async (name: string) => (await readFile(`${BUILD}/${name}.wasm`)).toString('base64');
  return {
    read: Buffer.from(await readSum()).toString('base64'),
    relaxed: await file('relaxed'),
    plain: await file('plain'),
  };
}
