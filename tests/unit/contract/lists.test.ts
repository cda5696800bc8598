/** Rows 7, 8 and 9 of the contract, tests 2, 4 and 7 of the best forty: `/api/tags`, `/api/show` and `/api/ps`. */
import { beforeAll, describe, expect, it } from 'vitest';
import { leftOutBy } from '#core/engine-options';
import {
  ABLE_TEMPLATE,
  openContract,
  type ContractHouse,
  type Json,
} from '../../fixtures/contract-house';
import { pair, STRING, U32 } from '../../fixtures/gguf-builder';
import { checkCases } from './cases';

let house: ContractHouse;
beforeAll(async () => {
  house = await openContract();
});

const tags = async () => (await house.ask('GET', '/api/tags')).body.models as Json[];
const ps = async () => (await house.ask('GET', '/api/ps')).body.models as Json[];
const show = async (body: Json) => (await house.ask('POST', '/api/show', body)).body;
const load = (model: string, more: Json = {}) =>
  house.ask('POST', '/api/generate', { model, ...more });

describe('row 7: tags', () => {
  it('test 4: names with their tag, newest first, and fields in their order', async () => {
    house.disk.time += 1000;
    await house.make('Test-Model', {}, { seed: 5 });
    const models = await tags();
    expect(models.map(({ name }) => name)).toEqual([
      ...[
        'Test-Model:latest',
        'acme/plain:latest',
        'able:latest',
        'plain:latest',
        'vectors:latest',
      ],
    ]);
    expect(Object.keys(models[0]!)).toEqual([
      ...['name', 'model', 'modified_at', 'size', 'digest', 'details', 'capabilities'],
    ]);
    expect(Object.keys(models[0]!.details as Json)).toEqual([
      ...['parent_model', 'format', 'family', 'families', 'parameter_size', 'quantization_level'],
    ]);
    expect(models[0]!.modified_at).toMatch(/^\d{4}-.*Z$/);
    expect(models.some((model) => 'expires_at' in model)).toBe(false);
  });

  it('trap d: a digest is bare hex, the same in ps, and one for two names of a manifest', async () => {
    const [plain, other] = ['plain:latest', 'acme/plain:latest'];
    const digestOf = (models: Json[], name: string) =>
      models.find((one) => one.name === name)!.digest;
    const models = await tags();
    expect(digestOf(models, plain)).toMatch(/^[0-9a-f]{64}$/);
    expect(digestOf(models, plain)).toBe(digestOf(models, other));
    await load('plain');
    expect(digestOf(await ps(), plain)).toBe(digestOf(models, plain));
  });

  it('tells what each can be asked', async () => {
    const models = await tags();
    const of = (name: string) => models.find((one) => one.name === name)!.capabilities;
    expect(of('plain:latest')).toEqual(['completion']);
    expect(of('able:latest')).toEqual(['completion', 'tools', 'insert', 'thinking']);
    expect(of('vectors:latest')).toEqual(['embedding']);
  });
});

describe('row 8: show', () => {
  checkCases(
    () => house,
    [
      {
        row: '8',
        what: 'refuses no model',
        ask: ['POST', '/api/show', {}],
        status: 400,
        error: 'model is required',
      },
      {
        row: '8',
        what: 'refuses an empty model',
        ask: ['POST', '/api/show', { model: '', name: '' }],
        status: 400,
        error: 'model is required',
      },
      {
        row: '8',
        what: 'trap b: names the tag of one that is not there',
        ask: ['POST', '/api/show', { model: 'x' }],
        status: 404,
        error: "model 'x:latest' not found",
      },
      {
        row: '8',
        what: 'by the deprecated name too',
        ask: ['POST', '/api/show', { name: 'a/x:t' }],
        status: 404,
        error: "model 'a/x:t' not found",
      },
      {
        row: '8',
        what: 'refuses what can be no name',
        ask: ['POST', '/api/show', { model: '^' }],
        status: 400,
        error: 'invalid model name',
      },
      {
        row: '8',
        what: 'refuses options that are none',
        ask: ['POST', '/api/show', { model: 'plain', options: 3 }],
        status: 400,
        error: '"options" must be an object',
      },
    ],
  );

  it('test 7: has its fields in their order, ours behind them', async () => {
    const request = {
      ...{
        license: ['One.', 'Two.'],
        system: 'Hi.',
        renderer: 'r',
        parser: 'p',
        requires: '0.1.0',
      },
      ...{ parameters: { stop: ['<a>', '<b>'], temperature: 0.5 }, template: ABLE_TEMPLATE },
      messages: [{ role: 'user', content: 'x' }],
    };
    await house.make('whole', request, { seed: 6 });
    const shown = await show({ model: 'whole', verbose: true });
    expect(Object.keys(shown)).toEqual([
      ...[
        'license',
        'modelfile',
        'parameters',
        'template',
        'system',
        'renderer',
        'parser',
        'details',
      ],
      ...['messages', 'model_info', 'tensors', 'capabilities', 'modified_at', 'requires'],
      ...['template_used', 'tensor_types', 'unsupported_options'],
    ]);
    expect(shown).toMatchObject({
      license: 'One.\nTwo.',
      parameters: `stop${' '.repeat(27)}"<a>"\nstop${' '.repeat(27)}"<b>"\ntemperature${' '.repeat(20)}0.5`,
      tensors: [{ name: 'w', type: 'F32', shape: [64, 2] }],
    });
    expect(shown.modelfile).toContain('# FROM whole:latest');
  });

  it('leaves out what a model has not, but model_info', async () => {
    const shown = await show({ model: 'plain' });
    expect(Object.keys(shown)).toEqual([
      ...['modelfile', 'template', 'details', 'model_info', 'capabilities', 'modified_at'],
      ...['tensor_types', 'unsupported_options'],
    ]);
  });

  it('shows lists of the file with verbose alone', async () => {
    const tokens = pair(
      'tokenizer.ggml.tokens',
      9,
      { u32: STRING },
      { u64: 2n },
      { text: 'a' },
      { text: 'b' },
    );
    const architecture = pair('general.architecture', STRING, { text: 'llama' });
    const length = pair('llama.context_length', U32, { u32: 64 });
    await house.make('listed', {}, { pairs: [architecture, length, tokens], seed: 7 });
    const info = async (verbose: boolean) =>
      (await show({ model: 'listed', verbose })).model_info as Json;
    expect(await info(true)).toMatchObject({
      'tokenizer.ggml.tokens': ['a', 'b'],
      'llama.context_length': 64,
    });
    expect(await info(false)).toMatchObject({
      'tokenizer.ggml.tokens': null,
      'llama.context_length': 64,
    });
    expect(await show({ model: 'listed' })).not.toHaveProperty('tensors');
  });

  it('names the options that the engine that would run it leaves out', async () => {
    // Its tokenizer is none that Paddock's own engine knows: llama.cpp takes it.
    expect((await show({ model: 'plain' })).unsupported_options).toEqual(leftOutBy('wllama'));
    const header = { 'llama.context_length': 64, 'llama.block_count': 1 };
    const texts = { 'tokenizer.ggml.model': 'llama' };
    await house.make('ours', {}, { texts, numbers: header, seed: 8 });
    expect((await show({ model: 'ours' })).unsupported_options).toEqual(leftOutBy('paddock'));
  });
});

describe('row 9: ps', () => {
  it('is an empty list while nothing is loaded', async () => {
    for (const { name } of await ps()) await load(name as string, { keep_alive: 0 });
    expect((await house.ask('GET', '/api/ps')).text).toBe('{"models":[]}');
  });

  it('tells what is loaded, with fields in their order', async () => {
    await load('plain', { options: { num_ctx: 64 } });
    const [model, ...more] = await ps();
    expect(more).toEqual([]);
    expect(Object.keys(model!)).toEqual([
      ...[
        'name',
        'model',
        'size',
        'digest',
        'details',
        'expires_at',
        'size_vram',
        'context_length',
      ],
    ]);
    expect(model).toMatchObject({ name: 'plain:latest', size_vram: 0, context_length: 64 });
    expect(Number(model!.size)).toBeGreaterThan(0);
    expect(model!.expires_at).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });
});
