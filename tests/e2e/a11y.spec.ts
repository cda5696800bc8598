import type { Page } from '@playwright/test';
import { audit, auditEveryLook, expectNoSidewaysScroll, smallTargets } from './audit';
import { ggufFile } from './disk';
import { choose } from './rows';
import { expect, lastReply, replyEnded, send, startChatting, test } from './site';

test('every page and state passes the audit in every look, and nothing scrolls sideways', async ({
  page,
  site,
  complaints,
}) => {
  test.slow(); // four audits of each of eight states
  await page.goto(site.url);
  await expect(page.getByRole('button', { name: 'Start chatting' })).toBeVisible();
  await auditEveryLook(page);
  await startChatting(page, site);
  await auditEveryLook(page);
  await send(page, '/markdown');
  await replyEnded(page);
  await auditEveryLook(page);
  await send(page, '/error');
  await replyEnded(page);
  await auditEveryLook(page);
  for (const folder of ['models/', 'settings/']) {
    await page.goto(site.url + folder);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await auditEveryLook(page);
  }
  await page.goto(`${site.url}privacy/`);
  await expect(page.getByRole('main')).toContainText('Nothing yet.');
  await auditEveryLook(page);
  await page.getByRole('switch').check();
  const address = `http://localhost:1/${'a-long-address/'.repeat(8)}`;
  await page.evaluate((url) => fetch(url).catch(() => {}), address);
  await expect(page.getByRole('table', { name: 'Refused requests' })).toBeVisible();
  await auditEveryLook(page);
  expect(complaints.splice(0).join()).toContain(address); // wanted here
});

for (const [colorScheme, width] of [
  ['light', 360],
  ['dark', 1440],
] as const) {
  test.describe(
    `the Models page at work, ${colorScheme}, ${width} px`,
    { tag: colorScheme === 'dark' ? '@long' : [] },
    () => {
      test.use({ colorScheme, viewport: { width, height: 800 }, serviceWorkers: 'allow' });

      test('passes the audit, keeps the focus, and says what has ended', async ({ page, site }) => {
        const check = async () => {
          await audit(page);
          await expectNoSidewaysScroll(page);
          if (width === 360) expect(await smallTargets(page)).toEqual([]);
        };
        await startChatting(page, site);
        await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
        const name = `somebody/${'a-long-name-'.repeat(6)}x:${'tag-'.repeat(10)}x`;
        await page.evaluate(async (destination) => {
          const body = JSON.stringify({ source: 'smollm2:135m', destination });
          await fetch('/api/copy', { method: 'POST', body });
        }, name);
        await page.goto(`${site.url}models/`);
        const installed = page.getByRole('table', { name: 'Installed models' });
        await expect(installed.getByRole('rowheader', { name })).toBeVisible();
        const model = page.getByRole('textbox', { name: 'Model name' });
        for (const wanted of ['fake:latest', 'no-such:1b']) {
          await model.fill(wanted);
          await model.press('Enter');
        }
        await expect(live(page)).toContainText('fake:latest is on this device.');
        await expect(page.getByRole('alert')).toContainText('no-such');
        await page
          .getByLabel('GGUF files', { exact: true })
          .setInputFiles([
            { name: `${'long-'.repeat(20)}.gguf`, mimeType: '', buffer: Buffer.from('no') },
            ggufFile('<b>bold</b>.gguf', { texts: { 'general.name': 'Bold' } }),
          ]);
        await expect(page.getByText('<b>bold</b>.gguf', { exact: true })).toBeVisible();
        await check();
        await page.getByRole('button', { name: 'Clear the list' }).click();
        await expect(page.getByRole('heading', { name: 'Import from disk' })).toBeFocused();
        await page.getByRole('button', { name: 'Dismiss no-such:1b' }).click();
        await expect(page.getByRole('heading', { name: 'Downloads' })).toBeFocused();

        await page.getByRole('link', { name: `Details of ${name}` }).click();
        await page.getByRole('button', { name: 'New preset from this' }).click();
        await page.getByRole('combobox', { name: 'Parameter to add' }).selectOption('temperature');
        await page.getByRole('button', { name: 'Add', exact: true }).click();
        await page.getByRole('textbox', { name: 'temperature' }).fill('9');
        await check();
        await page.keyboard.press('Escape');
        await expect(page.getByRole('button', { name: 'New preset from this' })).toBeFocused();
        await page.keyboard.press('Escape');
        await expect(page.getByRole('link', { name: `Details of ${name}` })).toBeFocused();
        await page.getByRole('button', { name: `Delete ${name}` }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
        await expect(page.getByRole('heading', { name: 'Installed' })).toBeFocused();
        await expect(live(page)).toHaveCount(1);
      });
    },
  );
}

test('the transcript is a log of labelled articles, with one live region that batches', async ({
  page,
  site,
}) => {
  await startChatting(page, site);
  await send(page, 'hello');
  await replyEnded(page);
  const log = page.getByRole('log');
  await expect(log.getByRole('article', { name: 'User' })).toHaveCount(1);
  await expect(log.getByRole('article', { name: 'Assistant' })).toHaveCount(1);
  await expect(live(page)).toHaveCount(1);
  await expect(live(page)).toContainText('Reply finished.');
  await expect(log).toHaveAttribute('aria-live', 'off');
});

/** What a screen reader reads without being asked to, as soon as it has nothing else to say. */
function live(page: Page) {
  return page.locator('[aria-live=polite], [role=status], [role=log]:not([aria-live=off])');
}

test('a long reply is heard while it is written, and so is a notice', async ({ page, site }) => {
  await startChatting(page, site);
  await send(page, '/sentences');
  await expect(live(page)).toContainText('Reply started.');
  await expect(live(page)).toContainText(/This is sentence 0\. .*This is sentence 5\./);
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(live(page)).toContainText('Reply stopped.');
  await choose(page, '/sentences', 'Delete');
  await expect(live(page)).toContainText('Deleted “/sentences”.');
  await expect(live(page)).toHaveCount(1);
  await audit(page); // with the notice there
});

test('the keyboard alone is enough', async ({ page, site }) => {
  await page.goto(site.url);
  await expect(page.getByRole('button', { name: 'Start chatting' })).toBeVisible();
  const tabTo = async (name: string | RegExp, role: 'button' | 'link' | 'textbox') => {
    const target = page.getByRole(role, { name }).first();
    for (let n = 0; n < 40; n++) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not reach ${String(name)}`);
  };
  await tabTo('Start chatting', 'button');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
  await page.keyboard.type('/slow');
  await page.keyboard.press('Enter');
  await expect(lastReply(page)).toContainText('w2');
  await tabTo('Stop', 'button');
  const outline = await page.getByRole('button', { name: 'Stop' }).evaluate((element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return `${outlineStyle} ${outlineWidth}`;
  });
  expect(outline).toBe('solid 2px');
  await page.keyboard.press('Enter');
  await replyEnded(page);
  await tabTo('Regenerate', 'button');
  await tabTo(/^More for/, 'button');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Rename…' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^More for/ }).first()).toBeFocused();
});

test('a phone has targets of 44 px, and zoom is allowed', async ({ page, site }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await startChatting(page, site);
  await send(page, '/markdown');
  await replyEnded(page);
  await expect(lastReply(page).getByRole('link', { name: 'link' })).toBeVisible();
  expect(await smallTargets(page)).toEqual([]);
  const viewport = await page.locator('meta[name=viewport]').getAttribute('content');
  expect(viewport).not.toMatch(/user-scalable|maximum-scale/);
});

test('nothing moves for those who ask for no motion', async ({ page, site }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await startChatting(page, site);
  await send(page, '/slow');
  await expect(lastReply(page)).toContainText('w2');
  const moving = await page.evaluate(() => document.getAnimations().length);
  expect(moving).toBe(0);
});

test('a long message leaves Send in sight on a small screen', async ({ page, site }) => {
  await startChatting(page, site);
  await page.getByRole('textbox', { name: 'Message' }).fill('one line\n'.repeat(30));
  for (const [width, height] of [
    [360, 740],
    [640, 360],
  ] as const) {
    await page.setViewportSize({ width, height });
    await expect(page.getByRole('button', { name: 'Send' })).toBeInViewport({ ratio: 1 });
  }
});
