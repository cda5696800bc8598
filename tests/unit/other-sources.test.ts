/** Registries at other hosts, plain addresses, and whom the site may ask at all. */
import { describe, expect, test, vi } from 'vitest';
import { digestOf } from '#core/digest';
import { layersOf } from '#core/manifest';
import type { BlobOrigin } from '#core/methods';
import { noise } from '../fixtures/fake-registry';
import { openSources } from '../fixtures/hub/sources';
import type { RegistryModel } from '../fixtures/hub/registry-model';
import { isAllowed } from '../../workers/host/registry/sources/policy';
import type { ManifestPlan } from '../../workers/host/registry/source';

const weights = noise(700_000, 4);
const never = () => new AbortController().signal;

function registry(style: RegistryModel['style'], partSize?: number) {
  const house = openSources();
  const layers: RegistryModel['layers'] = [
    { kind: 'model', bytes: weights },
    { kind: 'params', bytes: noise(50, 1) },
  ];
  const files = house.world.model({ path: 'acme/tiny:1b', layers, style, partSize });
  return { ...house, files };
}

type House = ReturnType<typeof registry>;

/** The digest of the bytes at `origin`, as a pull would have them. */
async function read({ fetch }: House, origin: BlobOrigin): Promise<string> {
  if (origin.kind === 'bytes') throw new Error('from disk');
  const parts = origin.kind === 'file' ? [origin] : origin.parts;
  const pieces = await Promise.all(
    parts.map(async ({ url }) => {
      const { headers } = origin;
      return new Uint8Array(await (await fetch(url, { headers })).arrayBuffer());
    }),
  );
  return digestOf(new Uint8Array(Buffer.concat(pieces)));
}

describe('a registry at another host', () => {
  test.each<[what: string, style: RegistryModel['style'], partSize?: number]>([
    ['that speaks Docker’s protocol', 'oci'],
    ['of files', 'static'],
    ['of files in parts', 'static', 300_000],
  ])('%s', async (_what, style, partSize) => {
    const house = registry(style, partSize);
    const plan = (await house.resolve('registry.test/acme/tiny:1b')) as ManifestPlan;
    const published = house.files.get('/v2/acme/tiny/manifests/1b')!;
    expect(plan.digest).toBe(await digestOf(new Uint8Array(published)));
    expect(house.world.log[0]!.headers.accept).toBe(
      'application/vnd.docker.distribution.manifest.v2+json',
    );
    const [model] = layersOf(plan.manifest, 'model');
    const origin = await plan.origin(model!, never());
    expect(origin.kind).toBe(partSize === undefined ? 'file' : 'parts');
    expect(await read(house, origin)).toBe(await digestOf(weights));
    for (const blob of [plan.manifest.config, ...layersOf(plan.manifest, 'params')]) {
      expect(await read(house, await plan.origin(blob, never()))).toBe(blob.digest);
    }
  });

  test('is asked for the style of its files once', async () => {
    const house = registry('oci');
    const plan = (await house.resolve('registry.test/acme/tiny:1b')) as ManifestPlan;
    for (const layer of plan.manifest.layers) await plan.origin(layer, never());
    // A list of parts, one byte of the first blob, and nothing for the second.
    expect(house.world.asked('registry')).toHaveLength(3);
  });

  test('finds what was typed in other letters', async () => {
    const { resolve } = registry('static');
    await expect(resolve('registry.test/Acme/Tiny:1B')).resolves.toMatchObject({
      kind: 'manifest',
    });
  });

  test.each<[what: string, style: RegistryModel['style'], partSize?: number]>([
    ['blobs', 'oci'],
    ['parts', 'static', 300_000],
  ])('gets its own token, for manifest and %s', async (_what, style, partSize) => {
    const house = registry(style, partSize);
    house.world.registryToken = 'secret';
    const name = 'registry.test/acme/tiny:1b';
    await expect(house.resolve(name)).rejects.toMatchObject({ code: 'unauthorized' });
    await house.access.setToken('registry.test', 'secret');
    const plan = (await house.resolve(name)) as ManifestPlan;
    const origin = await plan.origin(plan.manifest.layers[0]!, never());
    expect(origin).toMatchObject({ headers: { Authorization: 'Bearer secret' } });
    expect(await read(house, origin)).toBe(await digestOf(weights));
  });

  test('has no such model', async () => {
    const { resolve } = registry('oci');
    await expect(resolve('registry.test/acme/other')).rejects.toMatchObject({
      code: 'not_in_registry',
      detail: { model: 'registry.test/acme/other:latest' },
    });
  });

  test('has a manifest and lacks the blobs', async () => {
    const { world, resolve, files } = registry('oci');
    const plan = (await resolve('registry.test/acme/tiny:1b')) as ManifestPlan;
    for (const path of files.keys()) {
      if (path.includes('/blobs/'))
        world.failAlways('registry', path, { type: 'status', status: 404 });
    }
    const origin = plan.origin(plan.manifest.layers[0]!, never());
    await expect(origin).rejects.toMatchObject({ code: 'missing' });
  });

  test.each([
    ['page', 'not_in_registry'],
    ['half', 'bad_manifest'],
  ])('answers with a %s', async (what, code) => {
    const { world, resolve } = registry('oci');
    const fault =
      what === 'page' ? ({ type: 'page' } as const) : ({ type: 'short', length: 90 } as const);
    world.failAlways('registry', '/v2/acme/tiny/manifests/1b', fault);
    await expect(resolve('registry.test/acme/tiny:1b')).rejects.toMatchObject({ code });
  });

  test('on this computer is asked over HTTP only where that is said', async () => {
    const { world, resolve } = registry('oci');
    world.origins.registry = 'http://localhost:5000';
    const signal = never();
    await expect(resolve('localhost:5000/acme/tiny:1b', signal, true)).resolves.toBeDefined();
    await expect(resolve('localhost:5000/acme/tiny:1b', signal)).rejects.toMatchObject({
      code: 'network',
    });
  });
});

describe('a plain address', () => {
  test('gives its size, and a digest when the bytes have come', async () => {
    const { world, files, access } = openSources();
    const url = world.file('/models/tiny.gguf', noise(500, 1));
    await access.setToken('files.test', 'secret');
    expect(await files(`${url}?signature=abc`)).toMatchObject({
      format: 'gguf',
      from: `${url}?signature=abc`,
      files: [
        {
          ...{ digest: null, size: 500, name: 'tiny.gguf' },
          origin: { headers: { Authorization: 'Bearer secret' } },
        },
      ],
    });
    expect(world.asked('files')).toEqual(['/models/tiny.gguf']);
  });

  test('that is signed for GET alone is asked for one byte', async () => {
    const { world, files } = openSources();
    const url = world.file('/tiny.gguf', noise(500, 1));
    world.fail('files', '/tiny.gguf', { type: 'status', status: 403 });
    expect((await files(url)).files[0]!.size).toBe(500);
  });

  test.each([
    ['is not there', { type: 'status', status: 404 }, 'not_in_registry'],
    ['is a page', { type: 'page' }, 'not_in_registry'],
    ['is closed', { type: 'status', status: 401 }, 'unauthorized'],
    ['wants a pause', { type: 'status', status: 429 }, 'rate_limited'],
    ['is broken', { type: 'status', status: 500 }, 'network'],
    ['is away', { type: 'offline' }, 'network'],
    ['is empty', { type: 'short', length: 0 }, 'no_gguf'],
  ] as const)('that %s', async (_what, fault, code) => {
    const { world, files } = openSources();
    const url = world.file('/tiny.gguf', noise(500, 1));
    world.failAlways('files', '/tiny.gguf', fault);
    const failure = files(`${url}?signature=abc`);
    await expect(failure).rejects.toMatchObject({ code });
    expect(JSON.stringify(await failure.catch((error: unknown) => error))).not.toContain('abc');
  });

  test('of a host without CORS', async () => {
    const { world, files } = openSources();
    const url = world.file('/tiny.gguf', noise(500, 1));
    world.withoutCors.add('files');
    await expect(files(url)).rejects.toMatchObject({ code: 'no_cors', detail: { url } });
  });

  test('of a host that may be away or without CORS, where an isolated page cannot tell', async () => {
    const { world, files } = openSources();
    const url = world.file('/tiny.gguf', noise(500, 1));
    world.failAlways('files', '/tiny.gguf', { type: 'offline' });
    world.failAlways('hub', '/api/models/acme/m', { type: 'offline' });
    vi.stubGlobal('crossOriginIsolated', true);
    vi.stubGlobal('navigator', { onLine: true });
    await expect(files(url)).rejects.toMatchObject({ code: 'no_cors', detail: { unsure: true } });
    await expect(files('hf.co/acme/m')).rejects.toMatchObject({ code: 'network' });
    vi.stubGlobal('navigator', { onLine: false });
    await expect(files(url)).rejects.toMatchObject({ code: 'network' });
    vi.unstubAllGlobals();
  });

  test('that fails once and then not is no host without CORS', async () => {
    const { world, files } = openSources();
    const url = world.file('/tiny.gguf', noise(500, 1));
    world.fail('files', '/tiny.gguf', { type: 'offline' });
    expect((await files(url)).files[0]!.size).toBe(500);
  });
});

describe('a name that the site lacks', () => {
  test('is looked up, and found at the hub', async () => {
    const { world, files } = openSources(({ model, tag }) =>
      model === 'tiny' ? `hf.co/acme/tiny-GGUF:${tag}` : null,
    );
    world.repo('acme/tiny-GGUF', { 'tiny-Q8_0.gguf': noise(9, 9) });
    expect((await files('tiny:q8_0')).from).toContain('/acme/tiny-GGUF/resolve/');
    await expect(files('other:q8_0')).rejects.toMatchObject({
      code: 'not_in_registry',
      detail: { model: 'other:q8_0' },
    });
  });

  test('and one that the site has is the site’s', async () => {
    const { world, resolve } = openSources(() => 'hf.co/acme/tiny-GGUF');
    expect((await resolve('smollm2:135m')).kind).toBe('manifest');
    expect(world.log).toEqual([]);
  });
});

describe('nobody is asked', () => {
  test.each([
    ['hub', 'hf.co/acme/m', 'huggingface.co'],
    ['registry', 'registry.test/acme/tiny:1b', 'registry.test'],
    ['files', 'https://files.test/x.gguf', 'files.test'],
  ])('at the %s with the network off', async (_role, name, host) => {
    const { world, gate, resolve } = openSources();
    gate.switch(true);
    await expect(resolve(name)).rejects.toMatchObject({ code: 'network_off' });
    expect(world.log).toEqual([]);
    expect(gate.refused.map(({ url }) => new URL(url).host)).toEqual([host]);
  });

  test.each([
    ['other.test/acme/tiny:1b', 'https://other.test'],
    ['https://other.test/x.gguf', 'https://other.test'],
  ])('outside the policy, as for %s', async (name, url) => {
    const { world, gate, resolve } = openSources();
    gate.switch(true); // it would be noted
    await expect(resolve(name)).rejects.toMatchObject({
      code: 'host_not_allowed',
      detail: { url },
    });
    expect(world.log).toEqual([]);
    expect(gate.refused).toEqual([]);
  });

  test('after a stop', async () => {
    const { resolve } = openSources();
    const stopped = resolve('hf.co/acme/m', AbortSignal.abort());
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('the policy', () => {
  const list = [
    'https://huggingface.co',
    'https://*.hf.co',
    'http://localhost:*',
    'https://a.test:8443/m/',
  ];
  test.each([
    ['https://site.test/v2/', true],
    ['https://huggingface.co/api', true],
    ['http://huggingface.co/api', false],
    ['https://huggingface.co:444/api', false],
    ['https://cdn-lfs.hf.co/x', true],
    ['https://hf.co/x', false],
    ['https://evilhf.co/x', false],
    ['https://huggingface.co.evil.test/x', false],
    ['http://localhost:1234/x', true],
    ['https://localhost/x', true],
    ['http://127.0.0.1/x', false],
    ['https://a.test:8443/m/x.gguf', true],
    ['https://a.test:8443/x.gguf', false],
    ['https://a.test/m/x.gguf', false],
  ])('%s: %s', (url, allowed) => {
    expect(isAllowed(url, list, 'https://site.test/repo/')).toBe(allowed);
  });

  test('with schemes, hosts without one, and all', () => {
    const site = 'https://site.test/';
    expect(isAllowed('https://any.test/x', ['https:'], site)).toBe(true);
    expect(isAllowed('http://any.test/x', ['https:'], site)).toBe(false);
    expect(isAllowed('https://any.test/x', ['any.test'], site)).toBe(true);
    expect(isAllowed('http://any.test/x', ['any.test'], site)).toBe(false);
    expect(isAllowed('http://any.test/x', ['any.test'], 'http://site.test/')).toBe(true);
    expect(isAllowed('http://any.test/x', ['*'], site)).toBe(true);
  });
});
