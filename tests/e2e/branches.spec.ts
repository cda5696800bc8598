/** A conversation as a tree: versions of messages, branches, deletion and its undo, over reloads and tabs. */
import type { Page } from '@playwright/test';
import { underServiceWorker } from './api-client';
import { expect, lastReply, replyEnded, send, startChatting, test } from './site';

test.beforeEach(async ({ page, site }) => {
  await startChatting(page, site);
});

/** The texts of the branch that is shown. */
function texts(page: Page) {
  return page.getByRole('log').getByRole('article').locator('> p:first-child, .markdown');
}

function user(page: Page, n = 0) {
  return page.getByRole('article', { name: 'User' }).nth(n);
}

async function say(page: Page, text: string) {
  await send(page, `/say ${text}`);
  await expect(lastReply(page)).toContainText(text);
  await replyEnded(page);
}

async function edit(page: Page, n: number, text: string) {
  await user(page, n).hover();
  await user(page, n).getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('textbox', { name: 'Edit your message' }).fill(text);
  await page.getByRole('button', { name: 'Save and send' }).click();
}

test('an edited message is sent beside the old one, which ‹ › brings back, over a reload', async ({
  page,
}) => {
  await say(page, 'One.');
  await say(page, 'Two.');
  await edit(page, 0, '/say Three.');
  await expect(texts(page)).toHaveText(['/say Three.', 'Three.']);
  await replyEnded(page);
  const versions = user(page).getByRole('group', { name: 'Version 2 of 2' });
  await expect(versions.getByRole('button', { name: 'Next version' })).toBeDisabled();
  await page.reload();
  await expect(texts(page)).toHaveText(['/say Three.', 'Three.']);
  await versions.getByRole('button', { name: 'Previous version' }).press('Enter');
  const all = ['/say One.', 'One.', '/say Two.', 'Two.'];
  await expect(texts(page)).toHaveText(all);
  // The keyboard goes on where it was.
  await expect(user(page).getByRole('button', { name: 'Next version' })).toBeFocused();
  await page.reload();
  await expect(texts(page)).toHaveText(all);
  await user(page).getByRole('button', { name: 'Next version' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(texts(page)).toHaveText(['/say Three.', 'Three.']);
});

test('Escape and Cancel leave a message as it is', async ({ page }) => {
  await say(page, 'One.');
  for (const leave of [
    () => page.keyboard.press('Escape'),
    () => page.getByRole('button', { name: 'Cancel' }).click(),
  ]) {
    await user(page).hover();
    await user(page).getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('textbox', { name: 'Edit your message' }).fill('other');
    await leave();
    await expect(texts(page)).toHaveText(['/say One.', 'One.']);
  }
  await expect(page.getByRole('group', { name: /^Version/ })).toHaveCount(0);
});

test(
  'Regenerate with another model keeps the first reply',
  { tag: '@worker' },
  async ({ page }) => {
    await underServiceWorker(page);
    await page.evaluate(async () => {
      const body = JSON.stringify({ source: 'smollm2:135m', destination: 'acme/other:1b' });
      await fetch('/api/copy', { method: 'POST', body });
    });
    await page.reload();
    await send(page, 'hello');
    await replyEnded(page);
    const reply = lastReply(page);
    await reply.getByRole('button', { name: 'Regenerate with another model' }).click();
    await page.getByRole('menuitem').first().click();
    await expect(reply.getByRole('group', { name: 'Version 2 of 2' })).toBeVisible();
    await replyEnded(page);
    await expect(texts(page)).toHaveText(['hello', 'You said: hello']);
    await reply.getByRole('button', { name: 'Previous version' }).click();
    await expect(reply.getByRole('group', { name: 'Version 1 of 2' })).toBeVisible();
  },
);

test("a reply that is edited says so, and the model's own stays", async ({ page }) => {
  await say(page, 'One.');
  await lastReply(page).getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('textbox', { name: 'Edit the reply' }).fill('**Uno.**');
  await page.getByRole('button', { name: 'Save as a version' }).click();
  await expect(texts(page)).toHaveText(['/say One.', 'Uno.']);
  await expect(lastReply(page)).toContainText('Edited by you.');
  await lastReply(page).getByRole('button', { name: 'Previous version' }).click();
  await expect(texts(page)).toHaveText(['/say One.', 'One.']);
  await expect(lastReply(page)).not.toContainText('Edited by you.');
});

test('an edit while a reply streams stops it, and keeps it', async ({ page }) => {
  await send(page, '/slow');
  await expect(lastReply(page)).toContainText('w3');
  await edit(page, 0, '/say Quick.');
  await expect(texts(page)).toHaveText(['/say Quick.', 'Quick.']);
  await user(page).getByRole('button', { name: 'Previous version' }).click();
  await expect(lastReply(page)).toContainText('w3');
  await expect(lastReply(page)).toContainText('Stopped.');
});

test('a message is deleted with what follows, and brought back whole', async ({ page }) => {
  await say(page, 'One.');
  await say(page, 'Two.');
  await user(page, 1).hover();
  await user(page, 1).getByRole('button', { name: 'Delete with what follows' }).click();
  await expect(texts(page)).toHaveText(['/say One.', 'One.']);
  await expect(page.getByText('Deleted 2 messages.').first()).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  const all = ['/say One.', 'One.', '/say Two.', 'Two.'];
  await expect(texts(page)).toHaveText(all);
  await page.reload();
  await expect(texts(page)).toHaveText(all);
  await user(page, 1).hover();
  await user(page, 1).getByRole('button', { name: 'Delete with what follows' }).click();
  await expect(texts(page)).toHaveText(['/say One.', 'One.']);
  await page.reload();
  await expect(texts(page)).toHaveText(['/say One.', 'One.']);
});

test('a branch becomes a chat of its own, and both go on apart', async ({ page }) => {
  await say(page, 'One.');
  await say(page, 'Two.');
  const before = page.url();
  const first = page.getByRole('article', { name: 'Assistant' }).first();
  await first.hover();
  await first.getByRole('button', { name: 'Branch into a new chat' }).click();
  await expect(texts(page)).toHaveText(['/say One.', 'One.']);
  expect(page.url()).not.toBe(before);
  await expect(page.getByRole('link', { name: '/say One.' })).toHaveCount(2);
  await say(page, 'Three.');
  await page.reload();
  await expect(texts(page)).toHaveText(['/say One.', 'One.', '/say Three.', 'Three.']);
  await page.goto(before);
  await expect(texts(page)).toHaveText(['/say One.', 'One.', '/say Two.', 'Two.']);
});

test(
  'another tab sees versions and deletions, and is not moved from its branch',
  { tag: ['@worker', '@long'] },
  async ({ page, context }) => {
    await say(page, 'One.');
    const tab = await context.newPage();
    await tab.goto(page.url());
    await expect(texts(tab)).toHaveText(['/say One.', 'One.']);
    await edit(page, 0, '/say Two.');
    await expect(user(tab).getByRole('group', { name: 'Version 1 of 2' })).toBeVisible();
    await expect(texts(tab)).toHaveText(['/say One.', 'One.']);
    await edit(tab, 0, '/say Three.');
    for (const one of [page, tab]) {
      await expect(user(one).getByRole('group', { name: /of 3$/ })).toBeVisible();
      await replyEnded(one);
    }
    await expect(texts(page)).toHaveText(['/say Two.', 'Two.']);
    await expect(texts(tab)).toHaveText(['/say Three.', 'Three.']);
    await user(tab).hover();
    await user(tab).getByRole('button', { name: 'Delete with what follows' }).click();
    await expect(user(page).getByRole('group', { name: 'Version 2 of 2' })).toBeVisible();
    await expect(texts(page)).toHaveText(['/say Two.', 'Two.']);
  },
);

test('thoughts stand apart from the answer, over a reload too', async ({ page }) => {
  await send(page, '/think Hm, well | So it is.');
  await replyEnded(page);
  for (const reload of [false, true]) {
    if (reload) await page.reload();
    await expect(texts(page)).toHaveText([/^\/think/, 'So it is.']);
    await expect(lastReply(page).locator('summary').first()).toHaveText(/^Thought/);
  }
});
