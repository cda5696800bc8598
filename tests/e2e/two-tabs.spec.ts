/** Two tabs of one site: what is done in one is seen in the other, at once and without a reload. */
import type { BrowserContext, Page } from '@playwright/test';
import { at, held, partsIn, starter } from './faults';
import { choose } from './rows';
import {
  expect,
  lastReply,
  newChat,
  replyEnded,
  send,
  startChatting,
  test,
  watchPage,
  type Site,
} from './site';

test.use({ serviceWorkers: 'allow' });

/** Another tab at `url`, and what the browser complains about there. */
async function openTab(context: BrowserContext, url: string) {
  const tab = await context.newPage();
  const complaints = watchPage(tab);
  await tab.goto(url);
  return { tab, complaints };
}

/** Another tab in which one can write. */
async function openChat(context: BrowserContext, url: string) {
  const opened = await openTab(context, url);
  await expect(opened.tab.getByRole('textbox', { name: 'Message' })).toBeEnabled();
  return opened;
}

/** The first tab after a chat of one message, and a second one in the same conversation. */
async function bothIn(page: Page, context: BrowserContext, site: Site, text: string) {
  await startChatting(page, site);
  await send(page, text);
  await expect(page).toHaveURL(/\?c=/);
  return openChat(context, page.url());
}

function rowOf(page: Page, title: string) {
  return page.getByRole('link', { name: title, exact: true });
}

function users(page: Page) {
  return page.getByRole('article', { name: 'User' });
}

test('the list of chats follows: new ones, titles, the order, deletion and its undo', async ({
  page,
  context,
  site,
}) => {
  await startChatting(page, site);
  const { tab, complaints } = await openChat(context, site.url);
  await tab.getByRole('textbox', { name: 'Message' }).fill('not sent yet');

  await send(page, '/say One.');
  await expect(rowOf(tab, '/say One.')).toBeVisible();
  await replyEnded(page);
  await newChat(page);
  await send(page, '/say Two.');
  const rows = tab.getByRole('listitem').filter({ has: tab.getByRole('link', { name: '/say' }) });
  await expect(rows).toHaveText([/Two/, /One/]);
  await replyEnded(page);
  await rowOf(page, '/say One.').click();
  await expect(lastReply(page)).toContainText('One.');
  await send(page, '/say More.');
  await expect(rows).toHaveText([/One/, /Two/]);
  await replyEnded(page);

  await choose(page, '/say One.', 'Rename…');
  await page.getByRole('textbox', { name: 'Title' }).fill('Better');
  await page.getByRole('textbox', { name: 'Title' }).press('Enter');
  await expect(rowOf(tab, 'Better')).toBeVisible();

  // The first tab has it open.
  await choose(tab, 'Better', 'Delete');
  await expect(rowOf(page, 'Better')).toHaveCount(0);
  await expect(page.getByRole('main')).toContainText('This chat is in the trash');
  await tab.getByRole('button', { name: 'Undo' }).click();
  await expect(rowOf(page, 'Better')).toBeVisible();
  await expect(lastReply(page)).toContainText('More.');
  await expect(tab.getByRole('textbox', { name: 'Message' })).toHaveValue('not sent yet');
  expect(complaints).toEqual([]);
});

test('a reply grows in the other tab, which keeps its draft, and may stop it', async ({
  page,
  context,
  site,
}) => {
  const { tab, complaints } = await bothIn(page, context, site, '/slow');
  await expect(lastReply(tab)).toContainText('w12');
  await expect(lastReply(tab)).toContainText('w30');
  await expect(lastReply(tab)).toContainText('Another tab is writing this reply.');
  await expect(tab.getByRole('main')).toContainText(
    'What you write here is kept until it has ended.',
  );
  const box = tab.getByRole('textbox', { name: 'Message' });
  await box.fill('/say After it.');
  await box.press('Enter');
  await expect(box).toHaveValue('/say After it.');
  await expect(tab.getByRole('button', { name: 'Send' })).toHaveCount(0);
  await expect(tab.getByRole('button', { name: /Regenerate|Continue/ })).toHaveCount(0);

  await tab.getByRole('button', { name: 'Stop' }).click();
  await expect(lastReply(page)).toContainText('Stopped.');
  await expect(lastReply(tab)).toContainText('Stopped.');
  await expect(lastReply(tab)).toContainText('w30'); // the Markdown parser may come later than the note
  const text = await lastReply(tab).locator('.markdown').innerText();
  await expect(lastReply(page).locator('.markdown')).toHaveText(text.trim());

  await tab.getByRole('button', { name: 'Send' }).click();
  await expect(lastReply(tab)).toContainText('After it.');
  await expect(users(page)).toHaveCount(2);
  await expect(lastReply(page)).toContainText('After it.');
  expect(complaints).toEqual([]);
});

test('a reply whose tab is gone is cut in the other at once, and goes on there', async ({
  page,
  context,
  site,
}) => {
  const { tab } = await bothIn(page, context, site, '/slow');
  await expect(lastReply(tab)).toContainText('w30');
  await page.close();
  const reply = lastReply(tab);
  await expect(reply).toContainText('Cut off: the page closed before the reply ended.');
  const kept = (await reply.innerText()).match(/w\d+/g) ?? [];
  await reply.getByRole('button', { name: 'Continue' }).click();
  await expect(reply).toContainText(`w${kept.length + 3}`);
  await tab.getByRole('button', { name: 'Stop' }).click();
  await expect(reply).toContainText('Stopped.');
  const words = (await reply.innerText()).match(/w\d+/g) ?? [];
  expect(words).toEqual(words.map((_, n) => `w${n}`));
});

test('the reply of a chat that another tab deletes stops, and comes back with Undo', async ({
  page,
  context,
  site,
}) => {
  const { tab } = await bothIn(page, context, site, '/slow');
  await expect(lastReply(page)).toContainText('w12');
  await choose(tab, '/slow', 'Delete');
  await expect(page.getByRole('main')).toContainText('This chat is in the trash');
  await tab.getByRole('button', { name: 'Undo' }).click();
  await expect(lastReply(page)).toContainText('Stopped.');
  await expect(lastReply(page)).toContainText('w12');
  await expect(lastReply(tab)).toContainText('Stopped.');
});

test('two tabs that send into one chat at the same moment lose nothing', async ({
  page,
  context,
  site,
}) => {
  // Deaf for a while: as if both had sent before either heard of the other.
  await context.addInitScript(() => {
    const { prototype } = BroadcastChannel;
    const { set } = Object.getOwnPropertyDescriptor(prototype, 'onmessage')!;
    const waiting: (() => void)[] = [];
    const state = { deaf: false, listen: () => waiting.splice(0).forEach((hear) => hear()) };
    Object.assign(window, { ears: state });
    Object.defineProperty(prototype, 'onmessage', {
      set(this: BroadcastChannel, handler: (event: MessageEvent) => void) {
        set!.call(this, (event: MessageEvent) => {
          if (state.deaf) waiting.push(() => handler(event));
          else handler(event);
        });
      },
    });
  });
  const ears = (tab: Page, deaf: boolean) =>
    tab.evaluate((deaf) => {
      const { ears } = window as unknown as { ears: { deaf: boolean; listen(): void } };
      ears.deaf = deaf;
      if (!deaf) ears.listen();
    }, deaf);

  const { tab } = await bothIn(page, context, site, '/say Begun.');
  await expect(lastReply(tab)).toContainText('Begun.');
  await replyEnded(page);
  for (const one of [page, tab]) await ears(one, true);
  await send(page, '/say From the first.');
  await send(tab, '/say From the second.');
  await expect(lastReply(page)).toContainText('From the first.');
  await expect(lastReply(tab)).toContainText('From the second.');
  for (const one of [page, tab]) {
    await replyEnded(one);
    await ears(one, false);
  }
  const texts = (one: Page) => one.getByRole('article').locator('> p:first-child, .markdown');
  const begun = ['/say Begun.', 'Begun.'];
  const first = [...begun, '/say From the first.', 'From the first.'];
  const second = [...begun, '/say From the second.', 'From the second.'];
  await expect(texts(page)).toHaveText(first);
  await expect(texts(tab)).toHaveText(second);
  for (const one of [page, tab]) {
    await expect(one.getByRole('group', { name: /^Version \d of 2$/ })).toBeVisible();
  }
  await page.getByRole('button', { name: /version$/, disabled: false }).click();
  await expect(texts(page)).toHaveText(second);
  await tab.reload();
  await expect(texts(tab)).toHaveText(second);
});

test('the theme follows', async ({ page, context, site }) => {
  await startChatting(page, site);
  const { tab } = await openTab(context, `${site.url}settings`);
  await tab.getByRole('radio', { name: 'Dark' }).check();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await tab.getByRole('radio', { name: 'Light' }).check();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
});

test(
  'models are listed as they are, whichever tab changes them',
  { tag: '@long' },
  async ({ page, context, site }) => {
    await startChatting(page, site);
    const { tab } = await openTab(context, `${site.url}models`);
    await expect(tab.getByText('No model is loaded.')).toBeVisible();
    await send(page, '/say Loaded.');
    const running = tab.getByRole('table', { name: 'Running models' });
    await expect(running).toContainText('smollm2:135m');
    await replyEnded(page);
    await tab.getByRole('button', { name: 'Unload' }).click();
    await expect(page.getByRole('group', { name: 'Status' })).toContainText('not loaded');

    await page.getByRole('link', { name: 'Models' }).click();
    const here = page.getByText('SmolLM2 135M is on this device.');
    await expect(here.first()).toBeVisible();
    await tab.getByRole('button', { name: 'Delete smollm2:135m' }).click();
    await tab.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await expect(page.getByText('No model is on this device yet.')).toBeVisible();
    await expect(page.getByRole('main')).not.toContainText('SmolLM2 135M is on this device.');
  },
);

test('a download shows in the other tab, is not begun twice, and ends in both', async ({
  page,
  context,
  site,
}) => {
  const part = starter.parts[3]!;
  const { fault, release } = held(part, 1000);
  site.fault = at(part.path, fault);
  await page.goto(site.url);
  await page.getByRole('button', { name: 'Start chatting' }).click();
  await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', /^(59|60)$/);
  const { tab } = await openTab(context, site.url);
  await expect(tab.getByRole('main')).toContainText('Downloading SmolLM2 135M');
  await expect(tab.getByRole('progressbar')).toHaveAttribute('aria-valuenow', /^(59|60)$/);
  await expect(tab.getByRole('button', { name: /Start chatting|Resume/ })).toHaveCount(0);
  release();
  for (const one of [page, tab]) {
    await expect(one.getByRole('textbox', { name: 'Message' })).toBeEnabled();
  }
  expect(partsIn(site.requests)).toEqual([0, 1, 2, 3, 4]);
});

test(
  'a download whose tab is gone goes on by itself in the other',
  { tag: '@long' },
  async ({ page, context, site }) => {
    const part = starter.parts[3]!;
    const { fault, release } = held(part, 1000);
    site.fault = at(part.path, fault);
    await page.goto(site.url);
    await page.getByRole('button', { name: 'Start chatting' }).click();
    await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', /^(59|60)$/);
    const { tab } = await openTab(context, site.url);
    await expect(tab.getByRole('main')).toContainText('Downloading SmolLM2 135M');
    await page.close();
    site.fault = undefined;
    release();
    await expect(tab.getByRole('textbox', { name: 'Message' })).toBeEnabled();
    const asked = partsIn(site.requests);
    expect(asked.filter((index) => index < 3)).toEqual([0, 1, 2]);
  },
);

test('two first visits that start at once download once', async ({ page, context, site }) => {
  await page.goto(site.url);
  const { tab } = await openTab(context, site.url);
  const starts = [page, tab].map((one) => one.getByRole('button', { name: 'Start chatting' }));
  await Promise.all(starts.map((start) => start.click()));
  for (const one of [page, tab]) {
    await expect(one.getByRole('textbox', { name: 'Message' })).toBeEnabled();
  }
  expect(partsIn(site.requests)).toEqual([0, 1, 2, 3, 4]);
});

test(
  'a reply that waits for that of another tab says so',
  { tag: '@long' },
  async ({ page, context, site }) => {
    await startChatting(page, site);
    const { tab } = await openChat(context, site.url);
    await send(page, '/slow');
    await expect(lastReply(page)).toContainText('w3');
    await send(tab, '/say My turn.');
    await expect(lastReply(tab)).toContainText(
      "This reply waits its turn: another tab's is being written first.",
    );
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(lastReply(tab)).toContainText('My turn.');
  },
);

test(
  "a reply that waits does not show another tab's progress as its own",
  { tag: '@long' },
  async ({ page, context, site }) => {
    await startChatting(page, site);
    const { tab } = await openChat(context, site.url);
    await send(page, '/read');
    await expect(lastReply(page)).toContainText('Reading the prompt: 1,216 of 6,030 tokens.');
    await send(tab, '/read');
    await expect(lastReply(tab)).toContainText(
      "This reply waits its turn: another tab's is being written first.",
    );
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(lastReply(tab)).toContainText('Reading the prompt: 1,216 of 6,030 tokens.');
    await tab.getByRole('button', { name: 'Stop' }).click();
    await expect(lastReply(tab)).toContainText('Stopped before the first word.');
  },
);
