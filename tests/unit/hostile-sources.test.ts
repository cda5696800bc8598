/** Hosts that answer what nobody would publish, or nothing at all; and where a model comes from again. */
import { afterEach, expect, test, vi } from 'vitest';
import { parseName } from '#core/names';
import { parsePullTarget, type PullTarget } from '#core/pull-target';
import { noise } from '../fixtures/fake-registry';
import { openSources, shapeOf } from '../fixtures/hub/sources';
import { memoryAccess } from '../fixtures/memory-access';
import type { FilesPlan } from '../../workers/host/registry/source';
import { isAllowed } from '../../workers/host/registry/sources/policy';
import { Sources } from '../../workers/host/registry/sources/sources';

const SHA = 'a'.repeat(40);
const { signal } = new AbortController();

afterEach(() => vi.useRealTimers());

/** Sources whose hub lists `entries`. */
function hubOf(entries: object[]) {
  const fetch = async (input: RequestInfo | URL) =>
    Response.json(new Request(input).url.includes('/tree/') ? entries : { sha: SHA });
  return new Sources({ access: memoryAccess('https://site.test/'), fetch });
}

const entry = (path: string) => ({ type: 'file', path, size: 1 });
const target = parsePullTarget('hf.co/acme/m:Q8_0')!;

test.each<[what: string, count: number, path: (at: number) => string]>([
  ['of one name', 150_000, () => 'a.gguf'],
  ['of as many names', 150_000, (at) => `m${at}-Q8_0.gguf`],
])('a list of more files than any repository has, %s', async (_what, count, path) => {
  const sources = hubOf(Array.from({ length: count }, (_, at) => entry(path(at))));
  await expect(sources.resolve(target, signal)).rejects.toMatchObject({ code: 'bad_manifest' });
});

test('of thousands of files the sentence names some', async () => {
  const sources = hubOf(Array.from({ length: 40_000 }, (_, at) => entry(`m${at}-Q8_0.gguf`)));
  const failed = await sources.resolve(target, signal).catch((error: unknown) => error as Error);
  expect(failed).toMatchObject({ code: 'ambiguous' });
  expect((failed as Error).message.length).toBeLessThan(2000);
  expect((failed as Error).message).toMatch(/ or 39960 more\.$/);
});

test('a path longer than any is no file', async () => {
  const sources = hubOf([entry(`${'a'.repeat(5000)}.gguf`), entry('m-Q8_0.gguf')]);
  const plan = (await sources.resolve(target, signal)) as FilesPlan;
  expect(shapeOf(plan)).toEqual(['model m-Q8_0.gguf']);
});

test.each(['hf.co/acme/m', 'registry.test/acme/m', 'https://files.test/m.gguf'])(
  'a host that says nothing is given up: %s',
  async (text) => {
    vi.useFakeTimers();
    const access = memoryAccess('https://site.test/', ['https:']);
    const asked = vi.fn(() => new Promise<Response>(() => {}));
    const sources = new Sources({ access, fetch: asked });
    const failed = sources.resolve(parsePullTarget(text)!, signal).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await failed).toMatchObject({ code: 'network' });
    expect(asked).toHaveBeenCalledTimes(1);
  },
);

test('a host that falls silent in the middle of its answer is given up', async () => {
  vi.useFakeTimers();
  const body = () =>
    new ReadableStream<Uint8Array>({ start: (out) => out.enqueue(new Uint8Array([123])) });
  const access = memoryAccess('https://site.test/', ['https:']);
  const sources = new Sources({ access, fetch: async () => new Response(body()) });
  const failed = sources.resolve(target, signal).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await failed).toMatchObject({ code: 'network' });
});

test.each(['1e999', 'many', '-5', '99999999999999999999'])(
  'a file of %s bytes is of no known size',
  async (length) => {
    const access = memoryAccess('https://site.test/', ['https:']);
    const fetch = async () => new Response(null, { headers: { 'Content-Length': length } });
    const sources = new Sources({ access, fetch });
    const failed = sources.resolve(parsePullTarget('https://files.test/m.gguf')!, signal);
    await expect(failed).rejects.toMatchObject({ code: 'network' });
  },
);

test('a model of another name comes from its repository again, with all its files', async () => {
  const { world, access, files, fetch } = openSources();
  const text = new TextEncoder().encode('{{ .Prompt }}');
  world.repo('acme/m', {
    'm-Q8_0.gguf': noise(9, 1),
    'mmproj-m.gguf': noise(8, 2),
    template: text,
  });
  const plan = await files('hf.co/acme/m:Q8_0');
  const sources = new Sources({ access, fetch });
  const again: PullTarget = { name: parseName('mine:v1')!, url: plan.from };
  expect(await sources.resolve(again, signal)).toEqual(plan);
  await access.setMirror(world.origins.mirror);
  world.log.length = 0;
  await sources.resolve(again, signal);
  expect(world.asked('hub')).toEqual([]);
});

test('so does one in MLC’s format, which has no tags', async () => {
  const { world, access, files, fetch } = openSources();
  const some = new TextEncoder().encode('{}');
  const lists = { 'mlc-chat-config.json': some, 'tensor-cache.json': some };
  world.repo('acme/mlc', { ...lists, 'params_shard_0.bin': noise(9, 1) });
  const plan = await files('hf.co/acme/mlc');
  const again: PullTarget = { name: parseName('mine:v1')!, url: plan.from };
  expect(await new Sources({ access, fetch }).resolve(again, signal)).toEqual(plan);
});

test('a repository whose name no model can have is found by its address', async () => {
  const { world, files } = openSources();
  world.repo('ac.me/m', { 'm-Q8_0.gguf': noise(9, 1) });
  expect(shapeOf(await files('https://huggingface.co/ac.me/m'))).toEqual(['model m-Q8_0.gguf']);
});

test('a policy of * allows every host', () => {
  expect(isAllowed('https://any.test/x', ['*'], 'https://site.test/')).toBe(true);
  expect(isAllowed('ftp://any.test/x', ['*'], 'https://site.test/')).toBe(false);
});

test('a token for the port that goes without saying is the host’s', async () => {
  const access = memoryAccess('https://site.test/');
  await access.setToken('Files.test:443', 'secret');
  expect(await access.tokenHosts()).toEqual(['files.test']);
  expect(await access.headersFor('https://files.test/x')).toBeDefined();
});
