/** What another origin can make this browser do to the API, and bad input from our own: nothing changes. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { call, failure, openApi, openSecond, underServiceWorker, type Init } from './api-client';
import { expect, test } from './site';

test.use({ serviceWorkers: 'allow' });

const FORBIDDEN = '"code":"forbidden"';

/** A form of type text/plain can write JSON: this pulls a model where nobody looks at what kind of request it is. */
const PULL = `<input name='{"model":"fake","x":"' value='"}'>`;
const DELETE = `<input name='{"model":"smollm2:135m","x":"' value='"}'>`;

function models({ text }: { text: string }): string[] {
  return (JSON.parse(text) as { models: { name: string }[] }).models.map(({ name }) => name);
}

async function unchanged(page: Page) {
  expect(models(await call(page, 'api/tags'))).toEqual(['smollm2:135m']);
}

/** A page of another origin, its body given by the query. */
async function attacker() {
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    response.setHeader('Content-Type', 'text/html').end(searchParams.get('html'));
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    page: (html: string) => `http://localhost:${port}/?html=${encodeURIComponent(html)}`,
    close: () => server.close(),
  };
}

test('another origin: forms, navigations, frames, images and scripts change nothing', async ({
  page,
  context,
  site,
}) => {
  await openApi(page, site);
  const evil = await attacker();
  const tab = await context.newPage();
  const main = tab.locator('body');
  for (const [path, field] of [
    ['api/pull', PULL],
    ['api/delete', DELETE],
    ['api/chat', PULL],
  ] as const) {
    await tab.goto(
      evil.page(`<form method=post enctype=text/plain action="${site.url}${path}">${field}</form>`),
    );
    await tab.evaluate(() => document.forms[0]!.submit());
    await expect(main).toContainText(FORBIDDEN);
    await tab.goto(evil.page(`<a href="${site.url}${path}">here</a>`));
    await tab.getByRole('link').click();
    await expect(main).toContainText(FORBIDDEN);
    await tab.goto(
      evil.page(`<iframe name=f></iframe>
      <form target=f method=post enctype=text/plain action="${site.url}${path}">${field}</form>`),
    );
    await tab.evaluate(() => document.forms[0]!.submit());
    await expect(tab.frameLocator('iframe').locator('body')).toContainText(FORBIDDEN);
  }
  await tab.goto(
    evil.page(`<img src="${site.url}api/tags"><script src="${site.url}api/tags"></script>`),
  );
  const read = await tab.evaluate(async (site) => {
    const attempts = [
      fetch(`${site}api/tags`),
      fetch(`${site}api/pull`, { method: 'POST', body: '{"model":"fake"}' }),
      fetch(`${site}api/pull`, { method: 'POST', mode: 'no-cors', body: '{"model":"fake"}' }),
    ];
    return (await Promise.allSettled(attempts)).map((attempt) =>
      attempt.status === 'fulfilled' ? attempt.value.type : 'refused',
    );
  }, site.url);
  expect(read).toEqual(['refused', 'refused', 'refused']);
  await tab.close();
  evil.close();
  await unchanged(page);
});

test('our own navigations, images, scripts, frames and beacons are no calls either', async ({
  page,
  context,
  site,
}) => {
  await openApi(page, site);
  const tab = await context.newPage();
  const answer = await tab.goto(`${site.url}api/tags`);
  expect(answer?.status()).toBe(403);
  expect(await answer?.text()).toContain(FORBIDDEN);
  await tab.goto(`${site.url}icons/icon-192.png`);
  await underServiceWorker(tab);
  const loaded = await tab.evaluate(async () => {
    const ends = (element: HTMLElement) =>
      new Promise((resolve) => {
        element.onload = () => resolve('loaded');
        element.onerror = () => resolve('refused');
        document.body.append(element);
      });
    const image = Object.assign(new Image(), { src: '/api/version' });
    const script = Object.assign(document.createElement('script'), { src: '/api/version' });
    return [await ends(image), await ends(script)];
  });
  expect(loaded).toEqual(['refused', 'refused']);
  const pull = { method: 'POST', body: '{"model":"fake"}', mode: 'no-cors' } as const;
  expect(failure(await call(tab, '/api/pull', pull))).toEqual({ status: 403, code: 'forbidden' });
  await unchanged(page);
});

test('a frame without an origin reaches nothing, though we put it there', async ({
  page,
  context,
  site,
}) => {
  await openApi(page, site);
  const tab = await openSecond(context, `${site.url}icons/icon-192.png`);
  const ends = await tab.evaluate(async () => {
    const frame = document.createElement('iframe');
    frame.sandbox.add('allow-scripts');
    const url = new URL('/api/tags', location.href).href;
    frame.srcdoc = `<script>fetch('${url}').then(
      ({ status }) => parent.postMessage(status, '*'), () => parent.postMessage('refused', '*'))</script>`;
    const told = new Promise((resolve) => addEventListener('message', ({ data }) => resolve(data)));
    document.body.append(frame);
    return told;
  });
  expect(ends).toBe('refused');
});

test('bad input has a code and a sentence, and the next request works', async ({ page, site }) => {
  await openApi(page, site);
  const post = (body: string, headers = {}): Init => ({ method: 'POST', body, headers });
  const cases: [path: string, init: Init, status: number, code: string][] = [
    ['api/chat', post('{"model":'), 400, 'bad_request'],
    ['api/chat', post(''), 400, 'bad_request'],
    ['api/chat', { method: 'POST' }, 400, 'bad_request'],
    ['api/chat', post('[]'), 400, 'bad_request'],
    ['api/chat', post('{}', { 'Content-Type': 'text/xml' }), 415, 'unsupported_type'],
    ['api/nothing', {}, 404, 'no_endpoint'],
    ['api/chat', {}, 405, 'wrong_method'],
    ['api/tags', { method: 'constructor' }, 405, 'wrong_method'],
    ['api//evil', {}, 404, 'no_endpoint'],
    ['api/tags/', {}, 404, 'no_endpoint'],
    ['api/..%2f..%2fx', {}, 404, 'no_endpoint'],
    ['api%2ftags', {}, 404, 'no_endpoint'],
    ['api/%00%ff', {}, 404, 'no_endpoint'],
    ['api/__proto__', {}, 404, 'no_endpoint'],
    [`api/${'x'.repeat(100_000)}`, {}, 404, 'no_endpoint'],
  ];
  for (const [path, init, status, code] of cases) {
    const answer = await call(page, path, init);
    expect(failure(answer), `${init.method ?? 'GET'} ${path.slice(0, 40)}`).toEqual({
      status,
      code,
    });
    expect(answer.text.length).toBeLessThan(500);
    if (status === 405) expect(answer.headers.allow).toBeTruthy();
    expect((await call(page, 'api/version')).status).toBe(200);
  }
  // These are not the API: the browser resolves them before anybody sees them.
  for (const path of ['api/../nothing', '/host/api/tags']) {
    expect((await call(page, `${site.url}${path}`)).status).toBe(404);
  }
  await unchanged(page);
});

test('a body of 100 MB is refused, and the next request works', async ({ page, site }) => {
  await openApi(page, site);
  const answer = await page.evaluate(async () => {
    // A Blob: the test's own tools would read an array's bytes along.
    const body = new Blob([new Uint8Array(100 * 1024 * 1024)]);
    const response = await fetch('api/chat', { method: 'POST', body });
    return { status: response.status, headers: {}, text: await response.text() };
  });
  expect(failure(answer)).toEqual({ status: 413, code: 'too_large' });
  expect(answer.text).toContain('64 MB');
  await unchanged(page);
});
