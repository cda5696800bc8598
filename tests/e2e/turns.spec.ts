/** Whose turn it is: replies that wait, that were never begun, and the next one right after an end. */
import type { Page } from '@playwright/test';
import { expect, lastReply, replyEnded, send, startChatting, test } from './site';

/** The messages in the page's database, as it keeps them. */
function stored(page: Page): Promise<{ id: string; role: string }[]> {
  return page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('paddock');
        opening.onerror = () => reject(new Error('The database does not open.'));
        opening.onsuccess = () => {
          const db = opening.result;
          const reading = db.transaction('messages').objectStore('messages').getAll();
          reading.onsuccess = () => {
            db.close();
            resolve(reading.result as { id: string; role: string }[]);
          };
        };
      }),
  );
}

/** Takes the replies out of the database, as if they had never been saved. */
function loseReplies(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('paddock');
        opening.onerror = () => reject(new Error('The database does not open.'));
        opening.onsuccess = () => {
          const db = opening.result;
          const transaction = db.transaction('messages', 'readwrite');
          const store = transaction.objectStore('messages');
          store.openCursor().onsuccess = ({ target }) => {
            const cursor = (target as IDBRequest<IDBCursorWithValue | null>).result;
            if (!cursor) return;
            if ((cursor.value as { role: string }).role === 'assistant') cursor.delete();
            cursor.continue();
          };
          transaction.oncomplete = () => {
            db.close();
            resolve();
          };
        };
      }),
  );
}

test('a reply that waits behind another chat says so', async ({ page, site }) => {
  await startChatting(page, site);
  await send(page, '/slow');
  await expect(lastReply(page)).toContainText('w2');
  await page.getByRole('link', { name: 'New chat' }).click();
  await expect(page.getByRole('heading', { name: 'What shall we talk about?' })).toBeVisible();
  await send(page, '/say My turn.');
  await expect(lastReply(page)).toContainText('This reply waits its turn');
  await page.getByRole('link', { name: '/slow' }).click();
  await expect(lastReply(page)).toContainText('w2');
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('link', { name: '/say My turn.' }).click();
  await expect(lastReply(page)).toContainText('My turn.');
  await replyEnded(page);
});

test('Regenerate works at once, while what is running is still asked for', async ({
  page,
  site,
}) => {
  // The host is not told of these questions, so that they stay open.
  await page.addInitScript(() => {
    const post = Worker.prototype.postMessage as (...args: unknown[]) => void;
    Worker.prototype.postMessage = function (this: Worker, ...args: unknown[]) {
      const asks = JSON.stringify(args[0]).includes('/api/ps');
      if (!asks || !('holdQuestions' in window)) post.apply(this, args);
    };
  });
  await startChatting(page, site);
  await page.evaluate(() => Object.assign(window, { holdQuestions: true }));
  await send(page, 'hello');
  await expect(lastReply(page)).toContainText('You said: hello');
  await replyEnded(page);
  const first = await lastReply(page).elementHandle();
  await lastReply(page).getByRole('button', { name: 'Regenerate' }).click();
  await expect(async () => expect(await first?.isVisible()).toBe(false)).toPass();
  await expect(lastReply(page)).toContainText('You said: hello');
  await replyEnded(page);
});

test('a message whose reply was lost can get another', async ({ page, site }) => {
  await startChatting(page, site);
  await send(page, '/say Here it is.');
  await replyEnded(page);
  await expect(page.getByRole('button', { name: 'Try again' })).toHaveCount(0);
  const address = page.url();
  await page.goto(`${site.url}settings/`); // nobody writes any more
  await loseReplies(page);
  await page.goto(address);
  await expect(page.getByRole('log')).toContainText('This message has no reply.');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(lastReply(page)).toContainText('Here it is.');
  await expect(page.getByText('This message has no reply.')).toHaveCount(0);
});

test('a reply that never began is there after a reload', async ({ page, site }) => {
  await startChatting(page, site);
  // As an update of the site does in its last moment: no reply begins.
  await page.evaluate(() => {
    void navigator.locks.request('paddock-busy', () => new Promise(() => {}));
  });
  await send(page, '/say Later.');
  await expect
    .poll(async () => (await stored(page)).map(({ role }) => role).sort())
    .toEqual(['assistant', 'user']);
  await page.reload();
  await expect(lastReply(page)).toContainText('Cut off before the first word.');
  await lastReply(page).getByRole('button', { name: 'Regenerate' }).click();
  await expect(lastReply(page)).toContainText('Later.');
});
