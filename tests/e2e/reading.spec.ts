/** How a reply reads: code, formulas, thoughts, the exact text, tokens, figures. */
import type { Page } from '@playwright/test';
import { RICH_REPLY } from '../fixtures/rich-reply';
import { audit, auditEveryLook } from './audit';
import { expect, lastReply, replyEnded, send, startChatting, test, type Site } from './site';

/** Puts a chat with one reply into the page's database, and opens it. */
async function openReply(page: Page, site: Site, reply: Record<string, unknown>): Promise<void> {
  await startChatting(page, site);
  await send(page, 'Hello');
  await replyEnded(page);
  await expect(page).toHaveURL(/\?c=/);
  // Written down behind the reply's end.
  await expect.poll(() => patchReply(page, reply)).toBe(true);
  await page.reload();
}

function patchReply(page: Page, reply: Record<string, unknown>): Promise<boolean> {
  return page.evaluate(
    (reply) =>
      new Promise<boolean>((done, fail) => {
        const opening = indexedDB.open('paddock');
        opening.onerror = () => fail(opening.error ?? new Error('not opened'));
        opening.onsuccess = () => {
          const db = opening.result;
          const store = db.transaction('messages', 'readwrite').objectStore('messages');
          let found = false;
          store.openCursor().onsuccess = ({ target }) => {
            const cursor = (target as IDBRequest<IDBCursorWithValue | null>).result;
            const value = cursor?.value as { role: string; state: string } | undefined;
            if (value?.role === 'assistant' && value.state === 'done') {
              cursor!.update({ ...value, ...reply });
              found = true;
            }
            cursor?.continue();
          };
          store.transaction.oncomplete = () => {
            db.close();
            done(found);
          };
        };
      }),
    reply,
  );
}

test('a rich reply, streamed and read back, in every look', async ({ page, site }) => {
  await startChatting(page, site);
  for (const scenario of ['/say', '/bytes']) {
    await send(page, `${scenario} ${RICH_REPLY}`);
    await replyEnded(page);
    const reply = lastReply(page);
    await expect(reply.locator('math')).toHaveCount(8);
    await expect(reply.locator('code.formula')).toHaveCount(0);
    for (const [language, word] of [
      ['python', 'def'],
      ['ts', 'const'],
      ['sql', 'SELECT'],
    ] as const) {
      const code = reply.getByRole('group', { name: `Code, ${language}` });
      await expect(code.locator('.code-keyword', { hasText: word }).first()).toBeVisible();
    }
    await expect(reply.getByRole('checkbox')).toHaveCount(2);
    await expect(reply.getByRole('checkbox').first()).toBeDisabled();
    await expect(reply).toContainText('costs $5 or $10 nowhere');
  }
  await auditEveryLook(page);
});

test('lines of code wrap in all chats once somebody says so', async ({ page, site }) => {
  await startChatting(page, site);
  await send(page, `/say ${'```js\n'}${'word '.repeat(400)}${'\n```'}`);
  await replyEnded(page);
  const code = lastReply(page).getByRole('group', { name: 'Code, js' });
  const overflows = () => code.evaluate((pre) => pre.scrollWidth > pre.clientWidth);
  await expect.poll(overflows).toBe(true);
  const wrap = lastReply(page).getByRole('button', { name: 'Wrap long lines' });
  await wrap.click();
  await expect(wrap).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(overflows).toBe(false);
  await page.reload();
  await expect(wrap).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(overflows).toBe(false);
});

test('a thought is folded, and opens by keyboard', async ({ page, site }) => {
  const thinking = 'First **this**.\n\nThen $x^2$.';
  await openReply(page, site, { content: 'The answer.', thinking, thinkingMs: 12_300 });
  const summary = lastReply(page).getByText('Thought for 12 s');
  await expect(summary).toBeVisible();
  await expect(lastReply(page).locator('.thought')).toHaveCount(0);
  await summary.focus();
  await page.keyboard.press('Enter');
  await expect(lastReply(page).locator('.thinking strong')).toHaveText('this');
  await expect(lastReply(page).locator('.thinking math')).toHaveCount(1);
  await audit(page);
});

test('the exact text, and back', async ({ page, site }) => {
  await startChatting(page, site);
  await send(page, '/say **bold** &amp; $x$ <b>');
  await replyEnded(page);
  const raw = lastReply(page).getByRole('button', { name: 'Raw' });
  await raw.click();
  await expect(lastReply(page).locator('pre')).toHaveText('**bold** &amp; $x$ <b>');
  await raw.click();
  await expect(lastReply(page).locator('strong')).toHaveText('bold');
});

test(
  'tokens tell what else could have come, thousands of them too',
  { tag: '@long' },
  async ({ page, site }) => {
    const entry = (token: string, share: number) => ({
      ...{ token, bytes: [...new TextEncoder().encode(token)], logprob: Math.log(share) },
    });
    const logprobs = Array.from({ length: 4000 }, (_, at) => ({
      ...entry(`t${at} `, at === 1 ? 0.25 : 0.97),
      top_logprobs: [entry('other ', 0.5), entry(`t${at} `, 0.25), entry('<img src=x>', 0.01)],
    }));
    await openReply(page, site, { content: 't0 t1 t2', logprobs });
    await lastReply(page).getByRole('button', { name: 'Tokens' }).click();
    const tokens = lastReply(page).getByRole('group', { name: /^Tokens by probability/ });
    await expect(tokens.locator('.token')).toHaveCount(4000);
    await expect(tokens.locator('.token').nth(1)).toHaveClass(/tint-3/);
    await tokens.locator('.token').nth(1).hover();
    const rows = lastReply(page).getByRole('row');
    await expect(rows).toHaveText([/^other␣\s*50 %$/, /^t1␣\s*25 %$/, /^<img␣src=x>\s*1\.0 %$/]);
    await tokens.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect(rows.nth(1)).toContainText('t2␣');
    await audit(page);
    await page.keyboard.press('Escape');
    await expect(rows).toHaveCount(0);
  },
);

test('the figures of the chat stand behind the status line', async ({ page, site }) => {
  await startChatting(page, site);
  for (let round = 0; round < 2; round++) {
    await send(page, 'Hello there');
    await replyEnded(page);
  }
  await page.getByRole('button', { name: /tokens\/s$/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Statistics of this chat' });
  await expect(dialog).toContainText('4, of them 2 replies');
  await expect(dialog).toContainText(/Tokens written\s*\d/);
  await audit(page);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});
