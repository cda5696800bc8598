/**
 * The page of a chat goes at random moments: closed, crashed, reloaded. What stood on the screen for a second is there
 * once after it, and what was deleted for a second is not. `PADDOCK_KILLS` and `PADDOCK_SEED` choose how many, and which.
 */
import type { BrowserContext, Page } from '@playwright/test';
import { Random } from '../fixtures/random-model/random';
import { expect, lastReply, startChatting, test } from './site';

test.use({ serviceWorkers: 'allow' });

const KILLS = Number(process.env.PADDOCK_KILLS ?? 12);
const SEEDS = (process.env.PADDOCK_SEED ?? '1,2').split(',').map(Number);
/** Milliseconds after which what is seen has to last. */
const LASTS = 1000;

/** When each text was first seen, and when it was deleted. */
interface Texts {
  seen: Map<string, number>;
  deleted: Map<string, number>;
  count: number;
}

const box = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });
const editor = (page: Page) => page.getByRole('textbox', { name: 'Edit your message' });
const users = (page: Page) => page.getByRole('article', { name: 'User' });
const waiting = (page: Page) =>
  page.getByRole('region', { name: /Waits for this reply|Not sent yet/ }).getByRole('listitem');

/** One thing that a person does; it may be cut off anywhere. */
async function act(page: Page, texts: Texts, random: Random): Promise<void> {
  const below = (end: number) => Math.floor(random.uniform() * end);
  const isNew = () => `/count 20 40 text-${texts.count++}-`;
  const see = (text: string) => texts.seen.set(text, Date.now());
  const choice = below(6);
  if (choice <= 1) {
    if ((await box(page).inputValue()) !== '') return;
    const text = isNew();
    await box(page).fill(text);
    see(text);
  } else if (choice <= 3) {
    const text = await box(page).inputValue();
    if (text === '') return;
    await box(page).press('Enter');
    await expect(page.getByText(text).first()).toBeVisible();
  } else if (choice === 4) {
    if ((await users(page).count()) === 0 || (await editor(page).count()) > 0) return;
    const text = isNew();
    await users(page).last().getByRole('button', { name: 'Edit', exact: true }).click();
    await editor(page).fill(text);
    see(text);
    if (below(2) === 0) await editor(page).press('Control+Enter');
  } else {
    if ((await users(page).count()) < 2 || (await editor(page).count()) > 0) return;
    const text = await users(page).last().locator('> p').innerText();
    const remove = { name: 'Delete with what follows', exact: true };
    await users(page).last().getByRole('button', remove).click();
    await expect(users(page).last().locator('> p')).not.toHaveText(text);
    texts.deleted.set(text, Date.now());
  }
}

/** Everything of these that is anywhere, in storage or in what is not sent. */
async function found(page: Page): Promise<string[]> {
  await expect(page.getByRole('textbox', { name: 'Message', exact: true })).toBeEnabled();
  await expect(lastReply(page)).toBeVisible();
  const stored = await page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('paddock');
      opening.onsuccess = () => resolve(opening.result);
    });
    const messages = await new Promise<{ role: string; content: string }[]>((resolve) => {
      const request = db.transaction('messages').objectStore('messages').getAll();
      request.onsuccess = () => resolve(request.result as { role: string; content: string }[]);
    });
    db.close();
    return messages.filter(({ role }) => role === 'user').map(({ content }) => content);
  });
  const unsent = [await box(page).inputValue(), ...(await waiting(page).allInnerTexts())];
  if ((await editor(page).count()) > 0) unsent.push(await editor(page).inputValue());
  return [...stored, ...unsent].flatMap((text) => text.match(/\/count 20 40 text-\d+-/g) ?? []);
}

/** What has to be there once and is not, and what must not be there and is. */
function faults({ seen, deleted }: Texts, here: string[], killedAt: number): string[] {
  return [...seen].flatMap(([text, since]) => {
    const count = here.filter((one) => one === text).length;
    const removed = deleted.get(text);
    if (count > 1) return [`${text} is there ${count} times`];
    if (removed !== undefined) {
      return count > 0 && killedAt - removed > LASTS ? [`${text} came back`] : [];
    }
    return count === 0 && killedAt - since > LASTS ? [`${text} is lost`] : [];
  });
}

async function kill(page: Page, context: BrowserContext, how: number): Promise<void> {
  if (how === 0) await page.close();
  else if (how === 1) await page.reload();
  else {
    const session = await context.newCDPSession(page);
    session.send('Page.crash').catch(() => {}); // nobody is left to answer
    await page.waitForEvent('crash');
    await page.close();
  }
}

for (const seed of SEEDS) {
  test(
    `${KILLS} ends of a page, seed ${seed}`,
    { tag: '@long' },
    async ({ page, context, site }) => {
      test.setTimeout(60_000 + KILLS * 20_000);
      const random = new Random(seed);
      const texts: Texts = { seen: new Map(), deleted: new Map(), count: 0 };
      await startChatting(page, site);
      await box(page).fill('/say Begun.');
      await box(page).press('Enter');
      await expect(lastReply(page)).toContainText('Begun.');
      await expect(page).toHaveURL(/\?c=/);
      const address = page.url();
      let tab = page;
      for (let round = 0; round < KILLS; round++) {
        const lives = 500 + random.uniform() * 3500;
        const end = Date.now() + lives;
        let over = false;
        const acting = (async () => {
          while (!over) await act(tab, texts, random);
        })().catch(() => {}); // cut off
        await expect.poll(() => Date.now(), { intervals: [20] }).toBeGreaterThan(end);
        over = true;
        const killedAt = Date.now();
        const how = Math.floor(random.uniform() * 3);
        await kill(tab, context, how);
        await acting;
        if (how !== 1) {
          tab = await context.newPage();
          await tab.goto(address);
        }
        expect(faults(texts, await found(tab), killedAt), `kill ${round}, way ${how}`).toEqual([]);
        for (const text of texts.seen.keys()) {
          if (!(await found(tab)).includes(text)) texts.seen.delete(text);
        }
      }
    },
  );
}
