/** The test hosts themselves: others build on what they do. */
import { expect, test } from 'vitest';
import { startHubServer } from '../fixtures/hub-server';
import { worldFetch } from '../fixtures/hub/in-memory';
import { HubWorld } from '../fixtures/hub/world';
import { noise } from '../fixtures/fake-registry';

const bytes = noise(100_000, 5);

async function open() {
  const server = await startHubServer();
  const { world } = server;
  const repo = world.repo('acme/tiny-GGUF', { 'tiny.Q4_0.gguf': bytes }, { gated: 'hf_secret' });
  return { ...server, repo, address: world.origins.hub + repo.filePath('tiny.Q4_0.gguf') };
}

test('a gated file goes over the CDN, and only to those with the token', async () => {
  const { world, close, address } = await open();
  const authorization = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  expect((await fetch(address)).status).toBe(401);
  expect((await fetch(address, authorization('other'))).status).toBe(403);
  const answer = await fetch(address, authorization('hf_secret'));
  expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes);
  expect(new URL(answer.url).origin).toBe(world.origins.cdn);
  expect(world.tokensAt('hub')).toEqual(['Bearer other', 'Bearer hf_secret']);
  expect(world.tokensAt('cdn')).toEqual([]);
  await close();
});

test('ranges, conditions and ordered faults over a real port', async () => {
  const { world, close } = await open();
  const url = world.file('/x.gguf', bytes);
  const ask = (headers: Record<string, string>) => fetch(url, { headers });
  const part = await ask({ range: 'bytes=10-19' });
  expect(part.status).toBe(206);
  expect(part.headers.get('content-range')).toBe('bytes 10-19/100000');
  expect(new Uint8Array(await part.arrayBuffer())).toEqual(bytes.slice(10, 20));
  expect((await ask({ range: 'bytes=100000-' })).status).toBe(416);
  expect((await ask({ range: 'bytes=1-2', 'if-range': '"old"' })).status).toBe(200);
  world.fail(
    'files',
    '/x.gguf',
    { type: 'ignoreRange' },
    { type: 'status', status: 429, retryAfter: 7 },
    { type: 'cut', after: 50_000 },
    { type: 'offline' },
  );
  expect((await ask({ range: 'bytes=10-19' })).status).toBe(200);
  expect((await ask({})).headers.get('retry-after')).toBe('7');
  await expect(ask({}).then((answer) => answer.arrayBuffer())).rejects.toThrow();
  await expect(ask({})).rejects.toThrow();
  expect((await ask({})).status).toBe(200);
  await close();
});

test('in memory a host without CORS cannot be read, and is there', async () => {
  const world = new HubWorld();
  const url = world.file('/x.gguf', bytes);
  world.withoutCors.add('files');
  const fetch = worldFetch(world);
  await expect(fetch(url)).rejects.toThrow('Failed to fetch');
  expect((await fetch(url, { mode: 'no-cors' })).ok).toBe(true);
});
