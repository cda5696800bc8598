/** Registries that want a token of their own: who gives it, who gets it, and what an evil one may not do with that. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { parsePullTarget } from '#core/pull-target';
import { openSources } from '../fixtures/hub/sources';
import { lines } from '../fixtures/house';
import { CONNECT, memoryAccess } from '../fixtures/memory-access';
import { openPullHouse } from '../fixtures/pull-house';
import { TestHouse } from '../fixtures/test-registry';
import { noise } from '../fixtures/fake-registry';
import { Sources } from '../../workers/host/registry/sources/sources';

const SITE = 'https://site.test/';
const NAME = 'registry.test/acme/tiny:1b';
const STORED = 'only-for-the-registry';
const weights = noise(700_000, 4);

interface Asked {
  url: URL;
  authorization: string | null;
  init: RequestInit;
}

let world: ReturnType<typeof openSources>['world'];
let access: ReturnType<typeof memoryAccess>;
let house: TestHouse;
let asked: Asked[];
/** What the registry answers those without its token. */
let challenge: string;
/** What every other host answers. */
let realm: () => Response;
/** Tokens that were given; the registry takes the last one alone. */
let given: string[];
let wrongFor: number;

beforeEach(() => {
  world = openSources().world;
  access = memoryAccess(SITE, [...CONNECT, 'https://registry.test', 'https://*.registry.test']);
  asked = [];
  given = [];
  wrongFor = 0;
  challenge =
    'Bearer realm="https://auth.registry.test/token?x=1",service="registry.test",scope="repository:acme/tiny:pull"';
  realm = () => {
    given.push(`granted-${given.length}`);
    return Response.json({ token: given.at(-1), expires_in: 60 });
  };
  house = new TestHouse();
  publish('https://registry.test');
});

function publish(origin: string) {
  world.origins.registry = origin;
  const layers = [{ kind: 'model', bytes: weights }] as const;
  world.model({ path: 'acme/tiny:1b', layers: [...layers], style: 'oci', format: 'fake' });
}

const send: typeof fetch = async (input, init = {}) => {
  const request = new Request(input, init);
  const url = new URL(request.url);
  const authorization = request.headers.get('authorization');
  asked.push({ url, authorization, init });
  if (url.origin !== world.origins.registry || url.pathname === '/token') return realm();
  const known = given.length > 0 && authorization === `Bearer ${given.at(-1)}`;
  if (known && wrongFor-- <= 0) return world.handle('registry', request);
  return new Response(null, { status: 401, headers: { 'WWW-Authenticate': challenge } });
};

const open = () => openPullHouse(house, { source: new Sources({ access, fetch: send }) });

async function pull(model = NAME, insecure = false): Promise<Record<string, unknown>> {
  // Pullers ask the same hosts.
  Object.defineProperty(house.gate, 'fetch', { value: send });
  const door = await open();
  const all = await lines(await door.post('api/pull', { model, insecure }));
  return all.at(-1)!;
}

const realms = () => asked.filter(({ url }) => url.pathname === '/token');

test('a token is got for the repository, and sent to the registry alone', async () => {
  expect(await pull()).toEqual({ status: 'success' });
  const [first] = realms();
  expect(first!.url.href).toBe(
    'https://auth.registry.test/token?x=1&service=registry.test&scope=repository%3Aacme%2Ftiny%3Apull',
  );
  for (const { authorization, init } of realms()) {
    expect(authorization).toBeNull();
    expect(init).toMatchObject({ credentials: 'omit', redirect: 'error', cache: 'no-store' });
  }
  const sent = asked.filter(({ authorization }) => authorization !== null);
  expect(new Set(sent.map(({ url }) => url.origin))).toEqual(new Set(['https://registry.test']));
});

test('it is kept nowhere, and is in no answer and no log', async () => {
  const logs = (['log', 'warn', 'error', 'info'] as const).map((name) => vi.spyOn(console, name));
  expect(await pull()).toEqual({ status: 'success' });
  const door = await open();
  const shown = JSON.stringify([
    await door.ask('api/paddock/models'),
    await door.ask('api/paddock/storage'),
    await house.db.manifests(),
    await access.tokenHosts(),
    logs.flatMap((log) => log.mock.calls),
  ]);
  expect(given.length).toBeGreaterThan(0);
  expect(shown).not.toContain('granted');
  const before = given.length;
  expect(await pull()).toEqual({ status: 'success' });
  expect(given.length).toBeGreaterThan(before);
  vi.restoreAllMocks();
});

test.each([
  [
    'in another order, with spaces',
    'Bearer scope=a, service="s",  realm="https://auth.registry.test/token"',
  ],
  ['beside another way', 'Basic realm="x", Bearer realm="https://auth.registry.test/token"'],
  ['in small letters', 'bearer realm="https://auth.registry.test/token",error="invalid_token"'],
])('a challenge %s', async (_what, text) => {
  challenge = text;
  expect(await pull()).toEqual({ status: 'success' });
});

test('an access_token is one too', async () => {
  realm = () => {
    given.push('granted');
    return Response.json({ access_token: 'granted' });
  };
  expect(await pull()).toEqual({ status: 'success' });
});

test.each([
  ['no header that can be read', ''],
  ['another way', 'Basic realm="x"'],
  ['no realm', 'Bearer service="x"'],
])('with %s it is closed, as before', async (_what, text) => {
  challenge = text;
  expect(await pull()).toMatchObject({ code: 'unauthorized', detail: { status: 401 } });
  expect(realms()).toEqual([]);
});

test('a registry that takes no token is asked once more, and not for ever', async () => {
  wrongFor = Infinity;
  expect(await pull()).toMatchObject({ code: 'unauthorized' });
  expect(asked.length).toBeLessThan(6);
});

test.each<[what: string, answer: () => Response]>([
  ['refuses', () => new Response('no', { status: 403 })],
  ['answers with a page', () => new Response('<!doctype html>')],
  ['gives none', () => Response.json({ token: 5 })],
  ['gives what no header can carry', () => Response.json({ token: 'a\r\nX: y' })],
])('a realm that %s', async (_what, answer) => {
  realm = answer;
  const last = await pull();
  expect(last).toMatchObject({
    code: 'unauthorized',
    detail: { url: 'https://auth.registry.test/token' },
  });
});

describe('an evil registry', () => {
  test.each([
    ['http://auth.registry.test/token', 'unauthorized'],
    ['https://user:word@auth.registry.test/token', 'unauthorized'],
    ['javascript:alert(1)', 'unauthorized'],
    ['/token', 'unauthorized'],
    ['http://localhost:8888/token', 'unauthorized'],
    ['https://127.0.0.1/token', 'unauthorized'],
    ['http://[::1]/token', 'unauthorized'],
    [`${SITE}token`, 'unauthorized'],
    ['https://stranger.test/token', 'host_not_allowed'],
  ])('asks nobody at %s', async (address, code) => {
    challenge = `Bearer realm="${address}"`;
    expect(await pull()).toMatchObject({ code });
    expect(asked.filter(({ url }) => url.origin !== 'https://registry.test')).toEqual([]);
  });

  test('gets no token of the realm’s host, nor is its own shown to strangers', async () => {
    await access.setToken('registry.test', STORED);
    await access.setToken('huggingface.co', 'hub-secret');
    challenge = 'Bearer realm="https://huggingface.co/token"';
    expect(await pull()).toEqual({ status: 'success' });
    const others = asked.filter(({ url }) => url.host !== 'registry.test');
    expect(others.length).toBeGreaterThan(0);
    expect(others.map(({ authorization }) => authorization)).toEqual(others.map(() => null));
  });
});

describe('a token that is stored for the registry', () => {
  const shown = () => realms().map(({ authorization }) => authorization);

  test.each([
    ['of the same site', 'https://auth.registry.test/token', STORED, `token:${STORED}`],
    ['at the registry itself', 'https://registry.test/token', STORED, `token:${STORED}`],
    ['as user and password', 'https://registry.test/token', 'me:word', 'me:word'],
  ])('is shown to a realm %s', async (_what, address, stored, pair) => {
    await access.setToken('registry.test', stored);
    challenge = `Bearer realm="${address}"`;
    expect(await pull()).toEqual({ status: 'success' });
    expect(new Set(shown())).toEqual(new Set([`Basic ${btoa(pair)}`]));
  });

  test.each([
    ['https://acme.github.io', 'https://evil.github.io/token'],
    ['https://registry.acme.co.uk', 'https://auth.evil.co.uk/token'],
    ['https://registry.test', 'https://registry.test:444/token'],
    ['https://registry.test', 'https://registry.test.evil.test/token'],
    ['https://10.0.0.1', 'https://9.0.0.1/token'],
  ])('of %s is not shown to %s', async (origin, address) => {
    publish(origin);
    const { host } = new URL(origin);
    access = memoryAccess(SITE, [origin, new URL(address).origin]);
    await access.setToken(host, STORED);
    challenge = `Bearer realm="${address}"`;
    expect(await pull(`${host}/acme/tiny:1b`)).toEqual({ status: 'success' });
    expect(new Set(shown())).toEqual(new Set([null]));
  });
});

test('a registry on this computer may name a realm there', async () => {
  publish('http://localhost:5000');
  challenge = 'Bearer realm="http://localhost:5001/token"';
  expect(await pull('localhost:5000/acme/tiny:1b', true)).toEqual({ status: 'success' });
  expect(parsePullTarget('localhost:5000/acme/tiny:1b', true)).not.toBeNull();
});

test('a token that runs out in the middle of a file is got anew, and the file goes on', async () => {
  const bytes = noise(6 * 1024 * 1024, 8);
  const layers = [{ kind: 'model', bytes }] as const;
  world.model({ path: 'acme/tiny:1b', layers: [...layers], style: 'oci', format: 'fake' });
  house.worthAConnection = Infinity;
  const part = 3 * 1024 * 1024;
  const handle = world.handle.bind(world);
  world.handle = async (role, request) => {
    const whole = await handle(role, request);
    const body = await whole.clone().arrayBuffer();
    if (body.byteLength <= part || given.includes('granted-to-another')) return whole;
    given.push('granted-to-another');
    return new Response(
      new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(new Uint8Array(body.slice(0, part)));
          controller.close(); // the line is cut: the rest is asked for with the old token
        },
      }),
      { status: whole.status, headers: whole.headers },
    );
  };
  expect(await pull()).toEqual({ status: 'success' });
  expect(given.indexOf('granted-to-another')).toBeLessThan(given.length - 1);
});
