/** The page scrolls in its parts; the document never does, whatever is hidden visually in it. */
import { expect, send, replyEnded, startChatting, test } from './site';

test('the document does not scroll, on any page', async ({ page, site }) => {
  await startChatting(page, site);
  await send(page, '/say One.');
  await replyEnded(page);
  const sticksOut = () =>
    page.evaluate(() => {
      const { scrollHeight, clientHeight, scrollWidth, clientWidth } = document.scrollingElement!;
      return [scrollHeight - clientHeight, scrollWidth - clientWidth];
    });
  expect(await sticksOut()).toEqual([0, 0]);
  for (const name of ['Models', 'Benchmark', 'Settings']) {
    await page.getByRole('link', { name, exact: true }).click();
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(await sticksOut()).toEqual([0, 0]);
  }
});
