/** Many requests at once, some of which give up: none is lost, none stays, and nothing of them stays in memory. */
import type { Page } from '@playwright/test';
import { call, openApi } from './api-client';
import { Heap } from './heap';
import { expect, test } from './site';

test.use({ serviceWorkers: 'allow' });

const MODELS = ['smollm2:135m', 'fake:latest'];
const REQUESTS = 200;
/** Each fourth one gives up, waiting or in its reply. */
const GIVES_UP = 4;

/** How the requests ended: an answer's text, or the name of its error. */
function crowd(page: Page): Promise<string[]> {
  return page.evaluate(
    async ([models, requests, givesUp]) => {
      const one = async (n: number): Promise<string> => {
        const body = JSON.stringify({
          model: models[n % models.length],
          messages: [{ role: 'user', content: `/bytes number ${n}` }],
        });
        const controller = new AbortController();
        try {
          const { signal } = controller;
          const asked = fetch('api/chat', { method: 'POST', body, signal });
          if (n % givesUp === 0) controller.abort();
          const lines = (await (await asked).text()).trimEnd().split('\n');
          return lines
            .map((line) => (JSON.parse(line) as { message: { content: string } }).message.content)
            .join('');
        } catch (error) {
          return (error as Error).name;
        }
      };
      return Promise.all(Array.from({ length: requests }, (_, n) => one(n)));
    },
    [MODELS, REQUESTS, GIVES_UP] as const,
  );
}

async function names(page: Page): Promise<string[]> {
  const { models } = JSON.parse((await call(page, 'api/ps')).text) as {
    models: { name: string }[];
  };
  return models.map(({ name }) => name).sort();
}

test('200 requests at once, of which 50 give up, end as they should, and leave nothing', async ({
  page,
  site,
}) => {
  test.slow();
  await openApi(page, site);
  const body = JSON.stringify({ model: 'fake', stream: false });
  expect((await call(page, 'api/pull', { method: 'POST', body })).status).toBe(200);
  const heap = await Heap.of(page);
  const wanted = Array.from({ length: REQUESTS }, (_, n) =>
    n % GIVES_UP === 0 ? 'AbortError' : `number ${n}`,
  );
  const used = async () => [...(await heap.sizes()).values()].reduce((sum, size) => sum + size, 0);

  expect(await crowd(page)).toEqual(wanted); // after which all caches are filled
  const before = await used();
  expect(await crowd(page)).toEqual(wanted);
  expect(await names(page)).toEqual([...MODELS].sort());
  // A request that stayed would hold its body and its reply's port, some kilobytes each.
  await expect.poll(async () => (await used()) - before).toBeLessThan(REQUESTS * 2000);
});
