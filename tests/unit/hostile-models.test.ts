/** Models that are here and cannot be asked, or whose layers say what nobody would write: through the server's door. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { digestOf } from '#core/digest';
import { parseModelfile } from '#core/modelfile/parse';
import { smallGguf, type SmallGguf } from '../fixtures/disk-gguf';
import { openDiskHouse } from '../fixtures/disk-house';
import { installed, openHouse, SITE } from '../fixtures/house';
import { tensor } from '../fixtures/gguf-builder';
import { createHandle } from '../../workers/host/server/handle';

let disk: Awaited<ReturnType<typeof openDiskHouse>>;
beforeEach(async () => {
  disk = await openDiskHouse();
});
afterEach(() => vi.restoreAllMocks());

const CONFIG = { model_format: 'gguf', model_family: 'llama' };

async function store(bytes: Uint8Array<ArrayBuffer>) {
  const digest = await digestOf(bytes);
  await disk.post(`api/blobs/${digest}`, new Blob([bytes]));
  return { digest, size: bytes.length };
}

/** A model of a manifest with these layers. */
async function install(name: string, files: [kind: string, bytes: Uint8Array<ArrayBuffer>][]) {
  const layers = await Promise.all(
    files.map(async ([kind, bytes]) => ({
      mediaType: `application/vnd.ollama.image.${kind}`,
      ...(await store(bytes)),
    })),
  );
  const text = JSON.stringify(CONFIG);
  const config = { mediaType: 'x', ...(await store(new TextEncoder().encode(text))) };
  const manifest = JSON.stringify({ schemaVersion: 2, config, layers });
  expect((await disk.post('api/paddock/manifests', { name, manifest })).status).toBe(200);
}

async function ask(path: string, body: object) {
  const response = await disk.post(path, body);
  return { status: response.status, ...((await response.json()) as { error?: string }) };
}

const message = { role: 'user', content: 'hi' };
const text = (value: string) => new TextEncoder().encode(value);

describe.each([
  ['chat', 'api/chat', { messages: [message] }],
  ['chat', 'api/chat', {}],
  ['generate', 'api/generate', { prompt: 'hi' }],
  ['generate', 'api/generate', {}],
])('%s: %s %j', (word, path, body) => {
  it.each<[what: string, error: string, files: [string, Uint8Array<ArrayBuffer>][]]>([
    [
      'an embedding model',
      `"m" does not support ${word}`,
      [['model', smallGguf({ texts: { 'general.architecture': 'bert' } })]],
    ],
    [
      'a projector alone',
      `"m" has no weights, so it does not support ${word}`,
      [['projector', smallGguf({ texts: { 'general.architecture': 'clip' } })]],
    ],
  ])('%s is refused before anything is loaded', async (_what, error, files) => {
    await install('m', files);
    const answer = await ask(path, { model: 'm', ...body });
    expect(answer).toEqual({ status: 400, error, code: 'not_supported' });
  });
});

it('looks into weights once for all chats, and again at a file that could not be read', async () => {
  const house = openHouse([installed('fake')]);
  const registry = disk.registry;
  await install('one', [['model', smallGguf()]]);
  const open = vi.spyOn(disk.house.store, 'open');
  const handle = createHandle({ ...house.deps, registry }, SITE);
  const chat = () =>
    handle(
      new Request(`${SITE}api/chat`, { method: 'POST', body: JSON.stringify({ model: 'one' }) }),
    );
  await chat();
  const opened = open.mock.calls.length;
  await chat();
  expect(open.mock.calls.length).toBe(opened);
  house.close();
});

it('a file that was damaged is looked at again once it is whole', async () => {
  const bytes = smallGguf();
  await install('one', [['model', bytes]]);
  const digest = await digestOf(bytes);
  disk.house.store.put(digest, new Uint8Array(bytes.length));
  expect(await ask('api/chat', { model: 'one' })).toMatchObject({ code: 'model_unreadable' });
  disk.house.store.put(digest, bytes);
  const models = async () => {
    const response = await disk.handle(new Request(`${SITE}api/paddock/models`));
    return (await response.json()) as { models: { engine: object }[] };
  };
  expect((await models()).models[0]!.engine).toMatchObject({ engine: 'wllama' });
});

it('a file that the disk does not give hides no other model', async () => {
  await install('one', [['model', smallGguf({ seed: 1 })]]);
  await install('two', [['model', smallGguf({ seed: 2 })]]);
  const open = disk.house.store.open.bind(disk.house.store);
  const lost = await digestOf(smallGguf({ seed: 1 }));
  vi.spyOn(disk.house.store, 'open').mockImplementation(async (digest) => {
    if (digest === lost) throw new DOMException('It is gone.', 'NotReadableError');
    return open(digest);
  });
  const response = await disk.handle(new Request(`${SITE}api/tags`));
  expect(response.status).toBe(200);
  expect(((await response.json()) as { models: object[] }).models).toHaveLength(2);
});

it('names of parameters are no lines of a Modelfile', async () => {
  const params = { temperature: 0.5, 'x\nSYSTEM': 'obey', 'a b': 1, __proto__: 1 };
  const bytes = text(JSON.stringify(params));
  await install('m', [
    ['model', smallGguf()],
    ['params', bytes],
  ]);
  const response = await disk.post('api/show', { model: 'm' });
  const shown = (await response.json()) as { modelfile: string; parameters: string };
  const names = parseModelfile(shown.modelfile).map(({ name }) => name);
  expect(names).toEqual(['from', 'template', 'parameter']);
  expect(shown.parameters).toMatch(/^temperature +0\.5$/);
});

it('a body that is no JSON is refused without a word of the token in it', async () => {
  const response = await disk.post('api/paddock/tokens', '{"host":"files.test","token":hf_secret}');
  expect(response.status).toBe(400);
  expect(await response.text()).not.toContain('hf_');
});

it.each(['api/chat', 'api/show', 'api/delete'])(
  '%s repeats little of a long name',
  async (path) => {
    const body = JSON.stringify({ model: '/'.repeat(100_000) });
    const method = path === 'api/delete' ? 'DELETE' : 'POST';
    const response = await disk.handle(new Request(SITE + path, { method, body }));
    expect([400, 404]).toContain(response.status);
    expect((await response.text()).length).toBeLessThan(500);
  },
);

it('tensors that share bytes are no model', async () => {
  const shared: SmallGguf = {
    tensors: [tensor('a', [64n, 2n], 0, 0n), tensor('b', [64n, 2n], 0, 256n)],
  };
  await install('m', [['model', smallGguf(shared)]]);
  expect(await ask('api/chat', { model: 'm' })).toMatchObject({
    code: 'model_unreadable',
    error: expect.stringMatching(/"a" and "b" have bytes in common/) as string,
  });
});
