/** Pulls and their steps in turns, so that drift falls on all; medians, with the least and the most. */
import { createHash, randomFillSync } from 'node:crypto';
import type { BrowserContext, Page } from 'playwright';
import { percentile } from '#core/statistics';
import { Heap } from '../../../tests/e2e/heap';
import { buildPage } from './build-page';
import { serveFile, type FileServer } from './file-server';
import type { Split } from './split';
import type { PullApi, Stage } from './types';

/** 200 Mbit/s, in bytes. */
const LINE = 25_000_000;
const MODELS = 200;

export interface Spread {
  median: number;
  low: number;
  high: number;
}

export interface PullResult {
  mb: number;
  rounds: number;
  /** Seconds on a line of 200 Mbit/s. */
  line: { pull: Spread; fetch: Spread; ratio: number };
  /** MB/s without a limit. */
  free: Record<'pull' | 'fetch' | 'hash' | 'store', Spread> & { slowest: string; ratio: number };
  /** Milliseconds of the puller's thread in a pull without a limit: the medians. */
  split: Split;
  /** MB over idle, of the page and all workers, at the most. */
  memory: number;
  /** Milliseconds for 200 models. */
  list: Spread;
  requests: number;
}

interface PageGlobal {
  pullApi: PullApi;
}

/**
 * `context` has a profile on the disk, as people have it: a private window's files are in the browser's memory, where
 * a write takes longer and a flush no time. `say` is told each figure as it comes.
 */
export async function measurePull(
  context: BrowserContext,
  mb: number,
  rounds: number,
  say: (what: string, figure: string) => void,
): Promise<PullResult> {
  const bytes = randomFillSync(Buffer.alloc(mb * 1_000_000));
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const size = bytes.length;
  const site = await buildPage();
  const files = await serveFile(bytes);
  try {
    const page = await context.newPage();
    await page.goto(`${site.url}scripts/bench/pull/page.html`);
    await page.waitForFunction(() => 'pullApi' in globalThis);
    const pull = () =>
      page.evaluate(
        ([url, size, digest]) =>
          (globalThis as unknown as PageGlobal).pullApi.pull(url, size, digest),
        [files.url, size, digest] as const,
      );
    const alone = (stage: Stage) =>
      page.evaluate((stage) => (globalThis as unknown as PageGlobal).pullApi.stage(stage), stage);
    const splits: Split[] = [];
    await pull(); // compiles and warms up
    const times: Record<string, number[]> = {};
    const note = (what: string, ms: number) => {
      (times[what] ??= []).push(ms / 1000);
      say(what, `${(ms / 1000).toFixed(2)} s, ${((mb * 1000) / ms).toFixed(1)} MB/s`);
    };
    for (let round = 0; round < rounds; round++) {
      files.rate = LINE;
      note('line fetch', await alone({ stage: 'fetch', url: files.url }));
      files.requests = 0;
      note('line pull', (await pull()).ms);
      files.rate = null;
      note('fetch', await alone({ stage: 'fetch', url: files.url }));
      note('hash', await alone({ stage: 'hash', size }));
      note('store', await alone({ stage: 'store', size }));
      const { ms, split } = await pull();
      splits.push(split);
      note('pull', ms);
    }
    const split = medians(splits);
    const { requests } = files;
    const seconds = (what: string) => spread(times[what]!);
    const rate = (what: string) => spread(times[what]!.map((taken) => mb / taken));
    const free = {
      pull: rate('pull'),
      fetch: rate('fetch'),
      hash: rate('hash'),
      store: rate('store'),
    };
    const steps = ['fetch', 'hash', 'store'] as const;
    const slowest = [...steps].sort((a, b) => free[a].median - free[b].median)[0]!;
    const line = { pull: seconds('line pull'), fetch: seconds('line fetch') };
    const memory = await memoryOf(page, files, pull);
    say('memory', `${memory.toFixed(1)} MB over idle`);
    const list = await page.evaluate(
      (count) => (globalThis as unknown as PageGlobal).pullApi.list(count, 25),
      MODELS,
    );
    return {
      mb,
      rounds,
      line: { ...line, ratio: line.pull.median / line.fetch.median },
      free: { ...free, slowest, ratio: free.pull.median / free[slowest].median },
      split,
      memory,
      list: spread(list.slice(5)),
      requests,
    };
  } finally {
    await files.close();
    await site.close();
  }
}

/** MB over idle: sampled while a pull runs, garbage collected first; the line gives time for that. */
async function memoryOf(page: Page, files: FileServer, pull: () => Promise<unknown>) {
  const heap = await Heap.of(page);
  const total = async () => [...(await heap.sizes()).values()].reduce((a, b) => a + b, 0);
  const idle = await total();
  let most = idle;
  files.rate = LINE;
  let running = true;
  const ended = pull().then(() => {
    running = false;
    return idle; // a worker that has ended answers nothing any more
  });
  while (running) most = Math.max(most, await Promise.race([total(), ended]));
  await ended;
  files.rate = null;
  return (most - idle) / 1_000_000;
}

function medians(splits: Split[]): Split {
  const of = (step: keyof Split) =>
    percentile(
      splits.map((split) => split[step]),
      0.5,
    );
  const [write, flush, read] = [of('write'), of('flush'), of('read')];
  return { write, flush, read, digest: of('digest'), rest: of('rest') };
}

function spread(values: number[]): Spread {
  return {
    median: percentile(values, 0.5),
    low: Math.min(...values),
    high: Math.max(...values),
  };
}
