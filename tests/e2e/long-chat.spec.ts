import { writeChat } from '../../scripts/bench/ui-chats';
import { expect, startChatting, test } from './site';

test.beforeEach(async ({ page, site }) => {
  await startChatting(page, site);
  await writeChat(page, 'long', 400);
  await page.goto(`${site.url}?c=long`);
});

test('a long chat opens at its end, and all of it comes into the page', async ({ page }) => {
  const articles = page.getByRole('article');
  await expect(articles.last()).toContainText('That was answer 399.');
  await expect(articles.last()).toBeInViewport();
  await expect(articles).toHaveCount(400);
  await expect(articles.last()).toBeInViewport();
});

test('replies far from what is seen are text until the reader comes near', async ({ page }) => {
  const replies = page.getByRole('article', { name: 'Assistant' });
  await expect(replies).toHaveCount(200);
  await expect(replies.last().locator('pre')).toBeVisible();
  await expect(replies.first().locator('pre')).toHaveCount(0);
  await expect(replies.first()).toContainText('```js');
  await page.getByRole('log').evaluate((log) => log.scrollTo(0, 0));
  await expect(replies.first().locator('pre')).toBeVisible();
  await expect(replies.first()).not.toContainText('```js');
});

test('a reader who went up is not moved while older messages come', async ({ page }) => {
  const seen = page.getByRole('article', { name: 'User' }).filter({ hasText: 'Question 390:' });
  await seen.scrollIntoViewIfNeeded();
  await expect(page.getByRole('article')).toHaveCount(400);
  await expect(seen).toBeInViewport();
});
