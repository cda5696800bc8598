/** Two tabs: one runs models, the other waits for it. */
import { expect, lastReply, replyEnded, send, startChatting, test, watchPage } from './site';

test('a second tab says so, and takes over when the first closes', async ({
  page,
  context,
  site,
}) => {
  await startChatting(page, site);
  await send(page, '/say From the first tab.');
  await expect(lastReply(page)).toContainText('From the first tab.');
  await replyEnded(page);

  const second = await context.newPage();
  const complaints = watchPage(second);
  await second.goto(site.url);
  const main = second.getByRole('main');
  await expect(main).toContainText('Paddock is open in another tab');
  await expect(main).toContainText('this tab then takes over by itself');
  await expect(second.getByRole('textbox', { name: 'Message' })).toHaveCount(0);
  // It can read the list, and change nothing behind the other's back.
  const row = second.getByRole('link', { name: '/say From the first tab.' });
  await row.hover();
  await expect(second.getByRole('button', { name: /^(Rename|Delete)/ })).toHaveCount(0);
  await expect(second.getByRole('link', { name: 'New chat' })).toHaveCount(0);
  // The first one is none the worse for it.
  await send(page, '/say Not disturbed.');
  await expect(lastReply(page)).toContainText('Not disturbed.');
  await replyEnded(page);

  await page.close();
  await expect(second.getByRole('textbox', { name: 'Message' })).toBeEnabled();
  await expect(second.getByRole('link', { name: 'New chat' })).toBeVisible();
  await row.hover();
  await expect(second.getByRole('button', { name: /^(Rename|Delete)/ })).toHaveCount(2);
  await row.click();
  await expect(second.getByRole('log')).toContainText('From the first tab.');
  await send(second, '/say From the second tab.');
  await expect(lastReply(second)).toContainText('From the second tab.');
  expect(complaints).toEqual([]);
});

test('a reply cut by its tab is offered for Continue in the tab that takes over', async ({
  page,
  context,
  site,
}) => {
  await startChatting(page, site);
  const second = await context.newPage();
  await second.goto(site.url);
  await expect(second.getByRole('main')).toContainText('Paddock is open in another tab');

  await send(page, '/slow');
  // Two words a tenth of a second, saved every half second: thirty words have been saved once.
  await expect(lastReply(page)).toContainText('w30');
  const address = page.url();
  await page.close();
  await second.goto(address);
  await expect(lastReply(second)).toContainText('w0 w1 w2');
  await expect(lastReply(second)).toContainText('Cut off: the page closed before the reply ended.');
  await expect(second.getByRole('button', { name: 'Continue' })).toBeEnabled();
});
