/** Tokens and the mirror through the API, and what a pull would fetch. */
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ResolvedPull } from '#core/paddock-api';
import { parsePullTarget } from '#core/pull-target';
import { Access } from '../../workers/host/registry/access';
import { RegistryDb } from '../../workers/host/registry/db';
import { noise } from '../fixtures/fake-registry';
import { openHouse, SITE } from '../fixtures/house';
import { openSources } from '../fixtures/hub/sources';
import { CONNECT, memoryAccess } from '../fixtures/memory-access';
import { TestHouse } from '../fixtures/test-registry';

const SECRET = 'hf_only_for_the_hub';

async function send(house: ReturnType<typeof openHouse>, path: string, body?: unknown) {
  const response = await house.call(body === undefined ? 'GET' : 'POST', path, body);
  return { status: response.status, text: await response.text() };
}

describe('tokens', () => {
  const path = '/api/paddock/tokens';

  test('are given, counted by their hosts, and forgotten; no answer has one', async () => {
    const house = openHouse();
    const answers = [
      await send(house, path, { host: 'HF.co', token: SECRET }),
      await send(house, path, { host: 'localhost:5000', token: 'other' }),
      await send(house, path),
      await send(house, path, { host: 'huggingface.co', token: null }),
    ];
    expect(answers.map(({ text }) => JSON.parse(text) as unknown)).toEqual([
      { hosts: ['huggingface.co'] },
      { hosts: ['huggingface.co', 'localhost:5000'] },
      { hosts: ['huggingface.co', 'localhost:5000'] },
      { hosts: ['localhost:5000'] },
    ]);
    expect(JSON.stringify(answers)).not.toContain(SECRET);
    house.close();
  });

  test.each<[string, Record<string, unknown>]>([
    ['no host', { token: SECRET }],
    ['an address', { host: 'https://huggingface.co', token: SECRET }],
    ['a path', { host: '../x', token: SECRET }],
    ['a host of the prototype’s', { host: '__proto__/', token: SECRET }],
    ['no token', { host: 'huggingface.co' }],
    ['an empty one', { host: 'huggingface.co', token: '' }],
    ['one with a line break', { host: 'huggingface.co', token: `${SECRET}\r\nX: y` }],
    ['one of another type', { host: 'huggingface.co', token: 5 }],
  ])('%s is refused, and repeats nothing', async (_what, body) => {
    const house = openHouse();
    const { status, text } = await send(house, path, body);
    expect(status).toBe(400);
    expect(text).not.toContain(SECRET);
    expect((await send(house, path)).text).toBe('{"hosts":[]}');
    house.close();
  });

  test('go to their host and its names, and to no other', async () => {
    const access = memoryAccess('https://site.test/');
    await access.setToken('huggingface.co', SECRET);
    const sent = await Promise.all(
      [
        'https://huggingface.co/x',
        'https://hf.co/x',
        'https://cdn.hf.co/x',
        'https://huggingface.co.evil.test/x',
        'https://huggingface.co:444/x',
        'https://site.test/x',
      ].map((url) => access.headersFor(url)),
    );
    expect(sent.map(Boolean)).toEqual([true, true, false, false, false, false]);
  });
});

describe('the mirror', () => {
  const path = '/api/paddock/hub';

  test('is kept and taken back', async () => {
    const house = openHouse();
    expect((await send(house, path)).text).toBe('{"mirror":null}');
    const set = await send(house, path, { mirror: 'http://localhost:8080/hub/' });
    expect(set.text).toBe('{"mirror":"http://localhost:8080/hub"}');
    expect((await send(house, path)).text).toBe(set.text);
    expect((await send(house, path, { mirror: 'https://huggingface.co' })).text).toBe(
      '{"mirror":null}',
    );
    house.close();
  });

  test.each([
    ['https://mirror.example', 'host_not_allowed'],
    ['http://mirror.example', 'bad_request'],
    ['localhost:8080', 'bad_request'],
    ['https://user:word@huggingface.co', 'bad_request'],
    ['http://localhost/?x', 'bad_request'],
    [5, 'bad_request'],
  ])('%s is refused: %s', async (mirror, code) => {
    const house = openHouse();
    const { text } = await send(house, path, { mirror });
    expect(JSON.parse(text)).toMatchObject({ code });
    expect((await send(house, path)).text).toBe('{"mirror":null}');
    house.close();
  });
});

describe('kept', () => {
  beforeEach(() => {
    globalThis.indexedDB = new IDBFactory();
  });

  test('in the database, for the next host', async () => {
    const open = () => {
      const db = new RegistryDb();
      return { db, access: new Access({ db, siteUrl: SITE, connect: CONNECT }) };
    };
    const first = open();
    await first.access.setToken('huggingface.co', SECRET);
    await first.access.setMirror('http://localhost:8080');
    await first.db.close();
    const { access } = open();
    expect(await access.tokenHosts()).toEqual(['huggingface.co']);
    expect(await access.headersFor('https://huggingface.co/')).toEqual({
      Authorization: `Bearer ${SECRET}`,
    });
    expect(await access.mirror()).toBe('http://localhost:8080');
    await access.setMirror(null);
    await access.setToken('huggingface.co', null);
    expect(await access.mirror()).toBeNull();
    expect(await access.tokenHosts()).toEqual([]);
  });
});

describe('what a pull would fetch', () => {
  test('of a repository: files, what is missing of them, and the other choices', async () => {
    const { world, access, fetch } = openSources();
    const { Sources } = await import('../../workers/host/registry/sources/sources');
    world.repo('acme/m', {
      'm-Q4_K_M.gguf': noise(400, 1),
      'm-Q8_0.gguf': noise(900, 2),
      params: new TextEncoder().encode('{}'),
    });
    const house = new TestHouse();
    house.space = { quota: 5000, usage: 1000 };
    const registry = await house.open({ source: new Sources({ access, fetch }) });
    const target = parsePullTarget('hf.co/acme/m')!;
    const expected: ResolvedPull = {
      model: 'hf.co/acme/m:latest',
      ...{ size: 402, needed: 402, free: 4000 },
      files: [
        { name: 'm-Q4_K_M.gguf', size: 400 },
        { name: 'params', size: 2 },
      ],
      choices: [
        { tag: 'Q4_K_M', size: 400 },
        { tag: 'Q8_0', size: 900 },
      ],
    };
    const signal = new AbortController().signal;
    expect(await registry.preview(target, signal)).toEqual(expected);
    expect(world.asked('cdn')).toEqual([]);
  });

  test('of the site: nothing more once it is here', async () => {
    const house = new TestHouse();
    const registry = await house.open();
    const target = parsePullTarget('fake')!;
    const signal = new AbortController().signal;
    const before = await registry.preview(target, signal);
    expect(before.needed).toBe(before.size);
    expect(before.files.map(({ name }) => name)).toEqual(['model', 'license', 'params', 'config']);
    for await (const status of registry.pull(target, signal)) expect(status.status).toBeTruthy();
    expect((await registry.preview(target, signal)).needed).toBe(0);
    await house.quiet();
  });

  test('through the API, with Ollama’s sentences for what is no name', async () => {
    const house = openHouse();
    const ask = async (path: string, body: unknown) => {
      const { status, text } = await send(house, path, body);
      return [status, (JSON.parse(text) as { error: string }).error];
    };
    for (const path of ['/api/paddock/resolve', '/api/pull']) {
      expect(await ask(path, { model: '../x' })).toEqual([400, 'invalid model name']);
      expect(await ask(path, { model: 'http://localhost:1/a/b' })).toEqual([
        400,
        'insecure protocol http',
      ]);
    }
    const answer = await send(house, '/api/paddock/resolve', { model: 'offered' });
    expect(JSON.parse(answer.text)).toMatchObject({ model: 'offered:latest', needed: 1000 });
    house.close();
  });
});
