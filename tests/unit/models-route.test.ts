/** `/api/paddock/models`, and what `/api/tags` and `/api/ps` tell since models have facts. */
import { beforeEach, expect, it, vi } from 'vitest';
import { parseName } from '#core/names';
import type { ModelFacts } from '#core/paddock-api';
import type { NoWebGpu } from '#core/webgpu-probe';
import { createHandle } from '../../workers/host/server/handle';
import { smallGguf } from '../fixtures/disk-gguf';
import { openDiskHouse } from '../fixtures/disk-house';
import { openHouse, SITE } from '../fixtures/house';

let disk: Awaited<ReturnType<typeof openDiskHouse>>;
beforeEach(async () => {
  disk = await openDiskHouse();
});

/** A model of these weights, under this name. */
async function install(name: string, bytes: Uint8Array<ArrayBuffer>) {
  const stored = await disk.post('api/paddock/blobs', new Blob([bytes]));
  const { digest } = JSON.parse((await stored.text()).trimEnd().split('\n').at(-1)!) as {
    digest: string;
  };
  const files = [{ digest, kind: 'model', name: 'model.gguf' }];
  expect((await disk.post('api/paddock/manifests', { name, files })).status).toBe(200);
}

async function get<T>(path: string): Promise<T[]> {
  const response = await disk.handle(new Request(SITE + path));
  return ((await response.json()) as { models: T[] }).models;
}

const LENGTHS = { 'llama.context_length': 8192, 'llama.embedding_length': 576 };

it('tells size, lengths, engine and use of each model', async () => {
  await install('one', smallGguf({ numbers: LENGTHS, seed: 1 }));
  const [model] = await get<ModelFacts>('api/paddock/models');
  expect(model).toMatchObject({
    name: 'one:latest',
    format: 'gguf',
    family: 'llama',
    quantization_level: 'F32',
    context_length: 8192,
    capabilities: ['completion'],
    last_used: null,
    from: null,
    engine: { engine: 'wllama', backend: 'wasm' },
  });
  expect(model!.own_size).toBe(model!.size);
  const [tag] = await get<Record<string, unknown>>('api/tags');
  expect(tag).toMatchObject({
    capabilities: ['completion'],
    details: { parent_model: '', context_length: 8192, embedding_length: 576 },
  });
});

it('tells the backend by the num_gpu of the model’s own parameters', async () => {
  await install('one', smallGguf({ texts: { 'tokenizer.ggml.model': 'gpt2' } }));
  for (const [model, num_gpu] of [
    ['cpu', 0],
    ['gpu', 99],
  ] as const) {
    const asked = { model, from: 'one', parameters: { num_gpu }, stream: false };
    expect((await disk.post('api/create', asked)).status).toBe(200);
  }
  const told = async (noWebGpu: NoWebGpu) => {
    const deps = { ...openHouse([]).deps, registry: disk.registry, noWebGpu: async () => noWebGpu };
    const response = await createHandle(deps, SITE)(new Request(`${SITE}api/paddock/models`));
    const { models } = (await response.json()) as { models: ModelFacts[] };
    const backends: Record<string, string | null> = {};
    for (const { name, engine } of models) backends[name] = engine.engine && engine.backend;
    return backends;
  };
  const expected = (one: string, cpu: string, gpu: string) => ({
    ...{ 'one:latest': one, 'cpu:latest': cpu, 'gpu:latest': gpu },
  });
  const software = { paddock: 'software_adapter', wllama: 'no_shader_f16' } as const;
  expect(await told(software)).toEqual(expected('wasm', 'wasm', 'webgpu'));
  const real = { paddock: null, wllama: null };
  expect(await told(real)).toEqual(expected('webgpu', 'wasm', 'webgpu'));
});

it('counts as its own only what no other model shares', async () => {
  await install('one', smallGguf({ seed: 1 }));
  const copy = await disk.post('api/copy', { source: 'one', destination: 'two' });
  expect(copy.status).toBe(200);
  await install('other', smallGguf({ seed: 2 }));
  const models = await get<ModelFacts>('api/paddock/models');
  const own = Object.fromEntries(models.map(({ name, own_size }) => [name, own_size]));
  const size = models.find(({ name }) => name === 'other:latest')!.size;
  // Their configurations are the same, so only its weights are its own.
  expect(own).toEqual({ 'one:latest': 0, 'two:latest': 0, 'other:latest': smallGguf().length });
  expect(size).toBeGreaterThan(smallGguf().length);
});

it('looks into the weights once, and not again after a reload', async () => {
  await install('one', smallGguf({ numbers: LENGTHS }));
  await get('api/tags');
  const open = vi.spyOn(disk.house.store, 'open');
  await get('api/paddock/models');
  const again = await disk.house.open();
  const handle = createHandle({ ...openHouse([]).deps, registry: again }, SITE);
  const response = await handle(new Request(`${SITE}api/paddock/models`));
  const { models } = (await response.json()) as { models: ModelFacts[] };
  expect(models[0]).toMatchObject({ context_length: 8192 });
  expect(open).not.toHaveBeenCalled();
});

it('keeps no facts for a model that has become another one meanwhile', async () => {
  await install('one', smallGguf({ numbers: LENGTHS, seed: 1 }));
  const old = (await disk.registry.get(parseName('one')!))!;
  await install('one', smallGguf({ numbers: { 'llama.context_length': 4096 }, seed: 2 }));
  await disk.registry.facts(old);
  expect((await get<ModelFacts>('api/paddock/models'))[0]).toMatchObject({ context_length: 4096 });
});

it('says what is wrong with a file, and lists it all the same', async () => {
  await install('one', smallGguf());
  const model = (await disk.registry.get(parseName('one')!))!;
  const [weights] = model.manifest.layers;
  disk.house.store.put(weights!.digest, new Uint8Array(weights!.size));
  expect((await get<ModelFacts>('api/paddock/models'))[0]).toMatchObject({
    engine: { engine: null, reason: expect.stringMatching(/not a readable GGUF/) as string },
  });
});

it.each(['', '?digest='])(
  'tells damage, which the same file from disk mends (blobs%s)',
  async (known) => {
    const bytes = smallGguf();
    await install('one', bytes);
    const [weights] = (await disk.registry.get(parseName('one')!))!.manifest.layers;
    const { digest } = weights!;
    disk.house.store.put(digest, new Uint8Array(bytes.length));
    await (await disk.post('api/paddock/storage/check', {})).text();
    expect((await get<ModelFacts>('api/paddock/models'))[0]).toMatchObject({ damaged: true });
    const path = `api/paddock/blobs${known && known + digest}`;
    expect(await (await disk.post(path, new Blob([bytes]))).text()).toContain(`"${digest}"`);
    expect(await (await disk.house.store.open(digest)).arrayBuffer()).toEqual(bytes.buffer);
    expect((await get<ModelFacts>('api/paddock/models'))[0]).toMatchObject({ damaged: false });
  },
);

it('notes a use at most once a minute, and forgets it with the model', async () => {
  await install('one', smallGguf());
  const name = parseName('ONE')!;
  const put = vi.spyOn(disk.house.db, 'putUsage');
  const start = disk.house.time;
  for (const seconds of [0, 30, 59, 60]) {
    disk.house.time = start + seconds * 1000;
    await disk.registry.noteUse(name);
  }
  expect(put).toHaveBeenCalledTimes(2);
  const used = new Date(start + 60_000).toISOString();
  expect((await get<ModelFacts>('api/paddock/models'))[0]).toMatchObject({ last_used: used });
  await disk.registry.delete(name);
  expect(await disk.registry.usage()).toEqual(new Map());
});

it('a use that cannot be saved is said, and harms nothing', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  vi.spyOn(disk.house.db, 'putUsage').mockRejectedValueOnce(new Error('disk full'));
  await expect(disk.registry.noteUse(parseName('one')!)).resolves.toBeUndefined();
  expect(warn).toHaveBeenCalled();
  await disk.registry.noteUse(parseName('one')!);
  expect((await disk.registry.usage()).size).toBe(1);
  warn.mockRestore();
});

it('a chat is a use', async () => {
  const house = openHouse();
  const noteUse = vi.spyOn(house.deps.registry, 'noteUse');
  await house.call('POST', '/api/chat', { model: 'FAKE', messages: [] });
  expect(noteUse).toHaveBeenCalledWith(parseName('fake'));
  house.close();
});
