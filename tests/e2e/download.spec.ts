/** The first visit, and a download that is slow, stopped, or left in the middle. */
import type { Page } from '@playwright/test';
import { at, partsIn, starter, trickled } from './faults';
import { expect, lastReply, replyEnded, send, startChatting, test, type Site } from './site';

const ALL = [0, 1, 2, 3, 4];

function start(page: Page) {
  return page.getByRole('button', { name: 'Start chatting' });
}

function resume(page: Page) {
  return page.getByRole('button', { name: 'Resume download' });
}

async function chatWorks(page: Page) {
  await send(page, '/say It works.');
  await expect(lastReply(page)).toContainText('It works.');
  await replyEnded(page);
}

test(
  'says what will be downloaded, and fetches nothing of it before it is asked to',
  { tag: '@worker' },
  async ({ page, site }) => {
    await page.goto(site.url);
    await expect(start(page)).toBeVisible();
    const main = page.getByRole('main');
    await expect(main).toContainText('SmolLM2 135M, 98 MB, Apache-2.0');
    await expect(main).toContainText('often wrong on facts');
    await expect(main).toContainText('Nothing you write leaves this device');
    // The offline shell comes last: what is fetched without being asked for is fetched by then.
    await page.evaluate(() => navigator.serviceWorker.ready);
    expect(site.requests.filter((path) => path.includes('/v2/'))).toEqual([]);

    await start(page).click();
    await expect(page.getByRole('textbox', { name: 'Message' })).toBeEnabled();
    expect(partsIn(site.requests)).toEqual(ALL);
    await chatWorks(page);
  },
);

test('shows bytes, percent, rate and time left, and goes on after Pause', async ({
  page,
  site,
}) => {
  site.fault = at(starter.parts[2]!.path, trickled(starter.parts[2]!));
  await page.goto(site.url);
  await start(page).click();
  const progress = page.getByRole('progressbar', { name: 'Downloading SmolLM2 135M' });
  await expect(progress).toHaveAttribute('aria-valuenow', /^4\d$/);
  const main = page.getByRole('main');
  await expect(main).toContainText(/4\d\d kB of 1 MB/);
  await expect(main).toContainText(/4\d %/);
  await expect(main).toContainText(/\d kB\/s/);
  await expect(main).toContainText(/\d (s|min) left/);

  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(resume(page)).toBeFocused();
  await expect(main).toContainText(/About 4\d\d kB of .* is on this device already/);
  await expect(page.getByRole('alert')).toHaveCount(0);

  site.fault = undefined;
  await resume(page).click();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeEnabled();
  expect(partsIn(site.requests)).toEqual([0, 1, 2, 2, 3, 4]);
  await chatWorks(page);
});

/** Slow in part `index`; resolves well within it, when the page has noted how far it came. */
async function downloadInto(page: Page, site: Site, index: number) {
  const part = starter.parts[index]!;
  site.fault = at(part.path, trickled(part));
  await page.goto(site.url);
  await start(page).click();
  await expect(page.getByRole('main')).toContainText(/\d kB\/s/);
  const within = new RegExp(`^${index * 2}[4-9]|${index * 2 + 1}\\d$`);
  await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', within);
}

test('a tab closed at 40 % goes on by itself, and loses only the part that was under way', async ({
  page,
  context,
  site,
}) => {
  await downloadInto(page, site, 2);
  await page.close();

  site.fault = undefined;
  site.requests.length = 0;
  const next = await context.newPage();
  await next.goto(site.url);
  await expect(next.getByRole('textbox', { name: 'Message' })).toBeEnabled();
  expect(partsIn(site.requests)).toEqual([2, 3, 4]);
  await chatWorks(next);
});

test('a reload in the middle goes on by itself from the parts that are there', async ({
  page,
  site,
}) => {
  await downloadInto(page, site, 4);
  site.fault = undefined;
  site.requests.length = 0;
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeEnabled();
  expect(partsIn(site.requests)).toEqual([4]);
});

test('a paused download stays paused over a reload', async ({ page, site }) => {
  await downloadInto(page, site, 2);
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(resume(page)).toBeVisible();
  site.fault = undefined;
  site.requests.length = 0;
  await page.reload();
  await expect(resume(page)).toBeVisible();
  await expect(page.getByRole('main')).toContainText(/About 4\d\d kB of .* on this device already/);
  expect(partsIn(site.requests)).toEqual([]);
  await resume(page).click();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeEnabled();
  expect(partsIn(site.requests)).toEqual([2, 3, 4]);
});

test('a model that is there is never downloaded again', async ({ page, site }) => {
  await startChatting(page, site);
  site.requests.length = 0;
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeEnabled();
  await chatWorks(page);
  expect(site.requests.filter((path) => path.includes('/v2/'))).toEqual([]);
});
