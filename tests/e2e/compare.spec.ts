/** One message, two models: side by side, stopped, voted on, gone on with, over a reload. */
import type { Page } from '@playwright/test';
import { call, openApi } from './api-client';
import { audit, auditEveryLook, expectNoSidewaysScroll, smallTargets } from './audit';
import { expect, lastReply, replyEnded, send, startChatting, test } from './site';

const side = (page: Page, letter: 'A' | 'B') =>
  page.getByRole('article', { name: new RegExp(`^Reply ${letter},`) }).last();

const vote = (page: Page, name: string) =>
  page.getByRole('group', { name: 'Which reply is better?' }).last().getByRole('button', { name });

async function compare(page: Page) {
  await page.getByRole('button', { name: 'Compare with another model' }).click();
  await expect(page.getByRole('combobox', { name: 'Model B' })).toBeVisible();
}

test('one model has nobody to be compared with, and says how to get another', async ({
  page,
  site,
}) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await startChatting(page, site);
  await page.getByRole('button', { name: /^Settings of this chat/ }).click();
  await page.getByRole('switch', { name: 'Compare with another model' }).check();
  await page.getByRole('button', { name: 'Done' }).click();
  const bar = page.getByRole('region', { name: 'Compare' });
  await expect(bar).toContainText('A comparison takes two models');
  await expect(bar.getByRole('link', { name: 'Get another model' })).toBeVisible();
  await bar.getByRole('button', { name: 'Votes' }).click();
  await expect(page.getByRole('dialog', { name: 'Votes' })).toContainText('No votes yet.');
  await page.getByRole('button', { name: 'Close' }).click();
  await audit(page);
  expect(await smallTargets(page)).toEqual([]);
  await send(page, '/say One answers.');
  await expect(lastReply(page)).toContainText('One answers.');
  await bar.getByRole('button', { name: 'End the comparison' }).click();
  await expect(bar).toHaveCount(0);
});

test.describe('with two models', () => {
  test.use({ serviceWorkers: 'allow' });

  test.beforeEach(async ({ page, site }) => {
    await openApi(page, site);
    const body = JSON.stringify({ model: 'fake', stream: false });
    expect((await call(page, 'api/pull', { method: 'POST', body })).status).toBe(200);
    await page.reload();
    await compare(page);
  });

  test('two replies, each with its figures; a vote is kept, and the chat goes on with the winner', async ({
    page,
  }) => {
    await send(page, '/markdown');
    await replyEnded(page);
    for (const letter of ['A', 'B'] as const) {
      await expect(side(page, letter)).toContainText('tokens/s');
    }
    await expect(side(page, 'A')).toContainText('The chat goes on with A.');
    await auditEveryLook(page);
    expect(await smallTargets(page)).toEqual([]);
    await vote(page, 'B is better').click();
    await expect(side(page, 'B')).toContainText('The chat goes on with B.');
    await page.reload();
    await expect(vote(page, 'B is better')).toHaveAttribute('aria-pressed', 'true');
    await expect(side(page, 'B')).toContainText('The chat goes on with B.');
    await page.getByRole('button', { name: 'Votes' }).click();
    const dialog = page.getByRole('dialog', { name: 'Votes' });
    await expect(dialog.getByRole('row')).toHaveCount(3);
    await expect(dialog.getByRole('row').nth(1)).toContainText('1');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Export as JSON' }).click(),
    ]);
    expect(file.suggestedFilename()).toMatch(/^paddock-votes-.*\.json$/);
    await audit(page);
    await expectNoSidewaysScroll(page);
    await dialog.getByRole('button', { name: /^Delete the vote/ }).click();
    await expect(dialog).toContainText('No votes yet.');
  });

  test('names hide until the vote; a reload cuts both, and one goes on', async ({ page }) => {
    await page.getByRole('switch', { name: 'Hide names until I vote' }).check();
    await send(page, '/slow');
    for (const letter of ['A', 'B'] as const) {
      await expect(side(page, letter)).toContainText('w2');
    }
    await page.getByRole('button', { name: 'Stop A' }).click();
    await expect(side(page, 'A')).toContainText('Stopped.');
    await expect(page.getByRole('button', { name: 'Stop B' })).toBeVisible();
    // What is older than half a second is on the disk.
    await expect(side(page, 'B')).toContainText('w60');
    await page.reload();
    await expect(side(page, 'B')).toContainText('Cut off');
    await expect(side(page, 'B')).toContainText('Name hidden');
    await side(page, 'B').getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await expect(side(page, 'B')).toContainText('Stopped.');
    await vote(page, 'Tie').click();
    await expect(side(page, 'A')).not.toContainText('Name hidden');
    await expect(side(page, 'A')).toContainText('The chat goes on with A.');
    await side(page, 'B').getByRole('button', { name: 'Go on with B' }).click();
    await expect(side(page, 'B')).toContainText('The chat goes on with B.');
  });
});
