/**
 * The starter is pulled, loaded, asked, unloaded and deleted again and again in one tab; after each round nothing of it
 * is left: no file, no record, no worker. Scripts' memory stays what it was. Needs `npm run build:test`.
 *   npm run test:soak -- [--minutes 10]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright';
import { serveSite } from '../../scripts/serve';
import { openBrowser } from './browser';
import { ask, openApp, replaced } from './kills/look';
import { Meter, type Figures } from './soak/figures';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });

const MODEL = 'smollm2:135m';
/** Rounds in which code is loaded, and databases are made. */
const WARM_UP = 3;
/** Milliseconds in which workers end, and files are let go. */
const PATIENCE = 30_000;
/** Bytes that scripts may hold more at the end than after the warm-up: code that is compiled later, and caches. */
const MAY_GROW = 4_000_000;

async function round(page: Page): Promise<void> {
  await ask(page, 'POST', '/api/paddock/pulls', { model: MODEL });
  await replaced(page, MODEL, '');
  const messages = [{ role: 'user', content: 'Say hello.' }];
  const options = { num_predict: 16 };
  const body = { model: MODEL, messages, options, stream: false };
  const { done } = await ask<{ done: boolean }>(page, 'POST', '/api/chat', body);
  if (!done) throw new Error('The reply did not end');
  await ask(page, 'POST', '/api/generate', { model: MODEL, keep_alive: 0, stream: false });
  await ask(page, 'DELETE', '/api/delete', { model: MODEL });
}

/** Resolves with the figures when nothing is under way any more, or with the last ones. */
async function quiet(meter: Meter): Promise<Figures> {
  const end = performance.now() + PATIENCE;
  for (;;) {
    const figures = await meter.read();
    if (figures.workers.length === 1 && figures.files === 0) return figures;
    if (performance.now() > end) return figures;
    await wait(200);
  }
}

function line(figures: Figures): string {
  const { files, records, workers, targets, heap, resident } = figures;
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  const left = `${files} files, ${records} records, ${targets} targets, workers ${workers.join(' ')}`;
  return `${left}, scripts ${mb(heap)}, resident ${mb(resident)}`;
}

/** @throws Error that names what is more than it was */
function compare(first: Figures, last: Figures): void {
  for (const what of ['files', 'records', 'targets'] as const) {
    if (last[what] > first[what]) throw new Error(`${what}: ${first[what]}, then ${last[what]}`);
  }
  if (last.files > 0) throw new Error(`${last.files} files are left`);
  if (last.workers.length > 1) throw new Error(`Workers are left: ${last.workers.join(', ')}`);
}

const profile = await mkdtemp(join(tmpdir(), 'paddock-soak-'));
const site = await serveSite({ dir: 'build-test', port: 0 });
const { browser, page, kill } = await openBrowser(profile);
try {
  await openApp(page, site.url);
  const meter = await Meter.of(browser, page);
  const end = performance.now() + Number(values.minutes) * 60_000;
  const heaps: number[] = [];
  let first: Figures | undefined;
  for (let rounds = 1; rounds <= WARM_UP + 1 || performance.now() < end; rounds++) {
    await round(page);
    const figures = await quiet(meter);
    console.log(`round ${rounds}: ${line(figures)}`);
    if (rounds < WARM_UP) continue;
    first ??= figures;
    compare(first, figures);
    heaps.push(figures.heap);
  }
  const grown = heaps.at(-1)! - heaps[0]!;
  const change = `${(grown / 1e6).toFixed(2)} MB, at most ${MAY_GROW / 1e6} may`;
  console.log(`${heaps.length} rounds after the warm-up: nothing is left. Scripts hold ${change}`);
  console.log('more than after the warm-up.');
  if (grown > MAY_GROW) throw new Error('The memory of scripts grows');
} finally {
  await kill();
  await site.close();
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
}
