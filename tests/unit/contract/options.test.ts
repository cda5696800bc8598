/** 1.3 of the contract, test 29 of the best forty: options by name and type, and whose count. */
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openContract, type ContractHouse, type Json } from '../../fixtures/contract-house';
import { openScripted } from '../../fixtures/scripted-house';
import { checkCases, type Case } from './cases';

let house: ContractHouse;
let warned: string[];
beforeAll(async () => {
  house = await openContract();
});
beforeEach(() => {
  warned = [];
  vi.spyOn(console, 'warn').mockImplementation((text: string) => void warned.push(text));
});
afterEach(() => void vi.restoreAllMocks());

const load = (model: string, options?: unknown) =>
  house.ask('POST', '/api/generate', { model, options: options as Json });

/** Tokens of the context that `model` is loaded with. */
async function contextOf(model: string, options?: unknown): Promise<number> {
  await house.ask('POST', '/api/generate', { model, keep_alive: 0 });
  expect((await load(model, options)).status).toBe(200);
  const models = (await house.ask('GET', '/api/ps')).body.models as Json[];
  return models.find(({ name }) => name === `${model}:latest`)!.context_length as number;
}

describe('test 29: num_ctx', () => {
  beforeAll(() => house.make('small', { parameters: { num_ctx: 2048 } }, { seed: 3 }));
  it.each([
    ['the engine’s own where nobody says', 'plain', undefined, 4096],
    ['the model’s over that', 'small', undefined, 2048],
    ['the request’s over the model’s', 'small', { num_ctx: 512 }, 512],
    ['the request’s over nothing', 'plain', { num_ctx: 1024 }, 1024],
    ['the model’s again', 'small', {}, 2048],
    ['null says nothing', 'small', { num_ctx: null }, 2048],
    ['0 is automatic', 'small', { num_ctx: 0 }, 4096],
    ['4 at least', 'plain', { num_ctx: 1 }, 4],
    ['what is behind the point is dropped', 'plain', { num_ctx: 300.9 }, 300],
  ])('%s', async (_what, model, options, tokens) => {
    expect(await contextOf(model, options)).toBe(tokens);
  });
});

describe('types', () => {
  const wrong = (name: string, value: unknown, type: string): Case => ({
    row: '1.3',
    what: `${name}: ${JSON.stringify(value)}`,
    ask: [
      'POST',
      '/api/chat',
      { model: 'plain', messages: [{ role: 'user', content: 'x' }], options: { [name]: value } },
    ],
    ...{ status: 400, error: `option "${name}" must be ${type}` },
  });
  const integers = [
    'num_ctx',
    'num_batch',
    'num_gpu',
    'main_gpu',
    'num_thread',
    'draft_num_predict',
    'num_keep',
    'seed',
    'num_predict',
    'top_k',
    'repeat_last_n',
  ];
  const floats = [
    'top_p',
    'min_p',
    'typical_p',
    'temperature',
    'repeat_penalty',
    'presence_penalty',
    'frequency_penalty',
  ];
  checkCases(
    () => house,
    [
      ...integers.map((name) => wrong(name, '8', 'of type integer')),
      ...floats.map((name) => wrong(name, '0.5', 'of type float32')),
      wrong('seed', true, 'of type integer'),
      wrong('temperature', [1], 'of type float32'),
      wrong('use_mmap', 1, 'of type boolean'),
      wrong('stop', 'x', 'of type array'),
      wrong('stop', { a: 1 }, 'of type array'),
      wrong('stop', ['x', 1], 'of an array of strings'),
      wrong('stop', [null], 'of an array of strings'),
      ...[[], 'x', 3, true].map((options): Case => ({
        row: '1.3',
        what: `options ${JSON.stringify(options)}`,
        ask: ['POST', '/api/chat', { model: 'plain', options }],
        ...{ status: 400, error: '"options" must be an object' },
      })),
    ],
  );

  it('null is nothing, and an unknown name is told in the log alone', async () => {
    const names = [...integers, ...floats, 'use_mmap', 'stop'];
    expect(
      (await load('plain', Object.fromEntries(names.map((name) => [name, null])))).status,
    ).toBe(200);
    expect(warned).toEqual([]);
    expect((await load('plain', null)).status).toBe(200);
    const unknown = { nope: 1, mirostat: 2, __proto__x: 1, constructor: 3 };
    expect((await load('plain', unknown)).status).toBe(200);
    expect(warned).toEqual(Object.keys(unknown).map((name) => `invalid option provided: ${name}`));
  });
});

it('1.3: what was deprecated is taken by create with a warning, and does nothing', async () => {
  const deprecated = [
    'penalize_newline',
    'low_vram',
    'f16_kv',
    'logits_all',
    'vocab_only',
    'use_mlock',
    'mirostat',
    'mirostat_tau',
    'mirostat_eta',
  ];
  const parameters = Object.fromEntries(deprecated.map((name) => [name, 1]));
  await house.make('old', { parameters: { ...parameters, top_k: 3 } }, { seed: 4 });
  expect(warned).toEqual(
    deprecated.map((name) => `The parameter ${name} is deprecated and does nothing.`),
  );
  const { body } = await house.ask('POST', '/api/show', { model: 'old' });
  expect(body.parameters).toMatch(/^top_k +3$/);
});

describe('what an engine leaves out', () => {
  let scripted = openScripted();
  afterEach(() => scripted.close());

  const messages = [{ role: 'user', content: 'x' }];
  const told = (engine: string) => warned.filter((text) => text.startsWith(`The engine ${engine}`));

  it('is told in the log once a request, by its name, where somebody set it', async () => {
    scripted = openScripted({ named: 'webllm' });
    await scripted.post('/api/chat', { messages, stream: false });
    expect(warned).toEqual([]);
    const options = { top_k: 5, min_p: 0.1, temperature: 0.2, num_batch: null };
    await scripted.post('/api/chat', { messages, options });
    expect(told('webllm')).toEqual(['The engine webllm leaves out: top_k, min_p.']);
    await scripted.post('/api/generate', { prompt: 'x', raw: true, options: { typical_p: 1 } });
    expect(told('webllm').slice(1)).toEqual(['The engine webllm leaves out: typical_p.']);
  });

  it('is nothing where the engine takes it', async () => {
    scripted = openScripted({ named: 'paddock' });
    const options = { top_k: 5, min_p: 0.1, typical_p: 0.9, repeat_last_n: 3, num_keep: 2 };
    await scripted.post('/api/chat', { messages, options });
    expect(warned).toEqual([]);
    await scripted.post('/api/chat', { messages, options: { ...options, num_batch: 9 } });
    expect(warned).toEqual(['The engine paddock leaves out: num_batch.']);
  });
});
