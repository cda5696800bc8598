import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { headerRules } from '../../scripts/serve/header-rules';
import { serveSite, type RunningSite, type ServeOptions } from '../../scripts/serve';

let dir: string;
let site: RunningSite | undefined;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'paddock-site-'));
  mkdirSync(join(dir, 'models'));
  writeFileSync(join(dir, 'index.html'), 'first page');
  writeFileSync(join(dir, '404.html'), 'nothing here');
  writeFileSync(join(dir, 'models/index.html'), 'models page');
  writeFileSync(join(dir, 'blob'), '0123456789');
  writeFileSync(join(dir, '_headers'), '/*\n  X-All: 1\n\n/models/\n  X-Models: 2\n  X-All: 3\n');
});

afterEach(() => site?.close());
afterAll(() => rmSync(dir, { recursive: true }));

async function start(options: Partial<ServeOptions> = {}): Promise<string> {
  site = await serveSite({ dir, port: 0, ...options });
  return site.url;
}

it('joins what several rules say of one header, as the hosts do', () => {
  const headers = headerRules('# words\n/a/*\n  X: 1\n/a/b\n  X: 2\n  Y: a: b\n')('/a/b');
  expect([...headers]).toEqual([
    ['X', '1, 2'],
    ['Y', 'a: b'],
  ]);
  expect(headerRules('/a.js\n  X: 1\n')('/abjs').size).toBe(0);
});

it('serves pages with their headers, and sends a folder to its slash', async () => {
  const url = await start();
  const first = await fetch(url);
  expect([await first.text(), first.headers.get('X-All')]).toEqual(['first page', '1']);
  const models = await fetch(`${url}models?c=1`, { redirect: 'manual' });
  expect([models.status, models.headers.get('Location')]).toEqual([301, '/models/?c=1']);
  expect((await fetch(`${url}models/`)).headers.get('X-All')).toBe('1, 3');
});

it('answers what is missing with 404 and the page for it, the rules file too', async () => {
  const url = await start();
  for (const path of ['missing.js', 'v2/x', '_headers', '../package.json']) {
    const response = await fetch(url + path);
    expect([response.status, await response.text()]).toEqual([404, 'nothing here']);
  }
  expect((await fetch(url, { method: 'POST' })).status).toBe(405);
});

it('mounts the site under a base, and can send no headers', async () => {
  const url = await start({ base: '/repo/', headers: false });
  expect(url).toMatch(/\/repo\/$/);
  const models = await fetch(`${url}models`);
  expect([models.url, await models.text()]).toEqual([`${url}models/`, 'models page']);
  expect(models.headers.has('X-All')).toBe(false);
  expect((await fetch(new URL('/', url))).status).toBe(404);
});

it.each([
  ['on the disk', {}],
  ['in the overlay', { overlay: new Map([['blob', new TextEncoder().encode('0123456789')]]) }],
])('serves ranges of a file %s', async (_, options) => {
  const url = await start(options);
  const part = await fetch(`${url}blob`, { headers: { Range: 'bytes=2-4' } });
  expect([part.status, await part.text()]).toEqual([206, '234']);
  expect(part.headers.get('Content-Range')).toBe('bytes 2-4/10');
  const rest = await fetch(`${url}blob`, { headers: { Range: 'bytes=8-' } });
  expect(await rest.text()).toBe('89');
  expect((await fetch(`${url}blob`, { headers: { Range: 'bytes=99-100' } })).status).toBe(416);
});

it('lets a test answer first, and frees its port at once', async () => {
  const url = await start({
    intercept: (request, response) => {
      if (request.url !== '/blob') return false;
      response.writeHead(503).end();
      return true;
    },
  });
  expect((await fetch(`${url}blob`)).status).toBe(503);
  expect((await fetch(url)).status).toBe(200);
  const port = Number(new URL(url).port);
  await site?.close();
  await expect(fetch(url)).rejects.toThrow();
  expect(new URL(await start({ port })).port).toBe(String(port));
});
