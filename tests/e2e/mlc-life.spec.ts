/** The life of an MLC model on a software adapter: from a hub of this computer to its deletion, through the true door. */
import type { Browser, Page } from '@playwright/test';
import { expectedReplies } from '../fixtures/tiny-mlc';
import { call, failure } from './api-client';
import { EXACT, json, loaded, LOADED, MODEL, post, withModel } from './mlc-model';
import { expect, test } from './site';

test.use({ serviceWorkers: 'allow' });

test.setTimeout(180_000);

function chat(content: string, more: object = {}) {
  return { model: MODEL, messages: [{ role: 'user', content }], ...more };
}

test(
  'writes exactly the expected tokens, is held to a schema, refuses what is too long, and leaves no worker',
  { tag: '@long' },
  async ({ page, site, browser }) => {
    await withModel(page, site);
    const before = await workers(browser);

    await test.step('exact tokens', async () => {
      for (const expected of expectedReplies()) {
        const { user, max_tokens: num_predict, prompt_ids, greedy_ids, text } = expected;
        const options = { temperature: 0, num_predict };
        const answer = await json(page, 'api/chat', chat(user, { options }));
        expect(answer).toMatchObject({
          prompt_eval_count: prompt_ids.length,
          eval_count: greedy_ids.length,
          done_reason: 'length',
        });
        if (text !== undefined)
          expect(answer.message).toEqual({ role: 'assistant', content: text });
      }
    });

    await test.step('a schema, and a prompt over the context', async () => {
      const format = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] };
      const body = chat('Is it?', { format, options: { seed: 1 } });
      const { content } = (await json(page, 'api/chat', body)).message as { content: string };
      expect(typeof (JSON.parse(content) as { ok: unknown }).ok).toBe('boolean');
      const whole = { stream: false, shift: false };
      const long = await post(page, 'api/chat', chat('x '.repeat(600), whole));
      expect(failure(long)).toEqual({ status: 400, code: 'context_exceeded' });
      expect(await loaded(page)).toMatchObject([{ name: MODEL, context_length: 512 }]);
    });

    await test.step('after that load and nine that are stopped on their way, no worker is left', async () => {
      await json(page, 'api/generate', { model: MODEL, keep_alive: 0 });
      expect(await loaded(page)).toEqual([]);
      for (let stopped = 0; stopped < 9;) {
        // SwiftShader goes on with shaders that nobody waits for, and a load after that waits behind them.
        await beginAndLeave(page, stopped === 8 ? 'shaders' : 'load');
        // This model is small: its load may be over before it hears that nobody waits, and is one to repeat then.
        if ((await loaded(page)).length === 0) stopped++;
        await json(page, 'api/generate', { model: MODEL, keep_alive: 0 });
        expect(await loaded(page)).toEqual([]);
      }
      await expect.poll(() => workers(browser), LOADED).toEqual(before);
    });

    await test.step('deleted with all that it left', async () => {
      for (const model of [MODEL, EXACT]) {
        const body = JSON.stringify({ model });
        expect((await call(page, 'api/delete', { method: 'DELETE', body })).status).toBe(200);
      }
      const { text } = await call(page, 'api/paddock/storage');
      expect(JSON.parse(text)).toMatchObject({ models: [], orphans: { count: 0 } });
    });
  },
);

/** Asks for a load, goes away when it has come to `phase` or is over, and comes back when nothing loads any more. */
async function beginAndLeave(page: Page, phase: string): Promise<void> {
  await page.evaluate(
    async ([model, phase]) => {
      const activity = async () => {
        const answer = await fetch('api/paddock/runners');
        const { activities } = (await answer.json()) as {
          activities: { phase: string; total: number }[];
        };
        return activities[0];
      };
      const stop = new AbortController();
      const body = JSON.stringify({ model });
      let over = false;
      const end = () => void (over = true);
      const load = fetch('api/generate', { method: 'POST', body, signal: stop.signal });
      const ended = load.then((answer) => answer.text()).then(end, end);
      while (!over) {
        const seen = await activity();
        if (seen?.phase === phase && seen.total > 0) break;
      }
      stop.abort();
      await ended;
      while (await activity());
    },
    [MODEL, phase] as const,
  );
}

/** The workers of the whole browser. */
async function workers(browser: Browser): Promise<string[]> {
  const session = await browser.newBrowserCDPSession();
  const { targetInfos } = await session.send('Target.getTargets');
  await session.detach();
  return targetInfos
    .filter(({ type }) => type.includes('worker'))
    .map(({ title, type }) => `${type} ${title}`)
    .sort();
}
