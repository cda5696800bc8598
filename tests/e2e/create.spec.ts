/** Models made of models: by the `ollama` package's routes from the page, and blobs by plain fetch. */
import type { Page } from '@playwright/test';
import { call, openApi, type Answer } from './api-client';
import { expect, test } from './site';

test.use({ serviceWorkers: 'allow' });

function send(page: Page, method: string, path: string, body: object): Promise<Answer> {
  return call(page, path, { method, body: JSON.stringify(body) });
}

const post = (page: Page, path: string, body: object) => send(page, 'POST', path, body);

const json = ({ text }: Answer) => JSON.parse(text) as Record<string, unknown>;

test('a model made of another has its words, and outlives it', async ({ page, site }) => {
  await openApi(page, site);
  const created = await post(page, 'api/create', {
    model: 'Mine:v1',
    from: 'smollm2:135m',
    system: 'Be brief.',
    parameters: { temperature: 0.5, stop: ['<x>'] },
    messages: [
      { role: 'user', content: 'one two three' },
      { role: 'assistant', content: 'four' },
    ],
  });
  expect(created.headers['content-type']).toBe('application/x-ndjson');
  expect(created.text.trimEnd().split('\n').at(-1)).toBe('{"status":"success"}');

  const shown = json(await post(page, 'api/show', { model: 'mine:V1' }));
  expect(shown).toMatchObject({
    system: 'Be brief.',
    details: { parent_model: 'smollm2:135m', format: 'fake' },
  });
  expect(shown.modelfile).toContain('SYSTEM Be brief.\n');
  expect(shown.modelfile).toContain('MESSAGE user one two three\n');

  // The fake engine counts words: system 2, the model's messages 4, ours 2.
  const messages = [{ role: 'user', content: '/say Hello.' }];
  const reply = json(await post(page, 'api/chat', { model: 'mine:v1', messages, stream: false }));
  expect(reply).toMatchObject({ message: { content: 'Hello.' }, prompt_eval_count: 8 });

  expect((await post(page, 'api/copy', { source: 'MINE:V1', destination: 'copy' })).status).toBe(
    200,
  );
  expect((await send(page, 'DELETE', 'api/delete', { model: 'smollm2:135m' })).status).toBe(200);
  expect((await send(page, 'DELETE', 'api/delete', { model: 'mine:v1' })).status).toBe(200);
  const left = json(await post(page, 'api/chat', { model: 'COPY', messages, stream: false }));
  expect(left).toMatchObject({ message: { content: 'Hello.' }, prompt_eval_count: 8 });
  const { models } = json(await call(page, 'api/paddock/models')) as { models: object[] };
  expect(models).toEqual([
    expect.objectContaining({ name: 'copy:latest', engine: { engine: 'fake', backend: 'wasm' } }),
  ]);
});

test(
  'a blob of some megabytes goes through the service worker',
  { tag: '@long' },
  async ({ page, site }) => {
    await openApi(page, site);
    const statuses = await page.evaluate(async () => {
      const bytes = new Uint8Array(70 * 1024 * 1024).fill(7); // more than other bodies may have
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      const hex = [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      const ask = async (method: string, digest: string, body?: Blob) => {
        const response = await fetch(`api/blobs/sha256:${digest}`, { method, body });
        return [response.status, await response.text()];
      };
      const wrong = '0'.repeat(64);
      const blob = new Blob([bytes]);
      return {
        hex,
        before: await ask('HEAD', hex),
        mismatch: await ask('POST', wrong, blob),
        stayed: await ask('HEAD', wrong),
        stored: await ask('POST', hex, blob),
        again: await ask('POST', hex, blob),
        after: await ask('HEAD', hex),
      };
    });
    const { hex, mismatch, ...others } = statuses;
    expect(others).toEqual({
      before: [404, ''],
      stayed: [404, ''],
      stored: [201, ''],
      again: [200, ''],
      after: [200, ''],
    });
    expect(mismatch[0]).toBe(400);
    const expected = `digest mismatch, expected "sha256:${'0'.repeat(64)}", got "sha256:${hex}"`;
    expect(JSON.parse(String(mismatch[1]))).toMatchObject({ error: expected });
  },
);
