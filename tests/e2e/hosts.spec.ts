/** The README's three hosts, and the first chat on each. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { filesUnder } from '../../scripts/post-build/site-files';
import * as hosts from './hosts';
import { expect, lastReply, replyEnded, send, startChatting, test as base } from './site';

interface Case {
  name: string;
  start(): Promise<hosts.Host | null>;
  /** At the first load already. */
  isolated: boolean;
}

const CASES: Case[] = [
  { name: 'a host that reads _headers', start: hosts.headersHost, isolated: true },
  { name: 'a host that needs no slash', start: hosts.slashlessHost, isolated: true },
  { name: 'a plain pages host under /repo/', start: hosts.pagesHost, isolated: false },
  { name: 'nginx', start: hosts.realNginx, isolated: true },
  { name: 'nginx under /repo/', start: () => hosts.realNginx('/repo/'), isolated: true },
  { name: "nginx's rules", start: () => hosts.likeNginx('/repo/'), isolated: true },
];

const test = base.extend<{ host: hosts.Host; hostCase: Case }>({
  hostCase: [CASES[0]!, { option: true }],
  host: async ({ hostCase }, use) => {
    const host = await hostCase.start();
    base.skip(host === null, 'There is no nginx on this machine.');
    await use(host!);
    await host!.close();
  },
});

test.use({ serviceWorkers: 'allow' });

const TYPES: Record<string, RegExp> = {
  html: /^text\/html/,
  js: /^(text|application)\/javascript/,
  css: /^text\/css/,
  json: /^application\/json/,
  webmanifest: /^application\/manifest\+json/,
  wasm: /^application\/wasm/,
  svg: /^image\/svg\+xml/,
  png: /^image\/png/,
  txt: /^text\/plain/,
};

/** One file of each kind that the site has, by its extension. */
function samples(): Map<string, string> {
  const files = filesUnder('build-test').filter((file) => !file.startsWith('v2/'));
  return new Map(
    files.flatMap((file) => {
      const extension = /[^/]\.(\w+)$/.exec(file)?.[1];
      return extension && file !== 'index.html' ? [[extension, file]] : [];
    }),
  );
}

function isolated(page: Page): Promise<boolean> {
  return page.evaluate(() => crossOriginIsolated);
}

for (const hostCase of CASES) {
  // Pages and isolation as others have them too.
  const isLong = /needs no slash|reads _headers/.test(hostCase.name);
  const tag = isLong ? '@long' : [];
  test.describe(hostCase.name, { tag }, () => {
    test.use({ hostCase });

    test('a first chat, cold addresses, and the offline shell', async ({ page, host }) => {
      await startChatting(page, host);
      expect(await isolated(page)).toBe(hostCase.isolated);
      await send(page, '/say It works.');
      await expect(lastReply(page)).toContainText('It works.');
      await replyEnded(page);
      const chat = page.url();
      expect(chat.startsWith(`${host.url}?c=`)).toBe(true);

      const scope = await page.evaluate(async () => (await navigator.serviceWorker.ready).scope);
      expect(scope).toBe(host.url);
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      await page.goto(`${host.url}models/`);
      await page.reload();
      await expect(page.getByRole('heading', { level: 1, name: 'Models' })).toBeVisible();
      expect(await isolated(page)).toBe(true);
      await page.goto(chat);
      await expect(lastReply(page)).toContainText('It works.');
      await send(page, '/say Again.');
      await expect(lastReply(page)).toContainText('Again.');
    });

    test('a cold address without its slash, and one of a chat that is not here', async ({
      page,
      host,
    }) => {
      await page.goto(`${host.url}models`);
      await expect(page.getByRole('heading', { level: 1, name: 'Models' })).toBeVisible();
      await page.getByRole('link', { name: 'New chat' }).click();
      await expect(page.getByRole('button', { name: 'Start chatting' })).toBeVisible();
      expect(page.url()).toBe(host.url);
      await page.goto(`${host.url}?c=no-such-chat`);
      await expect(page.getByText(/not on this device/)).toBeVisible();
    });

    test('files have their types, weights their ranges, and what is missing is missing', async ({
      request,
      host,
    }) => {
      for (const [extension, file] of samples()) {
        const response = await request.get(host.url + file);
        expect(response.status(), file).toBe(200);
        expect(response.headers()['content-type'], file).toMatch(TYPES[extension] ?? /unknown/);
      }
      if (hostCase.isolated) {
        const page = await request.get(`${host.url}models/`);
        expect(page.headers()['content-security-policy']).toContain("default-src 'none'");
      }
      const manifest = await request.get(`${host.url}v2/library/smollm2/manifests/135m`);
      const { layers } = (await manifest.json()) as { layers: { digest: string; size: number }[] };
      const license = layers[1]!;
      const blob = `${host.url}v2/library/smollm2/blobs/${license.digest.replace(':', '-')}`;
      const range = await request.get(blob, { headers: { Range: 'bytes=5-8' } });
      expect([range.status(), await range.text()]).toEqual([206, 'lice']);
      for (const path of ['v2/none/none/manifests/x', '_app/immutable/none.js', 'none']) {
        expect((await request.get(host.url + path)).status(), path).toBe(404);
      }
    });
  });
}

test('nginx keeps our own files to itself, and no missing one for a year', async ({ request }) => {
  const host = await hosts.realNginx();
  test.skip(host === null, 'There is no nginx on this machine.');
  for (const path of ['_headers', '.nojekyll', '_app/immutable/none.js']) {
    const missing = await request.get(host!.url + path);
    expect(missing.status(), path).toBe(404);
    expect(await missing.text(), path).toContain('<html');
    expect(missing.headers()['cache-control'], path).toBeUndefined();
    expect(missing.headers()['cross-origin-opener-policy'], path).toBe('same-origin');
  }
  const folder = await request.get(`${host!.url}models?c=1`, { maxRedirects: 0 });
  expect([folder.status(), folder.headers().location]).toEqual([301, '/models/?c=1']);
  const script = await request.get(`${host!.url}early.js`, {
    headers: { 'Accept-Encoding': 'gzip' },
  });
  expect(script.headers()['content-encoding']).toBe('gzip');
  await host!.close();
});

test('nothing of the build is over what these hosts take', () => {
  // Cloudflare Pages: 25 MiB a file, 100 rules, 2,000 characters a line. GitHub: 100 MB a file.
  for (const dir of ['build', 'build-test', 'build-test-demo']) {
    for (const file of filesUnder(dir)) {
      expect(statSync(join(dir, file)).size, file).toBeLessThanOrEqual(25 * 1024 * 1024);
    }
    const rules = readFileSync(join(dir, '_headers'), 'utf8').split('\n');
    expect(rules.filter((line) => line.startsWith('/')).length).toBeLessThanOrEqual(100);
    expect(Math.max(...rules.map((line) => line.length))).toBeLessThan(2000);
    // Without it GitHub Pages leaves out folders that begin with an underscore, as _app does.
    expect(filesUnder(dir)).toContain('.nojekyll');
    const kinds = /^(_headers|\.nojekyll|.*\.(html|js|css|wasm|json|webmanifest|svg|png|txt))$/;
    const others = filesUnder(dir).filter((file) => !file.startsWith('v2/') && !kinds.test(file));
    expect(others).toEqual([]);
  }
});
