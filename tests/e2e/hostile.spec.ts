/** A backup whose every text is hostile, looked at everywhere: it is text, and nothing else. */
import type { Page } from '@playwright/test';
import { zipSync, strToU8 } from 'fflate';
import { extrasJson, manifestJson } from '#core/exchange/paddock-json';
import { XSS_CORPUS } from '../fixtures/xss-corpus';
import { watch } from './hazards';
import { expect, startChatting, test } from './site';

const MARKUP = '<img src=x onerror="window.pwned = 1"><svg onload="window.pwned = 1">zebra</svg>';
const FOLDER = 'f1';

const token = (text: string) => ({
  ...{ token: text, logprob: -0.1, bytes: [...Buffer.from(text)] },
  top_logprobs: [{ token: `${text}!`, logprob: -2, bytes: [60] }],
});

/** One chat with these as replies, as thoughts, and in every other place that a message has. */
function chatOf(replies: readonly string[]) {
  const message = (at: number, more: object) => ({
    ...{ id: `m${at}`, parentId: at === 0 ? null : `m${at - 1}`, createdAt: 1000 + at },
    ...{ state: 'done', role: 'assistant', content: MARKUP, model: MARKUP, ...more },
  });
  const calls = [{ id: 'c1', name: MARKUP, arguments: { [MARKUP]: [MARKUP, { x: MARKUP }] } }];
  const said = [
    { role: 'user', attachments: ['a1', 'a2'] },
    { content: '', toolCalls: calls },
    { role: 'tool', toolCallId: 'c1', toolName: MARKUP },
    { content: '', state: 'failed', error: { code: 'internal', message: MARKUP, detail: {} } },
    ...replies.map((content) => ({ content, thinking: content })),
    { thinking: MARKUP, logprobs: [token(MARKUP), token('<script>pwned=1</script>')] },
  ];
  const file = { name: `${MARKUP}.txt`, kind: 'text', type: 'text/html', size: 9, createdAt: 1 };
  return {
    paddock: 'chat',
    version: 1,
    conversation: {
      ...{ id: 'hostile', title: MARKUP, createdAt: 1000, updatedAt: 9000, folder: FOLDER },
      setup: { system: MARKUP, model: MARKUP, format: MARKUP, options: { stop: [MARKUP] } },
    },
    messages: said.map((more, at) => message(at, more)),
    attachments: [
      { ...file, id: 'a1', text: MARKUP },
      { ...file, id: 'a2', text: MARKUP, type: MARKUP },
    ],
  };
}

function backup(replies: readonly string[]): Buffer {
  const files = {
    'paddock.json': manifestJson('backup', 1),
    'folders.json': extrasJson('folders', [{ id: FOLDER, name: MARKUP, createdAt: 1 }]),
    'prompts.json': extrasJson('prompts', [
      { id: 'p1', name: MARKUP, text: `${MARKUP} {{${MARKUP}}}`, updatedAt: 1 },
    ]),
    'chats/a.json': JSON.stringify(chatOf(replies)),
  };
  const entries = Object.entries(files).map(([name, text]) => [name, strToU8(text)] as const);
  return Buffer.from(zipSync(Object.fromEntries(entries)));
}

async function restore(page: Page, buffer: Buffer): Promise<void> {
  await page.getByRole('link', { name: 'Settings' }).click();
  const name = '<img src=x onerror=pwned=1>.zip';
  await page
    .getByLabel('File with chats')
    .setInputFiles({ name, mimeType: 'application/zip', buffer });
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Restore/ })
    .click();
  await expect(page.getByRole('status').getByText(name)).toBeVisible();
}

const entries = Object.values(XSS_CORPUS);
for (const [from, to] of [
  [0, 20],
  [20, 60],
  [60, entries.length],
] as const) {
  const run = from === 0 ? {} : { tag: '@long' };
  test(`${from + 1} to ${to} of the corpus, restored`, run, async ({ page, site }) => {
    const hazards = await watch(page, site);
    await startChatting(page, site);
    await restore(page, backup(entries.slice(from, to)));
    const sidebar = page.getByRole('navigation');
    await sidebar.getByRole('link', { name: 'zebra' }).first().click();
    const replies = page.getByRole('article', { name: 'Assistant' });
    await expect(replies.last()).toContainText('zebra');
    // Every thought is open at once.
    await page
      .locator('details.thinking')
      .evaluateAll((all) => all.forEach((one) => ((one as HTMLDetailsElement).open = true)));
    await expect(replies.last().locator('details')).toContainText('zebra');
    for (const view of ['Tokens', 'Raw']) {
      await replies.last().getByRole('button', { name: view, exact: true }).click();
      await expect(replies.last()).toContainText('onerror');
    }
    expect(await hazards()).toEqual([]);

    await page.getByRole('searchbox', { name: 'Search chats' }).fill('zebra onerror');
    const results = page.getByRole('region', { name: 'Search results' });
    await expect(results.locator('mark').first()).toBeVisible();
    await page.keyboard.press('Escape');
    await page.getByRole('textbox', { name: 'Message', exact: true }).fill('/');
    await expect(page.getByRole('option').first()).toContainText('zebra');
    await page.getByRole('textbox', { name: 'Message', exact: true }).fill('');
    await sidebar.getByRole('listitem').filter({ hasText: 'zebra' }).last().hover();
    await sidebar.getByRole('button', { name: /^More for “/ }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await expect(page.getByRole('region', { name: 'Notices' })).toContainText('zebra');
    expect(await hazards()).toEqual([]);
  });
}
