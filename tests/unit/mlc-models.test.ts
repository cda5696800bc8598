/** MLC models that are here: what lists say of them, what a runner gets, and what can be made of them. */
import { beforeEach, describe, expect, test } from 'vitest';
import { layersOf, LAYER_PREFIX } from '#core/manifest';
import { parseModelfile } from '#core/modelfile/parse';
import { nameKey, parseName } from '#core/names';
import { lines } from '../fixtures/house';
import { LISTED, openMlcHouse, OWN } from '../fixtures/mlc-house';
import { ADAPTER } from '../fixtures/test-registry';
import { changed, smallLibrary, tinyMlc, type TinyFile } from '../fixtures/tiny-mlc';

type House = Awaited<ReturnType<typeof openMlcHouse>>;
let mlc: House;
beforeEach(async () => {
  mlc = await openMlcHouse();
});

const found = async (model: string) => mlc.door.registry.get(parseName(model)!);
const ask = <T>(path: string, body?: object) => mlc.door.ask<T>(path, body);

/** The answer of a request that is refused. */
async function refusal(path: string, body: object) {
  const response = await mlc.door.post(path, body);
  return { status: response.status, ...((await response.json()) as object) };
}

/** Pulls the model that WebLLM does not list, with its library. */
async function pullOwn() {
  expect(await mlc.outcome(OWN, { library: mlc.library })).toEqual({ status: 'success' });
}

async function blobOf(name: string) {
  const { manifest } = (await found(OWN))!;
  return mlc.house.store.committed.get(
    manifest.layers.find((layer) => layer.name === name)!.digest,
  )!;
}

describe('what is said of one', () => {
  beforeEach(pullOwn);

  test('in lists', async () => {
    const { models } = await ask<{ models: object[] }>('api/tags');
    expect(models).toMatchObject([
      {
        name: `${OWN}:latest`,
        details: {
          format: 'mlc',
          family: 'llama',
          parameter_size: '50K',
          quantization_level: 'q0f32',
          context_length: 512,
        },
        capabilities: ['completion'],
      },
    ]);
  });

  test('by show: its figures, its conversation in words, and a Modelfile that can be read', async () => {
    const shown = await ask<Record<string, unknown>>('api/show', { model: OWN });
    expect(shown.model_info).toEqual({
      'general.architecture': 'llama',
      'general.parameter_count': 49_728,
      'general.quantization': 'q0f32',
      'llama.context_length': 512,
      'llama.vocab_size': 512,
    });
    expect(shown.template).toContain('<|user|>');
    expect(shown.template).toContain('{user_message}');
    const commands = parseModelfile(shown.modelfile as string);
    expect(commands).toEqual([{ name: 'from', value: `${OWN}:latest` }]);
  });

  test('about the engine that would run it, or what the device lacks', async () => {
    const engineOn = async (adapter: typeof ADAPTER | null) => {
      mlc.house.adapter = adapter;
      const { models } = await ask<{ models: { engine: object }[] }>('api/paddock/models');
      return models[0]!.engine;
    };
    expect(await engineOn(ADAPTER)).toEqual({ engine: 'webllm', backend: 'webgpu' });
    expect(await engineOn({ ...ADAPTER, f16: false })).toMatchObject({ engine: 'webllm' });
    expect(await engineOn(null)).toEqual({
      engine: null,
      reason: 'It needs WebGPU, and this device gives no graphics adapter.',
    });
    expect(await engineOn({ ...ADAPTER, workgroup_storage: 16_384 })).toMatchObject({
      engine: null,
      reason: expect.stringMatching(/32768.*16384/) as string,
    });
  });
});

test('a model that WebLLM lists is told from the list: what it can do, and what it needs', async () => {
  await mlc.outcome(LISTED);
  mlc.house.adapter = { ...ADAPTER, f16: false };
  const { models } = await ask<{ models: object[] }>('api/paddock/models');
  expect(models).toMatchObject([
    { engine: { engine: null, reason: expect.stringContaining('shader-f16') as string } },
  ]);
});

describe('a runner', () => {
  test('gets every file by its name, and the size of the weights', async () => {
    await pullOwn();
    const { runnerModel } = await mlc.prepare(OWN);
    expect(runnerModel.format).toBe('mlc');
    expect(runnerModel.size).toBe(tinyMlc()['params_shard_0.bin'].length);
    expect(runnerModel.files.map(({ name }) => name).sort()).toEqual([
      'library.wasm',
      'mlc-chat-config.json',
      'params_shard_0.bin',
      'tensor-cache.json',
      'tokenizer.json',
    ]);
    for (const { digest } of runnerModel.files)
      expect(await mlc.house.store.has(digest)).toBe(true);
  });

  test('gets an older list of shards under its newer name', async () => {
    const { 'tensor-cache.json': list, ...rest } = tinyMlc();
    mlc.world.repo('acme/old-MLC', { ...rest, 'ndarray-cache.json': list });
    const model = 'hf.co/acme/old-MLC';
    expect(await mlc.outcome(model, { library: mlc.library })).toEqual({ status: 'success' });
    const { runnerModel } = await mlc.prepare(model);
    expect(runnerModel.files.map(({ name }) => name)).toContain('tensor-cache.json');
  });

  test('gets none that a check found damaged, nor one of another size', async () => {
    await pullOwn();
    const shard = await blobOf('params_shard_0.bin');
    shard.bytes[100_000]! ^= 1;
    const check = await lines(await mlc.door.post('api/paddock/storage/check', {}));
    expect(check.at(-1)).toMatchObject({
      damaged: [{ model: `${OWN}:latest`, blobs: [{ state: 'damaged' }] }],
    });
    const chat = { model: OWN, messages: [{ role: 'user', content: 'hello' }] };
    expect(await refusal('api/chat', chat)).toMatchObject({ code: 'model_unreadable' });
    const repaired = await lines(await mlc.door.post('api/paddock/storage/repair', { model: OWN }));
    expect(repaired.at(-1)).toEqual({ status: 'success' });
    const again = await lines(await mlc.door.post('api/paddock/storage/check', {}));
    expect(again.at(-1)).toMatchObject({ damaged: [] });
    const text = await blobOf('tokenizer.json');
    text.bytes = text.bytes.slice(0, -1);
    await ask('api/tags'); // it looks at the files
    expect(await refusal('api/chat', chat)).toMatchObject({ status: 404 });
  });

  test('gets none whose library is of another version of WebLLM', async () => {
    const library = mlc.world.file('/v0_2_48/base/old.wasm', smallLibrary());
    expect(await mlc.outcome(OWN, { library })).toEqual({ status: 'success' });
    expect(await refusal('api/chat', { model: OWN })).toMatchObject({
      code: 'bad_library',
      detail: { recorded: 'v0_2_48/base', needed: 'v0_2_86/base' },
    });
  });

  test('of an older pull, without a library, says to pull it again', async () => {
    await pullOwn();
    const { manifest } = (await found(OWN))!;
    const layers = manifest.layers.filter(({ mediaType }) => !mediaType.endsWith('library'));
    const record = (await mlc.house.db.manifest(nameKey(parseName(OWN)!)))!;
    const name = parseName('old')!;
    const text = JSON.stringify({ ...manifest, layers });
    await mlc.house.db.putManifest({ ...record, name, key: nameKey(name), text });
    expect(await refusal('api/chat', { model: 'old' })).toMatchObject({
      code: 'model_unreadable',
      error: expect.stringContaining('no library') as string,
    });
  });
});

describe('what is made of one', () => {
  beforeEach(pullOwn);

  test('a preset has its own words and the files of the first', async () => {
    const body = { model: 'mine', from: OWN, system: 'Be brief.', parameters: { temperature: 0 } };
    await ask('api/create', { ...body, stream: false });
    const { runnerModel, system, options } = await mlc.prepare('mine');
    expect(runnerModel).toEqual((await mlc.prepare(OWN)).runnerModel);
    expect(system).toBe('Be brief.');
    expect(options.sampling.temperature).toBe(0);
    const { details } = await ask<{ details: object }>('api/show', { model: 'mine' });
    expect(details).toMatchObject({ parent_model: `${OWN}:latest`, format: 'mlc' });
  });

  test('TEMPLATE and ADAPTER are refused, its own template as it is shown is not', async () => {
    const { template } = await ask<{ template: string }>('api/show', { model: OWN });
    const base = { model: 'mine', from: OWN, stream: false };
    await ask('api/create', { ...base, template });
    expect(layersOf((await found('mine'))!.manifest, 'template')).toEqual([]);
    expect(await refusal('api/create', { ...base, template: '{{ .Prompt }}' })).toMatchObject({
      code: 'not_supported',
      error: expect.stringContaining('TEMPLATE') as string,
    });
  });

  test('a copy shares the files, and stays when the first is deleted', async () => {
    await mlc.door.post('api/copy', { source: OWN, destination: 'twin' });
    await mlc.door.handle(
      new Request('http://paddock.test/api/delete', {
        method: 'DELETE',
        body: JSON.stringify({ model: OWN }),
      }),
    );
    const { runnerModel } = await mlc.prepare('twin');
    for (const { digest } of runnerModel.files)
      expect(await mlc.house.store.has(digest)).toBe(true);
  });

  test('files for the disk have their names, and make the same model again', async () => {
    type Files = { files: { name: string; kind: string; digest: string }[] };
    const { files } = await ask<Files>('api/paddock/files', { model: OWN });
    expect(files.map(({ name }) => name)).toEqual([
      'mlc-chat-config.json',
      'tensor-cache.json',
      'tokenizer.json',
      'library.wasm',
      'params_shard_0.bin',
    ]);
    await ask('api/paddock/manifests', { name: 'again', files });
    const { runnerModel } = await mlc.prepare('again');
    expect(runnerModel).toEqual((await mlc.prepare(OWN)).runnerModel);
    const without = (kind: string) => files.filter((file) => file.kind !== kind);
    for (const some of [without('library'), without('json')]) {
      const { status } = await mlc.door.post('api/paddock/manifests', { name: 'x', files: some });
      expect(status).toBeGreaterThanOrEqual(400);
    }
    const [path] = files.map((file) => ({ ...file, name: '../x' }));
    const body = { name: 'x', files: [path, ...files] };
    expect((await mlc.door.post('api/paddock/manifests', body)).status).toBe(400);
  });
});

describe('a repository whose texts do not fit its files is refused before its weights come', () => {
  const records = (change: object) => ({
    records: [{ dataPath: 'params_shard_0.bin', nbytes: 198_912, records: [], ...change }],
  });

  test.each<[what: string, file: TinyFile, change: object | null, words: RegExp]>([
    ['another size in its list', 'tensor-cache.json', records({ nbytes: 198_913 }), /198912 bytes/],
    ['a size below 0', 'tensor-cache.json', records({ nbytes: -1 }), /"nbytes"/],
    ['a size of no number', 'tensor-cache.json', records({ nbytes: '9' }), /"nbytes"/],
    ['a huge size', 'tensor-cache.json', records({ nbytes: 1e15 }), /"nbytes"/],
    ['a path for a name', 'tensor-cache.json', records({ dataPath: '../../x' }), /"dataPath"/],
    ['a name with a 0', 'tensor-cache.json', records({ dataPath: 'x\0' }), /"dataPath"/],
    ['a shard more', 'tensor-cache.json', records({ dataPath: 'params_shard_1.bin' }), /missing/],
    [
      'tensors outside',
      'tensor-cache.json',
      records({ records: [{ byteOffset: 9, nbytes: 198_912 }] }),
      /outside/,
    ],
    ['tensors that are none', 'tensor-cache.json', records({ records: [null] }), /outside/],
    ['no list', 'tensor-cache.json', { records: {} }, /"records"/],
    ['an empty list', 'tensor-cache.json', { records: [] }, /"records"/],
    ['no tokenizer', 'tokenizer.json', null, /tokenizer\.json, is missing/],
    [
      'a tokenizer nobody reads',
      'mlc-chat-config.json',
      { tokenizer_files: ['x.txt'] },
      /no tokenizer/,
    ],
    ['no type', 'mlc-chat-config.json', { model_type: '' }, /"model_type"/],
    [
      'a quantization that is none',
      'mlc-chat-config.json',
      { quantization: ['q4'] },
      /"quantization"/,
    ],
    ['a type of many words', 'mlc-chat-config.json', { model_type: 'a\nb' }, /"model_type"/],
  ])('%s', async (_what, file, change, words) => {
    const files: Partial<ReturnType<typeof tinyMlc>> = tinyMlc();
    if (change === null) delete files[file];
    else files[file] = changed(files[file]!, change);
    mlc.world.repo('acme/bad', { ...files });
    const answer = await mlc.outcome('hf.co/acme/bad', { library: mlc.library });
    expect(answer).toMatchObject({ code: 'model_unreadable' });
    expect(answer.error).toMatch(words);
    expect(mlc.world.log.some(({ path }) => path.includes('params_shard'))).toBe(false);
  });

  test.each(['not JSON', '[]', 'null', '<html>'])('texts that are %s', async (text) => {
    const bytes = new TextEncoder().encode(text);
    mlc.world.repo('acme/bad', { ...tinyMlc(), 'tensor-cache.json': bytes });
    const answer = await mlc.outcome('hf.co/acme/bad', { library: mlc.library });
    expect(answer).toMatchObject({ code: 'model_unreadable' });
  });

  test('a storage that is full in the middle keeps what came, and a later pull goes on', async () => {
    mlc.house.store.capacity = 50_000;
    const full = await mlc.outcome(OWN, { library: mlc.library });
    expect(full).toMatchObject({ code: 'storage_full' });
    expect(await found(OWN)).toBeNull();
    mlc.house.store.capacity = Infinity;
    await pullOwn();
    expect((await found(OWN))!.manifest.layers.map(({ mediaType }) => mediaType)).toContain(
      `${LAYER_PREFIX}tensor`,
    );
  });
});
