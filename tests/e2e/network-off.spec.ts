/** The Privacy page's switch: with the network off nothing but the site's own origin is asked for anything. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { fakeRegistry } from '../fixtures/fake-registry';
import { at, starter } from './faults';
import {
  expect,
  lastReply,
  replyEnded,
  send,
  startChatting,
  test as base,
  type Site,
} from './site';

/** Another origin, which notes who asks. */
class Canary {
  readonly log: string[] = [];
  readonly #server = createServer((request: IncomingMessage, response) => {
    this.log.push(request.url ?? '');
    response.writeHead(200, {
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
    response.end('tweet');
  });

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, 'localhost', resolve));
    return this;
  }

  /** Ends in `/`. */
  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}/`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const test = base.extend<{ canary: Canary }>({
  canary: async ({ browserName: _ }, use) => {
    const canary = await new Canary().open();
    await use(canary);
    await canary.close();
  },
});

test.use({ serviceWorkers: 'allow' });

// What the browser refuses is what these tests are about.
test.use({ mayComplain: true });

/** What a script of the page gets from `url`. */
function ask(page: Page, url: string): Promise<string> {
  return page.evaluate(
    (url) =>
      fetch(url).then(
        (response) => response.text(),
        (error: unknown) => `refused: ${String(error)}`,
      ),
    url,
  );
}

/** Page and host are refused another origin, which hears nothing of it. */
async function expectNothingLeaves(page: Page, site: Site, canary: Canary) {
  expect(await ask(page, `${canary.url}page`)).toContain('refused');
  redirect(site, '/v2/library/fake/manifests/latest', `${canary.url}host`);
  await pull(page, 'fake');
  await expect(page.getByRole('alert')).toContainText('The network is switched off');
  expect(canary.log).toEqual([]);
}

function networkSwitch(page: Page) {
  return page.getByRole('switch', { name: "Refuse every address but this site's own" });
}

function refusedRows(page: Page) {
  return page.getByRole('table', { name: 'Refused requests' }).getByRole('row');
}

/** From the chat to the Privacy page, without a reload. */
async function openPrivacy(page: Page) {
  await page.getByRole('link', { name: /^network / }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Privacy' })).toBeVisible();
}

/** The site answers `path` with a redirect to `target`. */
function redirect(site: Site, path: string, target: string) {
  site.fault = at(path, (_request, response) => {
    response.writeHead(302, { Location: target, 'Access-Control-Allow-Origin': '*' }).end();
    return true;
  });
}

async function pull(page: Page, name: string) {
  await page.getByRole('link', { name: 'Models' }).click();
  await page.getByRole('textbox', { name: 'Model name' }).fill(name);
  await page.getByRole('button', { name: 'Download', exact: true }).click();
}

test('page and host refuse other origins, list what they refused, and say that it is off', async ({
  page,
  site,
  canary,
}) => {
  await startChatting(page, site);
  expect(await ask(page, `${canary.url}before`)).toBe('tweet');
  expect(canary.log).toEqual(['/before']);

  await openPrivacy(page);
  await expect(page.getByRole('main')).toContainText('Nothing yet.');
  await networkSwitch(page).check();
  await expect(page.getByRole('main')).toContainText('The network is off.');

  expect(await ask(page, `${canary.url}by-the-page`)).toContain('refused');
  await expect(refusedRows(page).filter({ hasText: '/by-the-page' })).toContainText('page');

  // A pull that leads to another origin: the site's own manifest is there, and redirects.
  const manifest = '/v2/library/fake/manifests/latest';
  redirect(site, manifest, `${canary.url}by-the-host`);
  await pull(page, 'fake');
  await expect(page.getByRole('alert')).toContainText('The network is switched off');
  await page.goBack();
  await expect(refusedRows(page).filter({ hasText: manifest })).toContainText('host');
  await expect(refusedRows(page)).toHaveCount(3); // with the header
  expect(canary.log).toEqual(['/before']);

  // The site's own origin is not concerned.
  site.fault = undefined;
  await pull(page, 'fake');
  await expect(page.getByRole('row', { name: /fake/ }).first()).toBeVisible();
  await page.getByRole('link', { name: 'New chat' }).click();
  await send(page, 'hello');
  await replyEnded(page);
  await expect(lastReply(page)).toContainText('You said: hello');
  await expect(page.getByRole('link', { name: 'network off' })).toBeVisible();
  expect(canary.log).toEqual(['/before']);
});

test('a part of a model that leads elsewhere is refused by the puller, and listed', async ({
  page,
  site,
  canary,
}) => {
  await startChatting(page, site);
  await openPrivacy(page);
  await networkSwitch(page).check();
  await page.getByRole('link', { name: 'Models' }).click();
  await page
    .getByRole('button', { name: /^Delete/ })
    .first()
    .click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Delete/ })
    .click();
  await expect(page.getByRole('row', { name: /smollm2/i })).toHaveCount(0);
  const { path } = starter.parts[2]!;
  redirect(site, path, `${canary.url}part`);
  await pull(page, 'smollm2:135m');
  await expect(page.getByRole('alert')).toContainText('The network is switched off');
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('main').getByRole('link', { name: 'Privacy' }).click();
  await expect(refusedRows(page).filter({ hasText: path })).toContainText('host');
  expect(canary.log).toEqual([]);
});

test('it is kept over a reload, from the first script on, and another host follows it', async ({
  page,
  site,
  canary,
}) => {
  await startChatting(page, site);
  await openPrivacy(page);
  await networkSwitch(page).check();
  await page.addInitScript((url) => {
    // As early as a script of the page could.
    addEventListener('DOMContentLoaded', () => void fetch(`${url}early`).catch(() => {}));
  }, canary.url);
  await page.reload();
  await expect(networkSwitch(page)).toBeChecked();
  await expectNothingLeaves(page, site, canary);
});

test(
  'the setting counts where the copy for the first paint was lost',
  { tag: '@long' },
  async ({ page, site, canary }) => {
    await startChatting(page, site);
    await openPrivacy(page);
    await networkSwitch(page).check();
    await expect(page.getByRole('main')).toContainText('The network is off.');
    await page.evaluate(() => localStorage.clear());
    await page.reload();
    await expect(networkSwitch(page)).toBeChecked();
    await expectNothingLeaves(page, site, canary);
  },
);

test(
  'switched on again it waits for a reply, reloads, and then asks',
  { tag: '@long' },
  async ({ page, context, site, canary }) => {
    await startChatting(page, site);
    const second = await context.newPage();
    await second.goto(site.url);
    await openPrivacy(page);
    await networkSwitch(page).check();
    // The other tab is held too, at once.
    await expect.poll(() => ask(second, `${canary.url}second`)).toContain('refused');
    canary.log.length = 0;

    await page.getByRole('link', { name: 'New chat' }).click();
    await send(page, '/slow');
    await expect(lastReply(page)).toContainText('w3');
    await openPrivacy(page);
    await networkSwitch(page).uncheck();
    await expect(page.getByRole('main')).toContainText('The page reloads when no reply');
    expect(await ask(page, `${canary.url}still`)).toContain('refused');
    expect(canary.log).toEqual([]);
    // Switched back in time, nothing reloads.
    await networkSwitch(page).check();
    await expect(page.getByRole('main')).toContainText('The network is off.');
    let loads = 0;
    for (const one of [page, second]) one.on('load', () => loads++);
    await page.goBack();
    await page.getByRole('button', { name: 'Stop' }).click();
    await replyEnded(page);
    await send(page, '/slow');
    await expect(lastReply(page)).toContainText('w40'); // two seconds: each tab has looked again
    expect(loads).toBe(0);

    await openPrivacy(page);
    await networkSwitch(page).uncheck();
    await expect(page.getByRole('main')).toContainText('The page reloads when no reply');
    const moved = [page.waitForEvent('load'), second.waitForEvent('load')];
    await page.goBack();
    await page.getByRole('button', { name: 'Stop' }).click();
    await Promise.all(moved);
    await second.close();
    expect(await ask(page, `${canary.url}after`)).toBe('tweet');
    await openPrivacy(page);
    await expect(networkSwitch(page)).not.toBeChecked();
  },
);

test.describe('on a host without headers', () => {
  test.use({ siteOptions: { dir: 'build-test', overlay: fakeRegistry(), headers: false } });

  test('it holds on the first load, before the service worker has a word', async ({
    page,
    site,
    canary,
  }) => {
    await startChatting(page, site);
    await openPrivacy(page);
    await networkSwitch(page).check();
    await expectNothingLeaves(page, site, canary);
  });
});

test('the Privacy page names the addresses that the page is held to, and who holds the workers', async ({
  page,
  site,
}) => {
  await page.goto(`${site.url}privacy/`);
  const hosts = page.getByRole('region', { name: 'What it can reach' });
  await expect(hosts.getByRole('term')).toHaveText([
    new URL(site.url).origin,
    'https://huggingface.co',
    'https://*.hf.co',
    'https://raw.githubusercontent.com',
    'http://localhost:*',
    'http://127.0.0.1:*',
  ]);
  await expect(hosts).toContainText('Libraries of MLC models: asked only when');
  await expect(hosts).toContainText('the service worker adds them, from the second load on');
  await networkSwitch(page).check();
  await expect(hosts.getByRole('term')).toHaveText([new URL(site.url).origin]);
});

test('a reply full of addresses asks for none of them', async ({ page, site, canary }) => {
  const to = (name: string) => `${canary.url}${name}`;
  const vectors = [
    `![inline](${to('inline.png')})`,
    `![by reference][r]\n\n[r]: ${to('reference.png')}`,
    `[link](${to('link')}) <${to('autolink')}> ${to('bare')}`,
    `<img src="${to('img.png')}" srcset="${to('srcset.png')} 2x">`,
    `<picture><source srcset="${to('source.png')}"></picture>`,
    `<video src="${to('video')}" poster="${to('poster')}" autoplay></video><audio src="${to('audio')}"></audio>`,
    `<link rel="prefetch" href="${to('prefetch')}"><link rel="dns-prefetch" href="${to('dns')}">`,
    `<link rel="stylesheet" href="${to('sheet.css')}"><link rel="icon" href="${to('icon')}">`,
    `<style>@import "${to('import.css')}"; p { background: url(${to('css.png')}) }</style>`,
    `<p style="background: url('${to('style.png')}')">x</p>`,
    `<iframe src="${to('frame')}"></iframe><object data="${to('object')}"></object><embed src="${to('embed')}">`,
    `<svg><image href="${to('svg.png')}"/><use href="${to('use.svg')}#a"/></svg>`,
    `<script src="${to('script.js')}"></script><form action="${to('form')}"><button>go</button></form>`,
    `<meta http-equiv="refresh" content="0; url=${to('refresh')}"><base href="${canary.url}">`,
    `<body background="${to('body.png')}"><table background="${to('table.png')}"><input type="image" src="${to('input.png')}">`,
  ];
  await startChatting(page, site);
  for (const scenario of ['/say', '/bytes']) {
    await send(page, `${scenario} ${vectors.join('\n\n')}\n\nThe end of them.`);
    await replyEnded(page);
    await expect(lastReply(page)).toContainText('The end of them.');
  }
  await lastReply(page).getByRole('link', { name: 'link' }).first().hover();
  await page.reload();
  await expect(lastReply(page)).toContainText('The end of them.');
  expect(canary.log).toEqual([]);
  // The canary is alive, and a click on a link is one's own choice.
  expect(await ask(page, to('alive'))).toBe('tweet');
  expect(canary.log).toEqual(['/alive']);
});

test('a chat asks nobody but the site, and takes no words along', async ({ page, site }) => {
  await startChatting(page, site);
  const asked: { url: string; method: string; body: string }[] = [];
  page.context().on('request', (request) => {
    asked.push({
      url: request.url(),
      method: request.method(),
      body: request.postData() ?? '',
    });
  });
  await send(page, '/say My secret.');
  await expect(lastReply(page)).toContainText('My secret.');
  await replyEnded(page);
  for (const { url, method, body } of asked) {
    expect(url.startsWith(site.url) || url.startsWith('blob:')).toBe(true);
    expect({ method, body }).toEqual({ method: 'GET', body: '' });
    expect(url).not.toContain('secret');
  }
});
