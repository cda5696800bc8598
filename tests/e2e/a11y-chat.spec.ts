/** What a chat can be in, under the audit: in two looks each time, in all of them with the slow ones. */
import type { Page } from '@playwright/test';
import { audit, auditEveryLook, expectNoSidewaysScroll, smallTargets } from './audit';
import { choose, more } from './rows';
import { expect, lastReply, newChat, replyEnded, send, startChatting, test } from './site';

const box = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });

/** Goes through the states of a chat, and calls `check` in each. */
async function walk(page: Page, check: (state: string) => Promise<void>): Promise<void> {
  const narrow = (page.viewportSize()?.width ?? 0) < 1024;
  const user = page.getByRole('article', { name: 'User' }).first();
  await send(page, '/say One.');
  await replyEnded(page);
  await user.hover();
  if (narrow) {
    await user.getByRole('button', { name: 'More actions' }).click();
    await check('actions');
    await page.getByRole('menuitem', { name: 'Edit', exact: true }).click();
  } else await user.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByRole('textbox', { name: 'Edit your message' }).fill('/say Two.');
  await check('edit');
  await page.getByRole('button', { name: 'Save and send' }).click();
  await expect(lastReply(page)).toContainText('Two.');
  await replyEnded(page);
  await check('versions');
  await lastReply(page).getByRole('button', { name: 'Raw', exact: true }).click();
  await check('raw');

  await page.locator('input[type=file][multiple]').setInputFiles([
    { name: 'a.svg', mimeType: '', buffer: Buffer.from('<svg/>') },
    { name: `${'long '.repeat(30)}.txt`, mimeType: '', buffer: Buffer.from('text') },
  ]);
  await expect(page.getByRole('alert')).toContainText('is an SVG');
  await check('attachments');
  await page.getByRole('button', { name: /^Remove long/ }).click();
  await box(page).fill('/');
  await expect(page.getByRole('option').first()).toBeVisible();
  await check('prompts');
  await box(page).fill('/slow');
  await box(page).press('Enter');
  await expect(lastReply(page)).toContainText('w2');
  await box(page).fill('waits');
  await box(page).press('Enter');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByText('Not sent yet')).toBeVisible();
  await check('queue');
  await page.getByRole('button', { name: /^Settings of this chat|^Set up/ }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await check('setup');
  await page.keyboard.press('Escape');
  if (narrow) return;

  await page.getByRole('searchbox', { name: 'Search chats' }).fill('two');
  await expect(page.getByRole('region', { name: 'Search results' })).toContainText('Found in');
  await check('search');
  await page.getByRole('searchbox', { name: 'Search chats' }).fill('');
  await page.getByRole('link', { name: '/say One.' }).hover();
  await more(page, 'More for “/say One.”').click();
  await check('menu');
  await page.keyboard.press('Escape');
  await newChat(page);
  await choose(page, '/say One.', 'Delete');
  await check('trash');
}

for (const [colorScheme, width] of [
  ['light', 360],
  ['dark', 1280],
] as const) {
  test.describe(
    `${colorScheme}, ${width} px`,
    { tag: colorScheme === 'dark' ? '@long' : [] },
    () => {
      test.use({ colorScheme, viewport: { width, height: 800 } });

      test('the states of a chat pass the audit', async ({ page, site }) => {
        test.slow();
        await startChatting(page, site);
        await walk(page, async (state) => {
          await test.step(state, async () => {
            await audit(page);
            await expectNoSidewaysScroll(page);
            if (width === 360) expect(await smallTargets(page), state).toEqual([]);
          });
        });
      });
    },
  );
}

test('the states of a chat pass it in every look', { tag: '@long' }, async ({ page, site }) => {
  test.slow();
  await startChatting(page, site);
  const before = page.viewportSize()!;
  await walk(page, async (state) => {
    await test.step(state, () => auditEveryLook(page));
    await page.setViewportSize(before);
  });
});
