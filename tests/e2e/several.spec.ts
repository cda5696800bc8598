/** Two models that are loaded beside each other, as the API and the Models page have them. */
import { call, chatInit, openApi } from './api-client';
import { expect, lastReply, send, test } from './site';
import type { Page } from '@playwright/test';

test.use({ serviceWorkers: 'allow' });

interface Reply {
  message: { content: string };
  load_duration?: number;
}

async function say(page: Page, model: string, text: string): Promise<Reply> {
  const { text: answer } = await call(page, 'api/chat', chatInit(text, { model, stream: false }));
  return JSON.parse(answer) as Reply;
}

test('two models answer in turn and at once, and load once', async ({ page, site }) => {
  await openApi(page, site);
  const body = JSON.stringify({ model: 'fake', stream: false });
  expect((await call(page, 'api/pull', { method: 'POST', body })).status).toBe(200);

  for (const model of ['smollm2:135m', 'fake']) {
    const first = await say(page, model, '/say First.');
    expect(first.message.content).toBe('First.');
    expect(first.load_duration).toBeGreaterThan(0);
  }
  for (const model of ['smollm2:135m', 'fake']) {
    expect((await say(page, model, '/say Again.')).load_duration ?? 0).toBe(0);
  }
  const ps = async () => {
    const { models } = JSON.parse((await call(page, '/api/ps')).text) as {
      models: { name: string; size: number; expires_at: string }[];
    };
    return models;
  };
  const [longest, next] = await ps();
  expect([longest!.name, next!.name]).toEqual(['fake:latest', 'smollm2:135m']);
  expect(longest!.expires_at > next!.expires_at).toBe(true);
  expect([longest!.size, next!.size]).toEqual([1000 + 1024, 1_000_000 + 1024]);

  await send(page, '/slow');
  await expect(lastReply(page)).toContainText('w3');
  expect((await say(page, 'fake', '/say Meanwhile.')).message.content).toBe('Meanwhile.');
  await page.getByRole('button', { name: 'Stop' }).click();

  await page.getByRole('link', { name: 'Models' }).click();
  const table = page.getByRole('table', { name: 'Running models' });
  await expect(table.getByRole('row')).toHaveCount(3);
  await table.getByRole('button', { name: 'Unload fake:latest' }).click();
  await expect(table.getByRole('row')).toHaveCount(2);
  expect((await ps()).map(({ name }) => name)).toEqual(['smollm2:135m']);
});
