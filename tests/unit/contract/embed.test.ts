/** Rows 5 and 6 of the contract, test 8 of the best forty, over a model of vectors; `api-embed.test.ts` has the rest. */
import { beforeAll, describe, expect, it } from 'vitest';
import { openContract, type ContractHouse, type Json } from '../../fixtures/contract-house';
import { checkCases, type Case } from './cases';

let house: ContractHouse;
beforeAll(async () => {
  house = await openContract();
});

const embed = async (input: unknown, more: Json = {}) =>
  (await house.ask('POST', '/api/embed', { model: 'vectors', input, ...more })).body;
const vectors = (body: Json) => body.embeddings as number[][];

describe('row 5: /api/embed', () => {
  const refused = (what: string, body: Json, status: number, error: string): Case => ({
    ...{ row: '5', what, ask: ['POST', '/api/embed', body], status, error },
  });
  const long = 'one two three four five six';
  checkCases(
    () => house,
    [
      refused('no model', { input: 'x' }, 404, "model '' not found"),
      refused('an unknown model', { model: 'x', input: 'y' }, 404, "model 'x' not found"),
      refused(
        'an input that is no text',
        { model: 'vectors', input: 7 },
        400,
        'invalid input type',
      ),
      refused(
        'an input among texts that is none',
        { model: 'vectors', input: ['a', {}] },
        400,
        'invalid input type',
      ),
      refused(
        'an input that is too long, where it may not be cut',
        { model: 'vectors', input: long, truncate: false, options: { num_ctx: 4 } },
        400,
        'the input length exceeds the context length',
      ),
    ],
  );

  it('test 8: answers vectors of length 1, the same for the same text', async () => {
    const body = await embed(['a b', 'c', 'a b']);
    expect(Object.keys(body).slice(0, 2)).toEqual(['model', 'embeddings']);
    expect(body.prompt_eval_count).toBe(2 + 1 + 2);
    const [first, second, third] = vectors(body);
    expect(third).toEqual(first);
    expect(second).not.toEqual(first);
    for (const vector of vectors(body)) expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
  });

  it('test 8: dimensions cut, to length 1 again', async () => {
    const [whole] = vectors(await embed('a b'));
    const [cut] = vectors(await embed('a b', { dimensions: 3 }));
    const length = Math.hypot(...whole!.slice(0, 3));
    for (const [at, value] of cut!.entries()) expect(value).toBeCloseTo(whole![at]! / length, 6);
    expect(cut).toHaveLength(3);
  });

  it('cuts the end of what is too long', async () => {
    const options = { num_ctx: 4 };
    const body = await embed('one two three four five six', { options });
    expect(vectors(body)).toEqual(vectors(await embed('one two three four', { options })));
    expect(body.prompt_eval_count).toBe(4);
  });

  it('an empty input loads, and is answered with an empty list', async () => {
    await house.ask('POST', '/api/generate', { model: 'vectors', keep_alive: 0 });
    expect(await embed([])).toEqual({ model: 'vectors', embeddings: [] });
    expect((await house.ask('GET', '/api/ps')).body.models).toHaveLength(1);
  });
});

describe('row 6: /api/embeddings', () => {
  checkCases(
    () => house,
    [
      {
        row: '6',
        what: 'no model',
        ask: ['POST', '/api/embeddings', { prompt: 'x' }],
        status: 400,
        error: 'model is required',
      },
      {
        row: '6',
        what: 'trap b: an unknown model',
        ask: ['POST', '/api/embeddings', { model: 'x', prompt: 'y' }],
        status: 404,
        error: 'model "x" not found, try pulling it first',
      },
      {
        row: '6',
        what: 'an empty prompt',
        ask: ['POST', '/api/embeddings', { model: 'vectors' }],
        has: { embedding: [] },
      },
    ],
  );

  it('answers one vector, and nothing beside it', async () => {
    const { body } = await house.ask('POST', '/api/embeddings', {
      model: 'vectors',
      prompt: 'a b',
    });
    expect(Object.keys(body)).toEqual(['embedding']);
    expect((body.embedding as number[]).every(Number.isFinite)).toBe(true);
  });
});
