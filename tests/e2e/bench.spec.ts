/** The Benchmark page: what it shows of a run is what somebody with a stopwatch outside sees of the same run. */
import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import type { Download, Page } from '@playwright/test';
import type { BenchEvent } from '#core/bench/events';
import { importRun } from '#core/bench/import';
import type { BenchRun } from '#core/bench/run';
import { startHubServer } from '../fixtures/hub-server';
import { tinyLibrary, tinyMlc } from '../fixtures/tiny-mlc';
import { call, underServiceWorker } from './api-client';
import { expectNoSidewaysScroll, smallTargets } from './audit';
import { expect, startChatting, test } from './site';

test.use({ serviceWorkers: 'allow' });

interface Seen {
  event: BenchEvent;
  /** Milliseconds. */
  at: number;
}

test.setTimeout(180_000);

test.beforeEach(async ({ page }) => {
  // The stopwatch: each line of the stream, as it comes to the page.
  await page.addInitScript(() => {
    const { parse } = JSON;
    const seen: Seen[] = [];
    Object.assign(globalThis, { seen });
    JSON.parse = (text, reviver) => {
      const value: unknown = parse(text, reviver);
      const { type } = Object(value) as { type?: string };
      if (type === 'tokens' || type === 'sample' || type === 'step') {
        seen.push({ event: value as BenchEvent, at: performance.now() });
      }
      return value;
    };
  });
});

function onlyIn(project: string) {
  test.beforeEach(({ browserName: _ }, info) => test.skip(info.project.name !== project));
}

/** The page's decode rates of `test` by the stopwatch's, in their order of size; one that was redone counts once. */
async function ratios(page: Page, wanted: number): Promise<number[]> {
  const seen = await page.evaluate(() => (globalThis as unknown as { seen: Seen[] }).seen);
  const found = new Map<number, number>();
  let arrivals: { tokens: number; at: number }[] = [];
  for (const { event, at } of seen) {
    if (event.type === 'step') arrivals = [];
    if (event.type === 'tokens') arrivals.push({ tokens: event.tokens, at });
    if (event.type !== 'sample' || event.test !== wanted) continue;
    const [first, ...later] = arrivals;
    const tokens = later.reduce((sum, arrival) => sum + arrival.tokens, 0);
    const outside = tokens / (later.at(-1)!.at - first!.at);
    const { laterTokens, laterMs } = event.sample;
    found.set(event.repetition, laterTokens / laterMs / outside);
  }
  return [...found.values()].sort((a, b) => a - b);
}

async function choose(page: Page, tokens: { prompt: number; reply: number; repetitions: number }) {
  await page.getByRole('radio', { name: 'Own', exact: true }).check();
  await page.getByRole('spinbutton', { name: 'Prompt, tokens' }).fill(`${tokens.prompt}`);
  await page.getByRole('spinbutton', { name: 'Reply, tokens' }).fill(`${tokens.reply}`);
  await page.getByRole('spinbutton', { name: 'Repetitions' }).fill(`${tokens.repetitions}`);
}

async function save(page: Page, kind: string): Promise<string> {
  const [file]: [Download, unknown] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: `Save as ${kind}` }).click(),
  ]);
  return readFile(await file.path(), 'utf8');
}

function runOf(json: string): BenchRun {
  const imported = importRun(json, crypto.randomUUID());
  if ('fault' in imported) throw new Error(imported.fault.sentence);
  return imported.run;
}

async function audit(page: Page) {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([]);
  }
}

/** What is there can be touched with a thumb. */
async function expectTargets(page: Page) {
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await smallTargets(page)).toEqual([]);
  await expectNoSidewaysScroll(page);
  await page.setViewportSize({ width: 1280, height: 800 });
}

const result = (page: Page) => page.getByRole('table', { name: /^Results of/ });
const ended = (page: Page) => page.getByRole('heading', { name: 'Result', exact: true });

test.describe('on the CPU', () => {
  onlyIn('no-adapter');
  // The real starter, in the place of the fake one.
  test.use({ siteOptions: { dir: 'build-test' } });

  test(
    'the starter is measured as the stopwatch sees it; its result is kept, saved, read back and compared',
    { tag: '@long' },
    async ({ page, site }) => {
      await startChatting(page, site);
      await page.getByRole('link', { name: 'Benchmark' }).click();
      const engines = page.getByRole('group', { name: /^Engines for/ });
      const others = engines.getByRole('checkbox', { name: /llama\.cpp/ });
      await others.first().waitFor();
      for (const box of await others.all()) await box.uncheck();
      // 16 tokens take it a tenth of a second, of which a frame of the page is more than the 3 % below.
      await choose(page, { prompt: 32, reply: 128, repetitions: 3 });
      await page.getByRole('checkbox', { name: 'Check the answers too' }).uncheck();
      await audit(page);
      await expectTargets(page);
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      // It goes on behind another page, and there is a way back.
      await page.getByRole('link', { name: 'Models' }).click();
      await page.getByRole('button', { name: 'Show it' }).first().click();
      await expect(ended(page)).toBeVisible({ timeout: 90_000 });
      await expect(result(page)).toContainText('Paddock, CPU');
      await expect(result(page)).toContainText(/tokens\/s/);
      await audit(page);
      await expectTargets(page);

      const found = await ratios(page, 2);
      expect(found).toHaveLength(3);
      expect(Math.abs(found[1]! - 1)).toBeLessThan(0.03);

      const text = await save(page, 'JSON');
      const run = runOf(text);
      expect(run.candidates[0]?.tests.map(({ samples }) => samples.length)).toEqual([3, 3, 3]);
      expect(run.candidates[0]?.agreement?.state).toBe('unverified');
      expect(await save(page, 'Markdown')).toContain('tg128');

      // Another machine's, ten times as slow at writing: more than a busy machine's noise.
      const slower = { ...run, id: crypto.randomUUID(), started: '2026-01-01T00:00:00.000Z' };
      slower.candidates = run.candidates.map((one) => ({
        ...one,
        tests: one.tests.map((tested) => ({
          ...tested,
          samples: tested.samples.map((sample) => ({ ...sample, laterMs: sample.laterMs * 10 })),
        })),
      }));
      const file = (name: string, content: string) => ({
        name,
        mimeType: 'application/json',
        buffer: Buffer.from(content),
      });
      const input = page.getByLabel('Results to import');
      await input.setInputFiles(file('bad.json', '{"version": 99}'));
      await expect(page.getByRole('alert')).toContainText('bad.json');
      await input.setInputFiles(file('other.json', JSON.stringify(slower)));
      await expect(page.getByText(/from other\.json/).first()).toBeVisible();
      await page.getByRole('button', { name: 'Close' }).click();
      const history = page.getByRole('table', { name: 'History' });
      for (const box of await history.getByRole('checkbox').all()) await box.check();
      await page.getByRole('button', { name: 'Compare two' }).click();
      const comparison = page.getByRole('table', { name: 'Comparison' });
      await expect(comparison.getByRole('row', { name: /tg128/ })).toContainText('Faster');
      await audit(page);
      await expectTargets(page);

      // Both are still there after a reload, and a deletion can be undone.
      await page.reload();
      await expect(comparison).toBeVisible();
      await history
        .getByRole('button', { name: /^Delete/ })
        .last()
        .click();
      await expect(history.getByRole('checkbox')).toHaveCount(1);
      await page.getByRole('button', { name: 'Undo' }).click();
      await expect(history.getByRole('checkbox')).toHaveCount(2);
    },
  );
});

test.describe('on a software adapter', () => {
  onlyIn('swiftshader');

  test(
    'the tiny MLC model is measured as the stopwatch sees it, with its text and backend proven',
    { tag: '@long' },
    async ({ page, site }) => {
      const { world, close } = await startHubServer();
      try {
        world.repo('mlc-ai-test/tiny-MLC', tinyMlc());
        const library = world.file('/tiny.wasm', tinyLibrary());
        await page.goto(site.url);
        await underServiceWorker(page);
        const post = (path: string, body: object) =>
          call(page, path, { method: 'POST', body: JSON.stringify(body) });
        await post('api/paddock/hub', { mirror: world.origins.hub });
        const { text } = await post('api/pull', { model: 'hf.co/mlc-ai-test/tiny-MLC', library });
        expect(text).toContain('success');
        await page.goto(`${site.url}bench/`);
        // Of 16 tokens the late arrival of one on a busy machine is already more than 3 %.
        await choose(page, { prompt: 32, reply: 64, repetitions: 3 });
        await page.getByRole('button', { name: 'Run', exact: true }).click();
        await expect(ended(page)).toBeVisible({ timeout: 120_000 });
        const run = runOf(await save(page, 'JSON'));
        expect(run.candidates[0]).toMatchObject({ proof: 'proven', error: null });
        expect(run.candidates[0]?.agreement).toMatchObject({ state: 'agrees' });
        const found = await ratios(page, 2);
        expect(found).toHaveLength(3);
        expect(Math.abs(found[1]! - 1)).toBeLessThan(0.03);
        await expect(result(page)).toContainText('backend proven');
      } finally {
        await close();
      }
    },
  );
});
