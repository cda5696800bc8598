import { expect, lastReply, replyEnded, send, startChatting, test } from './site';

test.beforeEach(async ({ page, site }) => {
  await startChatting(page, site);
});

test('Enter sends, and the reply streams as Markdown with its figures', async ({ page }) => {
  const box = page.getByRole('textbox', { name: 'Message' });
  await box.fill('/markdown');
  await box.press('Enter');
  const reply = lastReply(page);
  await expect(reply.getByRole('heading', { name: 'Heading' })).toBeVisible();
  await expect(reply.getByRole('listitem')).toHaveCount(2);
  await expect(reply.getByRole('cell')).toHaveCount(2);
  await expect(reply.locator('pre')).toContainText('console.log("hello");');
  await replyEnded(page);
  for (const figure of [
    /tokens\/s/,
    /first token/,
    /\d prompt tokens?, \d+ reply tokens/,
    /CPU, 1 thread/,
  ]) {
    await expect(reply).toContainText(figure);
  }
  await reply.getByText('CPU, 1 thread').click();
  await expect(reply).toContainText('no graphics adapter, so the model runs on the CPU.');
  await expect(box).toHaveValue('');
});

test('Shift+Enter makes a line, and the message keeps it', async ({ page }) => {
  const box = page.getByRole('textbox', { name: 'Message' });
  await box.pressSequentially('one');
  await box.press('Shift+Enter');
  await box.pressSequentially('two');
  await expect(box).toHaveValue('one\ntwo');
  await box.press('Enter');
  const sent = page.getByRole('article', { name: 'User' });
  expect(await sent.innerText()).toContain('one\ntwo');
});

test('Enter that takes a candidate of an input method does not send', async ({ page }) => {
  const box = page.getByRole('textbox', { name: 'Message' });
  await box.fill('にほん');
  await box.dispatchEvent('keydown', { key: 'Enter', isComposing: true });
  await expect(page.getByRole('article')).toHaveCount(0);
  await expect(box).toHaveValue('にほん');
});

test('Stop keeps what was written, Continue goes on there', async ({ page }) => {
  await send(page, '/slow');
  const reply = lastReply(page);
  await expect(reply).toContainText('w3');
  await page.getByRole('button', { name: 'Stop' }).click();
  await replyEnded(page);
  await expect(reply).toContainText('Stopped.');
  const words = async () => (await reply.innerText()).match(/w\d+/g) ?? [];
  const kept = await words();
  await reply.getByRole('button', { name: 'Continue' }).click();
  await expect(reply).toContainText(`w${kept.length + 2}`);
  await page.getByRole('button', { name: 'Stop' }).click();
  const all = await words();
  expect(all).toEqual(all.map((_, n) => `w${n}`)); // nothing lost, nothing twice
});

test('Regenerate shows another reply in the place of the last', async ({ page }) => {
  await send(page, 'hello');
  await replyEnded(page);
  await lastReply(page).getByRole('button', { name: 'Regenerate' }).click();
  await replyEnded(page);
  await expect(page.getByRole('article', { name: 'Assistant' })).toHaveCount(1);
  await expect(lastReply(page)).toContainText('You said: hello');
});

test('Copy puts the Markdown source on the clipboard', async ({ page }) => {
  await send(page, '/say **bold** text');
  await replyEnded(page);
  await lastReply(page).getByRole('button', { name: 'Copy' }).first().click();
  await expect(lastReply(page).getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('**bold** text');
});

test('the view follows the stream only while the reader is at its end', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 400 });
  await send(page, `/say ${'line\n\n'.repeat(60)}`);
  await replyEnded(page);
  await send(page, '/slow');
  await expect(lastReply(page)).toContainText('w3');
  const log = page.getByRole('log');
  await log.hover();
  await page.mouse.wheel(0, -2000);
  await expect(page.getByRole('button', { name: 'Jump to latest' })).toBeVisible();
  const top = await log.evaluate((element) => element.scrollTop);
  await expect(async () => {
    expect((await lastReply(page).textContent())?.length).toBeGreaterThan(100);
  }).toPass();
  expect(await log.evaluate((element) => element.scrollTop)).toBe(top);
  await page.getByRole('button', { name: 'Jump to latest' }).click();
  await expect(page.getByRole('button', { name: 'Jump to latest' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Stop' }).click();
});
