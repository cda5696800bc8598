/** `/api/create`, and what becomes of it in show, tags, copy and delete: black box, with a real store behind. */
import { beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '#core/digest';
import { parseModelfile } from '#core/modelfile/parse';
import { modelfileRequest } from '#core/modelfile/request';
import { smallGguf, smallPart, type SmallGguf } from '../fixtures/disk-gguf';
import { openDiskHouse } from '../fixtures/disk-house';
import { lines, SITE } from '../fixtures/house';
import { pullAll } from '../fixtures/test-registry';

let disk: Awaited<ReturnType<typeof openDiskHouse>>;
beforeEach(async () => {
  disk = await openDiskHouse();
});

type Json = Record<string, unknown>;

/** Stores the file, and gives its digest. */
async function stored(parts: SmallGguf | Uint8Array<ArrayBuffer> = {}): Promise<string> {
  const bytes = parts instanceof Uint8Array ? parts : smallGguf(parts);
  const digest = await digestOf(bytes);
  const response = await disk.post(`api/blobs/${digest}`, new Blob([bytes]));
  expect([200, 201]).toContain(response.status);
  return digest;
}

async function create(body: Json): Promise<string[]> {
  const response = await disk.post('api/create', body);
  const all = await lines(response);
  expect(response.status, JSON.stringify(all)).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/x-ndjson');
  expect(all.at(-1)).toEqual({ status: 'success' });
  return all.map(({ status }) => status as string);
}

async function refused(body: Json) {
  const response = await disk.post('api/create', body);
  return { status: response.status, ...((await response.json()) as { error: string }) };
}

/** A model of one small file, with what `more` asks for. */
async function createFromFile(model: string, more: Json = {}, seed = 0): Promise<string[]> {
  return create({ model, files: { 'model.gguf': await stored({ seed }) }, ...more });
}

async function show(model: string, more: Json = {}): Promise<Json> {
  const response = await disk.post('api/show', { model, ...more });
  const shown = (await response.json()) as Json;
  expect(response.status, JSON.stringify(shown)).toBe(200);
  return shown;
}

async function names(): Promise<string[]> {
  const response = await disk.handle(new Request(`${SITE}api/tags`));
  const { models } = (await response.json()) as { models: { name: string }[] };
  return models.map(({ name }) => name).sort();
}

function remove(model: string): Promise<Response> {
  const body = JSON.stringify({ model });
  return disk.handle(new Request(`${SITE}api/delete`, { method: 'DELETE', body }));
}

const blobs = () => [...disk.house.store.committed.keys()].sort();

describe('from files', () => {
  it('says each layer, writes the manifest, and the model is there', async () => {
    const digest = await stored();
    const statuses = await create({
      model: 'test',
      files: { 'model.gguf': digest },
      system: 'Say hi!',
    });
    expect(statuses).toEqual([
      `using existing layer ${digest}`,
      expect.stringMatching(/^creating new layer sha256:[0-9a-f]{64}$/),
      expect.stringMatching(/^creating new layer sha256:[0-9a-f]{64}$/),
      'writing manifest',
      'success',
    ]);
    expect(await names()).toEqual(['test:latest']);
    expect(await show('test')).toMatchObject({
      system: 'Say hi!',
      details: { format: 'gguf', family: 'llama', families: ['llama'], quantization_level: 'F32' },
      model_info: { 'general.architecture': 'llama' },
      tensor_types: [{ type: 'F32', count: 1, bytes: 512 }],
    });
  });

  it('answers with the last status alone when it is not streamed', async () => {
    const files = { 'a.gguf': await stored() };
    const response = await disk.post('api/create', { name: 'test', files, stream: false });
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toEqual({ status: 'success' });
  });

  it('takes projector and adapter for what they are', async () => {
    await create({
      model: 'seeing',
      files: {
        'mmproj.gguf': await stored({ texts: { 'general.architecture': 'clip' }, seed: 1 }),
        'model.gguf': await stored({ seed: 2 }),
      },
      adapters: { 'lora.gguf': await stored({ texts: { 'general.type': 'adapter' }, seed: 3 }) },
    });
    const shown = await show('seeing');
    expect(shown).toMatchObject({
      details: { family: 'llama', families: ['llama', 'clip'] },
      capabilities: ['completion', 'vision'],
      projector_info: { 'general.architecture': 'clip' },
    });
    expect((shown.modelfile as string).match(/^(FROM|ADAPTER) sha256-/gm)).toEqual([
      'FROM sha256-',
      'FROM sha256-',
      'ADAPTER sha256-',
    ]);
  });

  it('puts the parts of a split model in their order, and counts all of them', async () => {
    const first = await stored(smallPart(1, 2));
    const later = await stored(smallPart(2, 2));
    const files = { 'm-00002-of-00002.gguf': later, 'm-00001-of-00002.gguf': first };
    const statuses = await create({ model: 'split', files });
    expect(statuses.slice(0, 2)).toEqual([
      `using existing layer ${first}`,
      `using existing layer ${later}`,
    ]);
    expect(await show('split')).toMatchObject({ details: { parameter_size: '256' } });
    expect(await refused({ model: 'x', files: { a: first } })).toMatchObject({
      status: 400,
      error: 'The files make no whole model: part 2 of 2 is missing.',
    });
  });

  it('keeps renderer, parser, requires and info in the configuration', async () => {
    const info = { capabilities: ['audio'], model_family: 'fam', context_length: 99 };
    await createFromFile('test', { renderer: 'r', parser: 'p', requires: '0.14.0', info });
    expect(await show('test')).toMatchObject({
      ...{ renderer: 'r', parser: 'p', requires: '0.14.0' },
      details: { family: 'fam', context_length: 99 },
      capabilities: ['completion', 'audio'],
    });
  });
});

describe('from another model', () => {
  it('inherits its layers, renderer and parser, and names it as the parent', async () => {
    await createFromFile('base', { renderer: 'r', parser: 'p', system: 'Hi.', license: 'MIT' });
    const before = blobs().length;
    const statuses = await create({ model: 'test', from: 'base' });
    expect(statuses.every((status) => !status.startsWith('creating new'))).toBe(true);
    expect(blobs()).toHaveLength(before);
    expect(await show('test')).toMatchObject({
      ...{ renderer: 'r', parser: 'p', system: 'Hi.', license: 'MIT' },
      details: { parent_model: 'base:latest' },
    });
  });

  it('merges parameters key by key, and replaces stop whole', async () => {
    const parameters = { temperature: 1, top_k: 10, stop: ['USER:', 'ASSISTANT:'] };
    await createFromFile('base', { parameters });
    const changed = { temperature: 0.6, top_p: 0.7, stop: ['<|endoftext|>'] };
    await create({ model: 'test', from: 'base', parameters: changed });
    const { parameters: shown } = await show('test');
    expect((shown as string).split('\n').map((line) => line.split(/\s+/))).toEqual([
      ['temperature', '0.6'],
      ['top_k', '10'],
      ['stop', '"<|endoftext|>"'],
      ['top_p', '0.7'],
    ]);
    await create({ model: 'same', from: 'base', parameters: {} });
    expect((await show('same')).parameters).toContain('USER:');
  });

  it('replaces messages, template and system only where it has new ones', async () => {
    const message = (content: string) => [{ role: 'user', content }];
    const texts = { template: '{{ .Prompt }}', system: 'One.', messages: message('one') };
    await createFromFile('base', texts);
    await create({ model: 'same', from: 'base', template: '', system: '', messages: [] });
    expect(await show('same')).toMatchObject(texts);
    const others = { template: '{{ .System }}', system: 'Two.', messages: message('two') };
    await create({ model: 'other', from: 'base', ...others });
    expect(await show('other')).toMatchObject(others);
  });

  it('has no system where the files came without one', async () => {
    await createFromFile('test', { system: 'Say hi!' });
    await createFromFile('test', { system: '' });
    expect(await show('test')).not.toHaveProperty('system');
  });

  it('appends licences', async () => {
    await createFromFile('base', { license: ['MIT', 'Apache-2.0'] });
    await create({ model: 'test', from: 'base', license: 'Mine.' });
    expect((await show('test')).license).toBe('MIT\nApache-2.0\nMine.');
  });

  it('pulls it where it is not here, and says when nobody has it', async () => {
    const statuses = await create({ model: 'mine', from: 'fake', system: 'Hi.' });
    expect(statuses[0]).toBe('pulling manifest');
    expect(await names()).toEqual(['fake:latest', 'mine:latest']);
    const response = await disk.post('api/create', { model: 'x', from: 'nowhere' });
    expect((await lines(response)).at(-1)).toMatchObject({ code: 'not_in_registry' });
    expect(await names()).toEqual(['fake:latest', 'mine:latest']);
  });

  it('may be the model itself, and what it had before goes', async () => {
    await createFromFile('test', { system: 'One.', template: '{{ .Prompt }}' });
    const before = blobs();
    await create({ model: 'test', from: 'test', system: 'Two.' });
    const after = blobs();
    expect(after).toHaveLength(before.length);
    expect(after.filter((digest) => !before.includes(digest))).toHaveLength(1);
    expect(await show('test')).toMatchObject({ system: 'Two.', template: '{{ .Prompt }}' });
  });
});

describe('names', () => {
  it('keep their first spelling in create, pull and copy, and stay one model', async () => {
    await createFromFile('Some/Model:Tag');
    await createFromFile('sOME/mODEL:tAG', { system: 'Two.' });
    await create({ model: 'SOME/MODEL:TAG', from: 'some/model:tag', system: 'Three.' });
    await createFromFile('other', {}, 2);
    const copied = await disk.post('api/copy', { source: 'OTHER', destination: 'some/MODEL:tag' });
    expect(copied.status).toBe(200);
    await pullAll(disk.registry, 'Fake');
    await pullAll(disk.registry, 'fAKE:LATEST');
    expect(await names()).toEqual(['Fake:latest', 'Some/Model:Tag', 'other:latest']);
  });
});

describe('copy', () => {
  it('answers nothing, copies no byte, and stands by itself', async () => {
    await createFromFile('one', { system: 'Hi.' });
    const before = blobs();
    const response = await disk.post('api/copy', { source: 'one', destination: 'a/two:x' });
    expect({ status: response.status, text: await response.text() }).toEqual({
      status: 200,
      text: '',
    });
    expect(blobs()).toEqual(before);
    expect((await remove('one')).status).toBe(200);
    expect(blobs()).toEqual(before);
    expect(await show('a/two:x')).toMatchObject({ system: 'Hi.' });
    await remove('A/TWO:X');
    expect(blobs()).toEqual([]);
  });

  it.each([
    [{ source: 'one', destination: 'two' }, 404, 'model "one" not found'],
    [{ source: '^', destination: 'two' }, 400, 'source "^" is invalid'],
    [{ source: 'one', destination: '' }, 400, 'destination "" is invalid'],
    [{ source: 'one', destination: '../x' }, 400, 'destination "../x" is invalid'],
  ])('%j: %i', async (body, status, error) => {
    const response = await disk.post('api/copy', body);
    expect({ status: response.status, ...((await response.json()) as Json) }).toMatchObject({
      status,
      error,
    });
  });

  it('onto itself changes nothing', async () => {
    await createFromFile('one');
    expect((await disk.post('api/copy', { source: 'one', destination: 'ONE' })).status).toBe(200);
    expect(await names()).toEqual(['one:latest']);
  });
});

it('delete keeps what another model shares, and layers that one model has twice go once', async () => {
  await createFromFile('one', { system: 'Hi.', license: ['Same.', 'Same.'] });
  await create({ model: 'two', from: 'one', system: 'Other.' });
  const shared = blobs();
  await remove('one');
  expect(await names()).toEqual(['two:latest']);
  expect(await show('two')).toMatchObject({ license: 'Same.\nSame.', system: 'Other.' });
  expect(blobs().length).toBeLessThan(shared.length);
  await remove('two');
  expect(blobs()).toEqual([]);
});

describe('refused', () => {
  const GOOD = `sha256:${'a'.repeat(64)}`;
  it.each<[Json, string]>([
    [{ model: 'x' }, "neither 'from' or 'files' was specified"],
    [{ model: 'x', files: {} }, "neither 'from' or 'files' was specified"],
    [{ from: 'y' }, 'invalid model name'],
    [{ model: '../x', from: 'y' }, 'invalid model name'],
    [{ model: 'x', from: '../y' }, 'invalid model name'],
    [{ model: 'x', files: { '/a.gguf': GOOD } }, 'file path must be relative'],
    [{ model: 'x', files: { '../a.gguf': GOOD } }, 'file path must be relative'],
    [{ model: 'x', files: { 'a/../../b': GOOD } }, 'file path must be relative'],
    [{ model: 'x', files: { 'C:\\a': GOOD } }, 'file path must be relative'],
    [{ model: 'x', files: { '': GOOD } }, 'file path must be relative'],
    [{ model: 'x', adapters: { '/a': GOOD } }, 'file path must be relative'],
    [{ model: 'x', files: { a: '' } }, 'invalid digest format'],
    [{ model: 'x', files: { a: 'sha256:../../x' } }, 'invalid digest format'],
    [{ model: 'x', from: 'y', adapters: { a: '' } }, 'invalid digest format'],
    [{ model: 'x', files: { a: GOOD } }, `blob "${GOOD}" not found`],
    [{ model: 'x', from: 'y', template: '{{ .System' }, 'template error: unclosed action'],
    [{ model: 'x', from: 'y', template: '{{ if .System }}' }, 'template error: unexpected EOF'],
    [{ model: 'x', from: 'y', template: '{{ Prompt }}' }, 'template error: function "Prompt"'],
    [{ model: 'x', from: 'y', template: '{% for m in x %}' }, 'template error: '],
    [{ model: 'x', from: 'y', parameters: { nope: 1 } }, "unknown parameter 'nope'"],
    [{ model: 'x', from: 'y', parameters: { num_ctx: 'a' } }, 'must be of type integer'],
    [{ model: 'x', from: 'y', parameters: [1] }, '"parameters" must be an object'],
    [{ model: 'x', from: 'y', messages: [{ role: 'robot' }] }, 'message role must be one of'],
    [{ model: 'x', from: 'y', license: [1] }, '"license" must be'],
    [{ model: 'x', from: 'y', requires: 'newest' }, 'requires must be a semantic version'],
    [{ model: 'x', from: 'y', quantize: 'q4_0' }, '"quantize" is not supported in the browser'],
    [{ model: 'x', from: 'y', draft_files: { a: GOOD } }, '"draft_files" is not supported'],
    [{ model: 'x', from: 'y', info: { context_length: -1 } }, '"info.context_length"'],
    [{ model: 'x', from: 'y', system: 'x'.repeat(1_048_577) }, '"system" is larger than 1 MiB'],
  ])('%j', async (body, words) => {
    const { status, error } = await refused(body);
    expect(error).toContain(words);
    expect(status).toBe(400);
    expect(blobs()).toEqual([]);
    expect(await names()).toEqual([]);
  });

  it.each<[string, Uint8Array<ArrayBuffer>, string]>([
    ['fewer than 4 bytes', new Uint8Array([1, 2]), 'supplied file was not in GGUF format'],
    ['a text', new TextEncoder().encode('no model, just words'), 'not in GGUF format'],
    ['a damaged GGUF', smallGguf({ pairCount: 2n ** 60n }), 'the number of keys'],
  ])('%s', async (_what, bytes, words) => {
    const { status, error } = await refused({ model: 'x', files: { a: await stored(bytes) } });
    expect({ status, error }).toMatchObject({ status: 400 });
    expect(error).toContain(words);
    expect(await names()).toEqual([]);
  });

  it('two adapters, a model as an adapter, two models at once', async () => {
    const model = await stored({ seed: 1 });
    const adapter = (seed: number) => stored({ texts: { 'general.type': 'adapter' }, seed });
    const adapters = { a: await adapter(2), b: await adapter(3) };
    const only = 'only one adapter is currently supported';
    expect(await refused({ model: 'x', files: { m: model }, adapters })).toMatchObject({
      status: 400,
      error: only,
    });
    await create({ model: 'with', files: { m: model }, adapters: { a: adapters.a } });
    const more = { model: 'x', from: 'with', adapters: { b: adapters.b } };
    expect(await refused(more)).toMatchObject({ status: 400, error: only });
    const wrong = { model: 'x', files: { m: model }, adapters: { m: model } };
    expect(await refused(wrong)).toMatchObject({ status: 400 });
    const two = { model: 'x', files: { m: model, n: await stored({ seed: 9 }) } };
    expect(await refused(two)).toMatchObject({ error: 'the files hold more than one model' });
  });
});

it('show prints a Modelfile that asks for the same again', async () => {
  const asked = {
    template: 'A "quoted"\n{{ .Prompt }}',
    system: ' edges ',
    parameters: { temperature: 0.5, stop: ['<a>', ' b'] },
    messages: [{ role: 'user', content: '"hi"' }],
    license: ['One\ntwo'],
    requires: '0.1.0',
  };
  await createFromFile('test', asked);
  const { modelfile } = await show('test');
  const { from, adapters, drafts, warnings, ...again } = modelfileRequest(
    parseModelfile(modelfile as string),
  );
  expect(again).toEqual(asked);
  expect([from.length, adapters, drafts, warnings]).toEqual([1, [], [], []]);
});

it('show takes system, template and options of the request in the place of the model’s', async () => {
  await createFromFile('test', { system: 'One.', parameters: { top_k: 1, seed: 2 } });
  const shown = await show('test', { system: 'Two.', template: 'T', options: { top_k: 9 } });
  expect(shown).toMatchObject({ system: 'Two.', template: 'T' });
  expect(shown.parameters).toMatch(/top_k\s+9\nseed\s+2/);
  expect(shown.modelfile).toContain('PARAMETER top_k 9');
});
