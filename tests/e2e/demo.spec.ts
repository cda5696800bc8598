/** A demo with a model of its own, made by one command (`npm run build:test-demo`), as a plain pages host has it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder } from '../../scripts/post-build/site-files';
import { pagesHost } from './hosts';
import { expect, lastReply, replyEnded, send, startChatting, test } from './site';

test.use({ serviceWorkers: 'allow' });

const DIR = 'build-test-demo';

test('it greets with its model, downloads it and runs it', async ({ page }) => {
  const host = await pagesHost(DIR);
  await page.goto(host.url);
  const main = page.getByRole('main');
  await expect(main).toContainText('Acme Chat, 1.9 MB. A very small model');
  await startChatting(page, host);
  await send(page, 'Hello');
  const reply = lastReply(page);
  // Random weights say something random: what counts is that they are read and run.
  await expect(reply.locator('.markdown')).toContainText(/\S/, { timeout: 30_000 });
  await page.keyboard.press('Escape'); // it may have ended by itself
  await replyEnded(page);
  await expect(reply).toContainText(/CPU, \d+ thread/);
  await expect(page.getByText('Acme Chat').first()).toBeVisible();

  await page.getByRole('link', { name: 'Models' }).click();
  await expect(main).toContainText('acme/chat:1b');
  await expect(page.getByRole('textbox', { name: 'Model name' })).toHaveAttribute(
    'placeholder',
    'acme/chat:1b',
  );
  await host.close();
});

test('its 404 page knows the folder that it was built for', async ({ page }) => {
  const host = await pagesHost(DIR);
  const answer = await page.goto(`${host.url}nothing/here`);
  expect(answer?.status()).toBe(404);
  await page.getByRole('main').getByRole('link', { name: 'New chat' }).click();
  await expect(page.getByRole('button', { name: 'Start chatting' })).toBeVisible();
  await host.close();
});

test('the starter is not in it, by name or by weights', () => {
  const files = filesUnder(DIR);
  const models = files.filter((file) => /^v2\/.*\/manifests\//.test(file));
  expect(models).toEqual(['v2/acme/chat/manifests/1b']);
  const texts = files.filter((file) => /\.(html|js|json)$|^_headers$/.test(file));
  const named = texts.filter((file) => {
    const text = readFileSync(join(DIR, file), 'utf8');
    // The catalogue's data knows it; its reader leaves out what only another site has. web-llm has a list of its own,
    // whose families have titles.
    const lists = ['smollm2:360m', 'mlc-ai/SmolLM2-360M', '"prefix":"smollm-2"'];
    const isList = lists.some((entry) => text.includes(entry));
    return /smollm2/i.test(text) && !isList;
  });
  expect(named).toEqual([]);
});
