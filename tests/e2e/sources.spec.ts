/** Models of other hosts: a hub and its CDN, a registry, and plain files, each on a port of this computer. */
import type { Page } from '@playwright/test';
import { gguf } from '../fixtures/gguf-builder';
import { startHubServer } from '../fixtures/hub-server';
import type { HubWorld } from '../fixtures/hub/world';
import { call, underServiceWorker } from './api-client';
import { expect, test as base, type Site } from './site';

const SECRET = 'hf_goes_to_the_hub_alone';

const test = base.extend<{ world: HubWorld }>({
  world: async ({ browserName: _ }, use) => {
    const { world, close } = await startHubServer();
    await use(world);
    await close();
  },
});

test.use({ serviceWorkers: 'allow' });

async function open(page: Page, site: Site) {
  await page.goto(site.url);
  await underServiceWorker(page);
}

function post(page: Page, path: string, body: object) {
  return call(page, path, { method: 'POST', body: JSON.stringify(body) });
}

/** The last line of a pull. */
async function pull(page: Page, model: string, more: object = {}) {
  const { text } = await post(page, 'api/pull', { model, ...more });
  return JSON.parse(text.trimEnd().split('\n').at(-1)!) as Record<string, unknown>;
}

async function installed(page: Page): Promise<string[]> {
  const { text } = await call(page, 'api/tags');
  return (JSON.parse(text) as { models: { name: string }[] }).models.map(({ name }) => name);
}

for (const style of ['oci', 'static'] as const) {
  test(`a registry on this computer, ${style}`, async ({ page, site, world }) => {
    const layers = [{ kind: 'model' as const, bytes: gguf() }];
    world.model({ path: 'acme/tiny:1b', layers, style });
    await open(page, site);
    const name = `${new URL(world.origins.registry).host}/acme/tiny:1b`;
    expect(await pull(page, name, { insecure: true })).toEqual({ status: 'success' });
    expect(await installed(page)).toEqual([name]);
  });
}

test('a gated repository: refused, then given to the token, which the CDN never sees', async ({
  page,
  site,
  world,
}) => {
  const files = {
    'tiny-Q8_0.gguf': gguf(),
    LICENSE: new TextEncoder().encode('Free for all.'),
    params: new TextEncoder().encode('{"temperature":0.5}'),
  };
  world.repo('acme/tiny-GGUF', files, { gated: SECRET });
  await open(page, site);
  await post(page, 'api/paddock/hub', { mirror: world.origins.hub });
  const name = 'hf.co/acme/tiny-GGUF:Q8_0';
  const refused = await pull(page, name);
  expect(refused).toMatchObject({ code: 'unauthorized', detail: { status: 401 } });

  const host = new URL(world.origins.hub).host;
  const kept = await post(page, 'api/paddock/tokens', { host, token: SECRET });
  expect(JSON.parse(kept.text)).toEqual({ hosts: [host] });
  expect(await pull(page, name)).toEqual({ status: 'success' });
  expect(await installed(page)).toEqual([name]);
  expect(world.tokensAt('hub')).toContain(`Bearer ${SECRET}`);
  expect(world.asked('cdn').length).toBeGreaterThan(0);
  expect(world.tokensAt('cdn')).toEqual([]);
  const { text } = await post(page, 'api/show', { model: name });
  const shown = JSON.parse(text) as { license: string; parameters: string };
  expect(shown.license).toBe('Free for all.');
  expect(shown.parameters).toContain('temperature');
});

test('what a repository offers is said before the pull', async ({ page, site, world }) => {
  const files = { 'tiny-Q8_0.gguf': gguf(), 'tiny-Q4_K_M.gguf': gguf({ data: 2048 }) };
  world.repo('acme/tiny-GGUF', files);
  world.pageSize = 1; // a second page's address is in a header that the browser has to let through
  await open(page, site);
  await post(page, 'api/paddock/hub', { mirror: world.origins.mirror });
  const { text } = await post(page, 'api/paddock/resolve', { model: 'hf.co/acme/tiny-GGUF' });
  const size = files['tiny-Q4_K_M.gguf'].length;
  expect(JSON.parse(text)).toMatchObject({
    model: 'hf.co/acme/tiny-GGUF:latest',
    needed: size,
    files: [{ name: 'tiny-Q4_K_M.gguf', size }],
    choices: [{ tag: 'Q4_K_M' }, { tag: 'Q8_0' }],
  });
  expect(await installed(page)).toEqual([]);
});

test('a plain address', async ({ page, site, world }) => {
  const url = world.file('/models/tiny.gguf', gguf());
  await open(page, site);
  expect(await pull(page, url)).toEqual({ status: 'success' });
  expect(await installed(page)).toEqual([`${new URL(url).host}/models/tiny:latest`]);
});

test('a host that lets no other site read is named, and one outside the policy is not asked', async ({
  page,
  site,
  world,
}) => {
  const url = world.file('/models/tiny.gguf', gguf());
  world.withoutCors.add('files');
  await open(page, site);
  expect(await pull(page, url)).toMatchObject({ code: 'no_cors', detail: { url } });
  expect(await pull(page, 'https://models.example/tiny.gguf')).toMatchObject({
    code: 'host_not_allowed',
  });
});

test('tokens and the mirror on the Models page', async ({ page, site, world }) => {
  await page.goto(`${site.url}models`);
  const section = page.getByRole('region', { name: 'Tokens and mirror' });
  const host = new URL(world.origins.hub).host;
  await section.getByLabel('Host', { exact: true }).fill(host);
  await section.getByLabel('Token', { exact: true }).fill(SECRET);
  await section.getByRole('button', { name: 'Keep token' }).click();
  await expect(section.getByRole('listitem')).toHaveText([new RegExp(host)]);
  await expect(section).toContainText(`The token for ${host} is kept.`);
  await expect(section.getByLabel('Token', { exact: true })).toHaveValue('');

  await section.getByLabel(/^Mirror/).fill('https://mirror.example');
  await section.getByRole('button', { name: 'Use mirror' }).click();
  await expect(section.getByRole('alert')).toContainText('PADDOCK_CONNECT_SRC');
  await section.getByLabel(/^Mirror/).fill(world.origins.hub);
  await section.getByRole('button', { name: 'Use mirror' }).click();
  await expect(section.getByRole('button', { name: 'Use no mirror' })).toBeVisible();

  await page.reload();
  await expect(section.getByLabel(/^Mirror/)).toHaveValue(world.origins.hub);
  expect(await page.content()).not.toContain(SECRET);
  await section.getByRole('button', { name: `Forget the token for ${host}` }).click();
  await expect(section.getByRole('listitem')).toHaveCount(0);
});
