/** A model passes through the puller part by part; nobody holds it whole, whatever its size. */
import type { Page } from '@playwright/test';
import { fakeConfig, fakeRegistry, noise, publish } from '../fixtures/fake-registry';
import { Heap, type Sizes } from './heap';
import { expect, Site, test } from './site';

test.use({ serviceWorkers: 'allow' });

const PART = 1_000_000;
/** The puller holds slices of 1 MiB: one that fills, twelve that are hashed, and what the network has handed over. */
const FEW_PARTS = 20 * PART;

function registryOf(parts: number): Map<string, Uint8Array> {
  const files = fakeRegistry();
  publish(files, {
    path: 'smollm2:135m',
    weights: noise(parts * PART, 7),
    partSize: PART,
    params: {},
    config: fakeConfig('134.52M'),
  });
  return files;
}

/** Downloads a model of so many parts, and returns the most that was held at the request of any part. */
async function peaks(page: Page, dir: string, parts: number): Promise<Sizes> {
  const overlay = registryOf(parts);
  const site = await new Site({ dir, overlay }).start();
  const heap = await Heap.of(page);
  const most: Sizes = new Map();
  let samples = 0;
  try {
    await page.goto(site.url);
    await expect(page.getByRole('button', { name: 'Start chatting' })).toBeVisible();
    const before = (await heap.sizes()).get('page') ?? 0;
    site.fault = (request, response) => {
      const bytes = overlay.get((request.url ?? '').slice(1));
      if (bytes?.length !== PART) return false;
      void heap.sizes().then((sizes) => {
        samples++;
        for (const [name, size] of sizes) most.set(name, Math.max(most.get(name) ?? 0, size));
        response.writeHead(200, { 'Content-Length': PART }).end(bytes);
      });
      return true;
    };
    await page.getByRole('button', { name: 'Start chatting' }).click();
    await expect(page.getByRole('textbox', { name: 'Message' })).toBeEnabled({ timeout: 45_000 });
    expect(samples).toBe(parts);
    most.set('page', (most.get('page') ?? Infinity) - before);
    return most;
  } finally {
    await site.stop();
  }
}

test(
  'a download of 64 MB holds a few parts of 1 MB',
  { tag: '@long' },
  async ({ page, siteOptions }) => {
    const most = await peaks(page, siteOptions.dir, 64);
    for (const name of ['page', 'paddock-host', 'paddock-puller']) {
      expect(most.get(name), name).toBeLessThan(FEW_PARTS);
    }
  },
);

test('the measure sees a buffer that a worker keeps', async ({ page, site }) => {
  const heap = await Heap.of(page);
  // Asked for before the page is: on a busy machine the worker may be there first.
  const starting = page.waitForEvent('worker');
  await page.goto(site.url);
  const host = await starting;
  const size = async () => (await heap.sizes()).get('paddock-host') ?? 0;
  // The debugger attaches on its own time, and the host's code is still growing.
  await expect.poll(size).toBeGreaterThan(0);
  const before = await size();
  await host.evaluate(() => {
    Object.assign(globalThis, { kept: new Uint8Array(16_000_000).fill(1) });
  });
  await expect.poll(async () => (await size()) - before).toBeGreaterThan(15_000_000);
});
