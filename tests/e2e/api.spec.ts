/** The API through the service worker, as same-origin code calls it: answers, stops, ends. */
import type { Page } from '@playwright/test';
import { fakeRegistry } from '../fixtures/fake-registry';
import {
  abortStream,
  call,
  cancelReader,
  chatInit,
  failure,
  openApi,
  readRest,
  reply,
  startStream,
  openSecond,
} from './api-client';
import { expect, test } from './site';

test.use({ serviceWorkers: 'allow' });

/** Lines of NDJSON. */
function parse(text: string): Record<string, unknown>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function busy(page: Page) {
  const { held } = await page.evaluate(() => navigator.locks.query());
  return held?.some(({ name }) => name === 'paddock-busy');
}

test.describe('under a folder', () => {
  test.use({ siteOptions: { dir: 'build-test', base: '/repo/', overlay: fakeRegistry() } });

  test('fetch gets what the host says: status, type and every line', async ({ page, site }) => {
    await openApi(page, site);
    const tags = await call(page, 'api/tags');
    expect(tags.status).toBe(200);
    expect(tags.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(tags.text)).toMatchObject({ models: [{ name: 'smollm2:135m' }] });

    const streamed = await call(page, 'api/chat', chatInit('/count 1000 300'));
    expect(streamed.headers['content-type']).toBe('application/x-ndjson');
    const lines = parse(streamed.text);
    const words = lines.map(({ message }) => (message as { content: string }).content);
    expect(words.join('')).toBe(Array.from({ length: 300 }, (_, n) => `w${n} `).join(''));
    expect(lines.at(-1)).toMatchObject({ done: true, eval_count: 300 });

    expect(await reply(page, '/say In one piece.')).toBe('In one piece.');
    const generated = await call(page, 'api/generate', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ model: 'smollm2:135m', prompt: '/say Completed.', stream: false }),
    });
    expect(JSON.parse(generated.text)).toMatchObject({ response: 'Completed.', done: true });
    for (const path of ['api/tags', 'api/nothing', 'v1/models']) {
      const { headers } = await call(page, path);
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
    // Nothing of it was asked of the static host.
    expect(site.requests.filter((path) => /\/(api|v1)\//.test(path))).toEqual([]);
  });
});

test.describe('addresses under a folder', () => {
  test.use({ siteOptions: { dir: 'build-test', base: '/repo/', overlay: fakeRegistry() } });

  test('what only looks like the API is left to the static host', async ({ page, site }) => {
    await openApi(page, site);
    const { origin } = new URL(site.url);
    for (const path of ['/api/tags', '/repo/apix/tags', '/repo/%61pi/tags', '/repo%2fapi/tags']) {
      expect((await call(page, origin + path)).status, path).toBe(404);
      expect(site.requests, path).toContain(path);
    }
    expect(failure(await call(page, 'API/tags'))).toEqual({ status: 404, code: 'no_endpoint' });
  });
});

test('HEAD, ranges and conditions: the whole answer, or its head', async ({ page, site }) => {
  await openApi(page, site);
  const { text } = await call(page, 'api/version');
  const conditions: Record<string, string>[] = [
    { Range: 'bytes=0-3' },
    { 'If-None-Match': '*' },
    { 'If-Modified-Since': new Date().toUTCString() },
  ];
  for (const headers of conditions) {
    expect(await call(page, 'api/version', { headers })).toMatchObject({ status: 200, text });
  }
  const head = await call(page, 'api/version', { method: 'HEAD' });
  expect(head).toMatchObject({ status: 200, text: '' });
  const wrong = await call(page, 'api/chat', { method: 'HEAD' });
  expect(wrong).toMatchObject({ status: 405, text: '', headers: { allow: 'POST' } });
  const options = await call(page, 'api/chat', { method: 'OPTIONS' });
  expect(failure(options)).toEqual({ status: 405, code: 'wrong_method' });
});

test('errors before the first token have a status, later ones a last line', async ({
  page,
  site,
}) => {
  await openApi(page, site);
  await reply(page, '/say Loaded.');
  const early = await call(page, 'api/chat', chatInit('/overflow'));
  expect(failure(early)).toEqual({ status: 400, code: 'context_exceeded' });
  for (const [scenario, code] of [
    ['/error', 'engine_failed'],
    ['/crash', 'runner_died'],
  ] as const) {
    const { status, text } = await call(page, 'api/chat', chatInit(scenario));
    expect(status).toBe(200);
    expect(parse(text).at(-1)).toMatchObject({ code });
    expect(text).not.toContain('"done":true');
  }
  expect(await reply(page, '/say Still here.')).toBe('Still here.');
});

test('an error that comes late has its status in a whole answer, and is a line of a stream', async ({
  page,
  site,
}) => {
  await openApi(page, site);
  const late = '/error-after 1500';
  const streamed = await call(page, 'api/chat', chatInit(late));
  expect(streamed.status).toBe(200);
  expect(parse(streamed.text)).toMatchObject([{ code: 'engine_failed' }]);
  const whole = await call(page, 'api/chat', chatInit(late, { stream: false }));
  expect(failure(whole)).toEqual({ status: 500, code: 'engine_failed' });
});

test('what is refused once its turn has come has its status', async ({ page, site }) => {
  await openApi(page, site);
  await startStream(page, '/slow', 3);
  const waits = page.waitForRequest(/paddock-wait/);
  const refused = call(page, 'api/chat', chatInit('/overflow', { stream: false }));
  await waits; // longer than a stream takes to begin
  await abortStream(page);
  expect(failure(await refused)).toEqual({ status: 400, code: 'context_exceeded' });
});

// The scenarios would go on for minutes: an answer to the next request means that the engine did stop.
test(
  'fifty replies aborted after three words leave nothing behind',
  { tag: '@long' },
  async ({ page, site }) => {
    await openApi(page, site);
    for (let n = 0; n < 50; n++) {
      expect(await startStream(page, '/slow', 3)).toContain('w2');
      await abortStream(page);
      expect((await readRest(page)).failure).toContain('AbortError');
    }
    expect(await reply(page, '/say Free.')).toBe('Free.');
  },
);

test('a cancelled reader stops the engine, between two words too', async ({ page, site }) => {
  await openApi(page, site);
  await startStream(page, '/slow', 3);
  await cancelReader(page);
  expect(await reply(page, '/say One.')).toBe('One.');
  await startStream(page, '/count 0.001 2', 1);
  await cancelReader(page);
  expect(await reply(page, '/say Two.')).toBe('Two.');
});

test('an abort before the first word stops the engine', async ({ page, site }) => {
  await openApi(page, site);
  for (const stream of [true, false]) {
    const hanging = page.evaluate(
      async (init) => {
        const controller = new AbortController();
        globalThis.apiStream = { controller } as typeof globalThis.apiStream;
        const response = await fetch('api/chat', { ...init, signal: controller.signal });
        return response.text();
      },
      chatInit('/read', { stream }),
    );
    const failed = expect(hanging).rejects.toThrow('aborted');
    await expect
      .poll(async () => (await call(page, 'api/paddock/runners')).text)
      .toContain('"phase":"prompt"');
    await abortStream(page);
    await failed;
    expect(await reply(page, '/say Free.')).toBe('Free.');
  }
});

test('a closed tab stops its reply', async ({ page, context, site }) => {
  await openApi(page, site);
  for (const scenario of ['/slow', '/read']) {
    const second = await openSecond(context, site.url);
    await second.evaluate(
      (init) => void fetch('api/chat', init).catch(() => {}),
      chatInit(scenario),
    );
    await expect.poll(() => busy(page)).toBe(true);
    await second.close();
    expect(await reply(page, '/say Free.')).toBe('Free.');
    await expect.poll(() => busy(page)).toBe(false);
  }
});

test('a body that stalls holds nothing once its tab is closed', async ({ page, context, site }) => {
  await openApi(page, site);
  const second = await openSecond(context, site.url);
  await second.evaluate(() => {
    const init = { method: 'POST', body: new ReadableStream(), duplex: 'half' } as RequestInit;
    void fetch('api/chat', init).catch((error: unknown) => console.warn(error));
  });
  await expect.poll(() => busy(page)).toBe(true);
  await second.close();
  await expect.poll(() => busy(page)).toBe(false);
});

test('a reader that waits holds the engine back', async ({ page, site }) => {
  await openApi(page, site);
  const begun = await startStream(page, '/flood', 1);
  // Without back-pressure the flood, 13 MB, is over long before a hundred round trips are.
  for (let n = 0; n < 100; n++) await call(page, 'api/version');
  const resumed = await page.evaluate(() => performance.timeOrigin + performance.now());
  const { text } = await readRest(page);
  const lines = parse(begun + text);
  expect(lines.at(-1)).toMatchObject({ done: true, eval_count: 200 });
  const made = lines.map(({ message }) =>
    Number.parseFloat((message as { content: string }).content),
  );
  expect(made.filter((time) => time < resumed).length).toBeLessThan(100);
});

test('two hundred requests at once are all answered', { tag: '@long' }, async ({ page, site }) => {
  await openApi(page, site);
  const answers = await page.evaluate(
    (init) =>
      Promise.all(
        Array.from({ length: 200 }, async (_, n) => {
          const body = init.body!.replace('NUMBER', String(n));
          const response = await fetch('api/chat', { ...init, body });
          const { message } = (await response.json()) as { message: { content: string } };
          return message.content;
        }),
      ),
    chatInit('/say NUMBER', { stream: false }),
  );
  expect(answers).toEqual(Array.from({ length: 200 }, (_, n) => String(n)));
});

test('more than the queue holds are told so', { tag: '@long' }, async ({ page, site }) => {
  await openApi(page, site);
  await startStream(page, '/slow', 1);
  const codes = await page.evaluate(
    async (init) => {
      const controller = new AbortController();
      const queue = Array.from({ length: 520 }, () =>
        fetch('api/chat', { ...init, signal: controller.signal }),
      );
      // The 512 before them say nothing while the slow reply is written.
      const refused = await Promise.any(
        queue.map(async (answer) => {
          const body = (await (await answer).json()) as { code?: string };
          if (!body.code) throw new Error('answered');
          return body;
        }),
      );
      controller.abort();
      await Promise.allSettled(queue);
      return refused;
    },
    chatInit('/say later', { stream: false }),
  );
  expect(codes).toMatchObject({ code: 'server_busy' });
  await abortStream(page);
  expect(await reply(page, '/say Free.')).toBe('Free.');
});
