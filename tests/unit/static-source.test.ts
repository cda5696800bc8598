import { describe, expect, test } from 'vitest';
import { digestOf } from '#core/digest';
import { layersOf, type Layer } from '#core/manifest';
import { parseName, type ModelName } from '#core/names';
import { StaticSource } from '../../workers/host/registry/sources/static';
import { FakeHost, type Fault } from '../fixtures/fake-host';
import { fakeRegistry } from '../fixtures/fake-registry';

const name = parseName('smollm2:135m')!;
const MANIFEST = 'v2/library/smollm2/manifests/135m';
/** A signal that nobody aborts. */
const never = () => new AbortController().signal;

function setup() {
  const host = new FakeHost(fakeRegistry(), 'https://site.test/repo/');
  return { host, source: new StaticSource({ siteUrl: host.root, fetch: host.fetch }) };
}

async function weightsOf(source: StaticSource, of = name) {
  return layersOf((await source.resolve({ name: of }, never())).manifest, 'model')[0]!;
}

async function originOf(source: StaticSource, of: ModelName, blob: Layer) {
  return (await source.resolve({ name: of }, never())).origin(blob, never());
}

async function partsOf(source: StaticSource, of: ModelName, blob: Layer) {
  const origin = await originOf(source, of, blob);
  return origin.kind === 'parts' ? origin.parts : [];
}

test('a name becomes a manifest under the site’s own folder', async () => {
  const { host, source } = setup();
  const resolved = await source.resolve({ name }, never());
  expect(host.requests).toEqual([`https://site.test/repo/${MANIFEST}`]);
  expect(resolved.text).toBe(new TextDecoder().decode(host.files.get(MANIFEST)));
  expect(resolved.digest).toBe(await digestOf(new TextEncoder().encode(resolved.text)));
});

test('names in other cases are the same files', async () => {
  const { host, source } = setup();
  await source.resolve({ name: parseName('Library/SmolLM2:135M')! }, never());
  expect(host.requests).toEqual([`https://site.test/repo/${MANIFEST}`]);
});

test('published parts are blobs of their own', async () => {
  const { host, source } = setup();
  const weights = await weightsOf(source);
  const parts = await partsOf(source, name, weights);
  expect(parts.map(({ size }) => size)).toEqual([200_000, 200_000, 200_000, 200_000, 200_000]);
  for (const { url, digest } of parts) {
    const bytes = new Uint8Array(host.files.get(url.slice(host.root.length))!);
    expect(await digestOf(bytes)).toBe(digest);
  }
});

test('a small blob is asked for whole, without a look for a list', async () => {
  const { host, source } = setup();
  const fake = parseName('fake')!;
  const weights = await weightsOf(source, fake);
  const url = `https://site.test/repo/v2/library/fake/blobs/${weights.digest.replace(':', '-')}`;
  expect(await originOf(source, fake, weights)).toEqual({ kind: 'file', url });
  expect(host.requests.filter((asked) => asked.includes('/blobs/'))).toEqual([]);
});

describe('without a valid parts list the blob is asked for whole', () => {
  test.each<[string, Fault]>([
    ['a 404', { type: 'status', status: 404 }],
    ['a page with status 200', { type: 'page' }],
    ['half a list', { type: 'short', length: 100 }],
  ])('%s', async (_what, fault) => {
    const { host, source } = setup();
    const weights = await weightsOf(source);
    const file = `v2/library/smollm2/blobs/${weights.digest.replace(':', '-')}`;
    host.fail(`${file}.parts.json`, fault);
    const url = host.root + file;
    expect(await originOf(source, name, weights)).toEqual({ kind: 'file', url });
  });
});

describe('no manifest', () => {
  test.each<[string, Fault, string]>([
    ['a 404', { type: 'status', status: 404 }, 'not_in_registry'],
    ['a page with status 200', { type: 'page' }, 'not_in_registry'],
    ['half a manifest', { type: 'short', length: 100 }, 'bad_manifest'],
    ['nothing', { type: 'short', length: 0 }, 'bad_manifest'],
    ['a fault of the host', { type: 'status', status: 500 }, 'network'],
    ['no connection', { type: 'offline' }, 'network'],
    ['a connection that breaks', { type: 'cut', after: 50 }, 'network'],
    ['an endless answer', { type: 'long', extra: 2_000_000 }, 'network'],
  ])('%s', async (_what, fault, code) => {
    const { host, source } = setup();
    host.fail(MANIFEST, fault);
    await expect(source.resolve({ name }, never())).rejects.toMatchObject({ code });
  });

  test('of another registry', async () => {
    const { host, source } = setup();
    const other = parseName('hf.co/library/smollm2:135m')!;
    await expect(source.resolve({ name: other }, never())).rejects.toMatchObject({
      code: 'not_in_registry',
    });
    expect(host.requests).toEqual([]);
  });

  test('after a stop', async () => {
    const { source } = setup();
    const resolving = source.resolve({ name }, AbortSignal.abort());
    await expect(resolving).rejects.toMatchObject({ code: 'aborted' });
  });
});
