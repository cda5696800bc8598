/** A model that is one file comes in ranges: what a closed tab, a changed host and a bad host leave of it. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Page } from '@playwright/test';
import { fakeConfig, fakeRegistry, noise, publish } from '../fixtures/fake-registry';
import { expect, test, type Fault, type Site } from './site';

test.use({ serviceWorkers: 'allow' });

const MB = 1024 * 1024;
/** Bytes of a part in the ledger. */
const PART = 4 * MB;
/** Sixteen parts, two in each of the first four requests. */
const SIZE = 64 * MB;
const weights = noise(SIZE, 7);
const overlay = fakeRegistry();
publish(overlay, {
  path: 'smollm2:135m',
  weights,
  params: {},
  config: fakeConfig('134.52M'),
});
const digest = createHash('sha256').update(weights).digest('hex');
const path = `/v2/library/smollm2/blobs/sha256-${digest}`;

test.use({ siteOptions: { dir: 'build-test', overlay } });

/** First byte and the one behind the last; all of it for a plain request. */
function rangeOf(request: IncomingMessage): [number, number] {
  const match = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  return match ? [Number(match[1]), Number(match[2]) + 1] : [0, weights.length];
}

interface Host {
  fault: Fault;
  /** Ranges that were asked for, and their bytes that were sent. */
  asked: [number, number][];
  sent: number;
  /** Bytes after which the host falls silent. */
  limit: number;
}

/** Sends ranges of `bytes` in pieces, until so many are sent in all. */
function host(bytes = weights, headers: Record<string, string> = {}): Host {
  const state: Host = {
    asked: [],
    sent: 0,
    limit: Infinity,
    fault(request, response) {
      if (request.url !== path) return false;
      const [from, to] = rangeOf(request);
      state.asked.push([from, to]);
      response.writeHead(request.headers.range ? 206 : 200, {
        'Content-Type': 'application/octet-stream',
        'Content-Length': to - from,
        ...(request.headers.range && {
          'Content-Range': `bytes ${from}-${to - 1}/${bytes.length}`,
        }),
        ...headers,
      });
      let at = from;
      const next = () => {
        if (response.destroyed || state.sent >= state.limit) return;
        if (at >= to) return void response.end();
        const end = Math.min(at + 256 * 1024, to);
        state.sent += end - at;
        // Some 10 MB/s and connection: the page shows how far it is.
        response.write(bytes.subarray(at, end), () => setTimeout(next, 25));
        at = end;
      };
      next();
      return true;
    },
  };
  return state;
}

async function start(page: Page, site: Site) {
  await page.goto(site.url);
  await page.getByRole('button', { name: /Start chatting|Resume download|Try again/ }).click();
}

async function ready(page: Page) {
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeEnabled({ timeout: 45_000 });
}

/** Downloads some 40 % and closes the tab. */
async function closedAt40(page: Page, site: Site, first: Host) {
  first.limit = 0.45 * weights.length;
  site.fault = first.fault;
  await start(page, site);
  // Above 25 %, one of the first four parts at least is in the ledger.
  await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', /^[34]\d$/);
  await page.close();
}

test(
  'a tab closed at 40 % loses at most a part a connection',
  { tag: '@long' },
  async ({ page, context, site }) => {
    const first = host();
    await closedAt40(page, site, first);
    const second = host();
    site.fault = second.fault;
    const next = await context.newPage();
    await next.goto(site.url); // it goes on by itself
    await ready(next);
    for (const [from] of second.asked) expect(from % PART).toBe(0);
    // The first range begins behind what is verified.
    expect(Math.min(...second.asked.map(([from]) => from))).toBeGreaterThan(0);
    expect(first.sent + second.sent - weights.length).toBeLessThanOrEqual(4 * PART);
    const tags = await next.evaluate(async () => {
      const response = await fetch('/api/tags');
      return ((await response.json()) as { models: { name: string }[] }).models;
    });
    expect(tags.map(({ name }) => name)).toEqual(['smollm2:135m']);
  },
);

test(
  'a host that forgets ranges meanwhile sends it from its first byte',
  { tag: '@long' },
  async ({ page, context, site }) => {
    await closedAt40(page, site, host());
    const second = host();
    site.fault = (request, response) => {
      delete request.headers.range;
      return second.fault(request, response);
    };
    const next = await context.newPage();
    await next.goto(site.url); // it goes on by itself
    await ready(next);
    expect(second.asked.at(-1)).toEqual([0, weights.length]);
  },
);

test('a file that has another version now is not mixed with what came before', async ({
  page,
  context,
  site,
}) => {
  await closedAt40(page, site, host(noise(SIZE, 8), { ETag: '"one"' }));
  const second = host(weights, { ETag: '"two"' });
  site.fault = second.fault;
  const next = await context.newPage();
  await next.goto(site.url); // it goes on by itself
  await ready(next);
  expect(second.sent).toBeGreaterThanOrEqual(weights.length);
});

test(
  'right length and wrong bytes are named, nothing of them is kept, and the next pull works',
  { tag: '@long' },
  async ({ page, site }) => {
    site.fault = host(noise(SIZE, 8)).fault;
    await start(page, site);
    await expect(page.getByRole('alert')).toContainText('does not match its digest', {
      timeout: 45_000,
    });
    const well = host();
    site.fault = well.fault;
    await start(page, site);
    await ready(page);
    expect(well.sent).toBeGreaterThanOrEqual(weights.length);
  },
);
