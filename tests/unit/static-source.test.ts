import { describe, expect, test } from 'vitest';
import { digestOf } from '#core/digest';
import { layersOf } from '#core/manifest';
import { parseName } from '#core/names';
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
  return layersOf((await source.resolve(of, never())).manifest, 'model')[0]!;
}

test('a name becomes a manifest under the site’s own folder', async () => {
  const { host, source } = setup();
  const resolved = await source.resolve(name, never());
  expect(host.requests).toEqual([`https://site.test/repo/${MANIFEST}`]);
  expect(resolved.text).toBe(new TextDecoder().decode(host.files.get(MANIFEST)));
  expect(resolved.digest).toBe(await digestOf(new TextEncoder().encode(resolved.text)));
});

test('names in other cases are the same files', async () => {
  const { host, source } = setup();
  await source.resolve(parseName('Library/SmolLM2:135M')!, never());
  expect(host.requests).toEqual([`https://site.test/repo/${MANIFEST}`]);
});

test('published parts are blobs of their own', async () => {
  const { host, source } = setup();
  const weights = await weightsOf(source);
  const parts = await source.parts(name, weights, never());
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
  const parts = await source.parts(fake, weights, never());
  expect(parts).toEqual([
    {
      url: `https://site.test/repo/v2/library/fake/blobs/${weights.digest.replace(':', '-')}`,
      digest: weights.digest,
      size: 1000,
    },
  ]);
  expect(host.requests).toHaveLength(1);
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
    expect(await source.parts(name, weights, never())).toEqual([
      { url: host.root + file, digest: weights.digest, size: 1_000_000 },
    ]);
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
    await expect(source.resolve(name, never())).rejects.toMatchObject({ code });
  });

  test('of another registry', async () => {
    const { host, source } = setup();
    const other = parseName('hf.co/library/smollm2:135m')!;
    await expect(source.resolve(other, never())).rejects.toMatchObject({ code: 'not_in_registry' });
    expect(host.requests).toEqual([]);
  });

  test('after a stop', async () => {
    const { source } = setup();
    const resolving = source.resolve(name, AbortSignal.abort());
    await expect(resolving).rejects.toMatchObject({ code: 'aborted' });
  });
});
