/** What a hostile reply, title or error does to the real page: nothing. */
import { XSS_CORPUS } from '../fixtures/xss-corpus';
import { watch } from './hazards';
import { expect, lastReply, replyEnded, send, startChatting, test } from './site';

const ENTRIES = Object.entries(XSS_CORPUS);
/** Messages a chat: more of them and each costs more, fewer and there are more visits. */
const A_CHAT = 20;
const MARKUP = '<img src=x onerror="window.pwned = 1"><script>window.pwned = 1</script>';

test('the watch sees what it is there for', async ({ page, site }) => {
  const hazards = await watch(page, site);
  await startChatting(page, site);
  expect(await hazards()).toEqual([]);
  await page.evaluate(() => {
    const main = document.querySelector('main')!;
    const link = document.createElement('a');
    link.setAttribute('ping', 'x');
    link.setAttribute('href', 'blob:x');
    main.append(document.createElement('img'), link);
  });
  await expect.poll(hazards).toEqual(['<img>', 'a[ping]', 'a[href=blob:x]']);
});

for (let from = 0; from < ENTRIES.length; from += A_CHAT) {
  const entries = ENTRIES.slice(from, from + A_CHAT);
  // One chat of it each time; tests/browser has the whole corpus, whole and cut at every letter, each time.
  const run = from === 0 ? {} : { tag: '@long' };
  test(
    `replies ${from + 1} to ${from + entries.length} of the corpus`,
    run,
    async ({ page, site }) => {
      const hazards = await watch(page, site);
      await startChatting(page, site);
      for (const [name, payload] of entries) {
        for (const scenario of ['/say', '/bytes']) {
          await test.step(`${scenario} ${name}`, async () => {
            await send(page, `${scenario} ${payload}`);
            await replyEnded(page);
            await expect(lastReply(page)).toContainText('reply token');
            expect(await hazards()).toEqual([]);
          });
        }
      }
      // Read back, each is drawn in one go.
      await page.reload();
      await expect(page.getByRole('article', { name: 'Assistant' })).toHaveCount(
        entries.length * 2,
      );
      await expect(lastReply(page)).toContainText('reply token');
      expect(await hazards()).toEqual([]);
    },
  );
}

test('a title is text, in the list, the bar and the notice', async ({ page, site }) => {
  const hazards = await watch(page, site);
  await startChatting(page, site);
  await send(page, `/say ${MARKUP}`);
  await replyEnded(page);
  await expect(page).toHaveTitle(/^\/say <img src=x/);

  const row = page.getByRole('navigation').getByRole('listitem').filter({ hasText: '<img' });
  await row.hover();
  await row.getByRole('button', { name: /^More/ }).click();
  await page.getByRole('menuitem', { name: 'Rename…' }).click();
  await page.getByRole('textbox', { name: 'Title' }).fill(MARKUP);
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  await expect(row.getByRole('link')).toHaveText(MARKUP);
  await expect(page).toHaveTitle(`${MARKUP} · Paddock`);

  await page.setViewportSize({ width: 360, height: 700 });
  await expect(page.getByRole('banner')).toContainText(MARKUP);
  await page.setViewportSize({ width: 1280, height: 800 });
  await row.hover();
  await row.getByRole('button', { name: /^More/ }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const notices = page.getByRole('region', { name: 'Notices' });
  await expect(notices.getByText(`Deleted “${MARKUP}”.`)).toBeVisible();
  expect(await hazards()).toEqual([]);
});

test('the text of an error is text', async ({ page, site }) => {
  const hazards = await watch(page, site);
  await startChatting(page, site);
  await send(page, `/error ${MARKUP}`);
  const alert = lastReply(page).getByRole('alert');
  await expect(alert).toContainText(`The engine reported an error: ${MARKUP}`);
  await alert.getByText('Details', { exact: true }).click();
  await expect(alert.locator('pre')).toContainText('<script>window.pwned = 1</script>');
  await page.reload();
  await expect(alert).toContainText(MARKUP);
  expect(await hazards()).toEqual([]);
});
