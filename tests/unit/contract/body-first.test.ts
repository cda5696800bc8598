/** The order of refusals: Ollama decodes the whole body first, so a field of a wrong type is told before an unknown model. */
import { beforeAll, describe, expect, it } from 'vitest';
import { openContract, type ContractHouse, type Json } from '../../fixtures/contract-house';

let house: ContractHouse;
beforeAll(async () => {
  house = await openContract();
});

const messages = [{ role: 'user', content: 'hi' }];

const COMMON: [field: string, wrong: unknown][] = [
  ['keep_alive', true],
  ['keep_alive', 'soon'],
  ['options', 'none'],
  ['options', [1]],
];

const TEXT: [field: string, wrong: unknown][] = [
  ...COMMON,
  ['stream', 'no'],
  ['shift', 1],
  ['truncate', 'yes'],
  ['format', 3],
  ['think', 3],
  ['logprobs', 'yes'],
];

const ROUTES: [path: string, body: Json, fields: typeof TEXT][] = [
  [
    '/api/generate',
    { prompt: 'hi' },
    [
      ...TEXT,
      ['prompt', 1],
      ['suffix', 1],
      ['system', {}],
      ['template', []],
      ['raw', 'yes'],
      ['context', 'abc'],
      ['images', 'abc'],
    ],
  ],
  [
    '/api/chat',
    { messages },
    [...TEXT, ['messages', 'hi'], ['messages', ['hi']], ['tools', 'all'], ['tools', ['all']]],
  ],
  [
    '/api/embed',
    { input: 'hi' },
    [...COMMON, ['input', 1], ['truncate', 'yes'], ['dimensions', '2']],
  ],
  ['/api/embeddings', { prompt: 'hi' }, [...COMMON, ['prompt', 1]]],
  [
    '/api/show',
    {},
    [
      ['verbose', 'yes'],
      ['system', 1],
      ['template', 1],
      ['options', 'none'],
    ],
  ],
];

describe.each(ROUTES)('POST %s of a model that is not here', (path, body, fields) => {
  it.each(fields)('%s: %j is 400', async (field, wrong) => {
    const asked = { model: 'nowhere', ...body };
    expect((await house.ask('POST', path, asked)).status).toBe(404);
    const refused = await house.ask('POST', path, { ...asked, [field]: wrong });
    expect(refused.status).toBe(400);
    expect(refused.body.error).not.toMatch(/not found/);
  });
});
