/** Parts that few need: not in the offline shell, kept from their first use on, and through an update. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { filesUnder, lateFiles } from '../../scripts/post-build/site-files';
import { underServiceWorker } from './api-client';
import { expect, startChatting, test } from './site';

test.use({ serviceWorkers: 'allow' });

const DIR = 'build-test';
const [part] = lateFiles(filesUnder(DIR)).filter((file) => file.includes('/openai.'));

const isLate = (path: string) => path.includes('/late/');

/** Names of the late parts' files in all caches, or of what has `piece` in its address. */
function kept(page: Page, piece = '/late/'): Promise<string[]> {
  return page.evaluate(async (wanted) => {
    const names: string[] = [];
    for (const name of await caches.keys()) {
      for (const { url } of await (await caches.open(name)).keys()) {
        if (url.includes(wanted)) names.push(url.split('/').at(-1)!);
      }
    }
    return names;
  }, piece);
}

async function openApiPage(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'API', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Run' })).toBeEnabled();
}

async function run(page: Page, client: string): Promise<void> {
  await page.getByRole('tab', { name: client }).click();
  await page.getByRole('textbox', { name: 'Prompt' }).fill('/say Here.');
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(page.getByRole('region', { name: 'Examples' })).toContainText(
    /Done in|Failed after/,
  );
}

test('who never opened the page has it not, and offline a sentence says so', async ({
  page,
  site,
}) => {
  await startChatting(page, site);
  await underServiceWorker(page);
  expect(site.requests.filter(isLate)).toEqual([]);
  expect(await kept(page)).toEqual([]);
  await site.stop();
  await openApiPage(page);
  await run(page, 'openai');
  await expect(page.getByRole('alert')).toContainText('was not kept for offline use yet');
  await run(page, 'fetch');
  await expect(page.getByRole('group', { name: 'Printed' })).toHaveText('Here.');
  await site.start();
  await run(page, 'openai');
  await expect(page.getByRole('group', { name: 'Printed' })).toHaveText('Here.');
  await expect.poll(() => kept(page)).toHaveLength(1);
});

test('once the page was opened, it works offline', async ({ page, site }) => {
  await startChatting(page, site);
  await underServiceWorker(page);
  await openApiPage(page);
  await expect.poll(() => kept(page)).toHaveLength(1);
  await site.stop();
  await page.reload();
  await expect(page.getByRole('button', { name: 'Run' })).toBeEnabled();
  await run(page, 'openai');
  await expect(page.getByRole('group', { name: 'Printed' })).toHaveText('Here.');
});

test('an update brings the new file of a part that was used, and the engines', async ({
  page,
  site,
}) => {
  await startChatting(page, site);
  await underServiceWorker(page);
  await openApiPage(page);
  const old = part!.split('/').at(-1)!;
  await expect.poll(() => kept(page)).toEqual([old]);
  const engine = '/relaxed-';
  await expect.poll(() => kept(page, engine)).toHaveLength(1);
  const script = readFileSync(`${DIR}/service-worker.js`, 'utf8');
  const version = /version\W+([0-9a-f]{16})/.exec(script)![1]!;
  const next = script.replaceAll(version, 'next').replaceAll(old, 'openai.next.js');
  site.fault = (request, response) => {
    const path = request.url ?? '';
    if (!path.endsWith('/service-worker.js') && !path.endsWith('/openai.next.js')) return false;
    response.writeHead(200, { 'Content-Type': 'text/javascript', 'Cache-Control': 'no-cache' });
    response.end(path.endsWith('/service-worker.js') ? next : 'export {};');
    return true;
  };
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())!.update());
  await expect.poll(() => kept(page)).toEqual([old, 'openai.next.js']);
  // The page is of the build before, and asks for none: the new one has its own before it is used.
  await expect.poll(() => kept(page, engine)).toHaveLength(2);
});
