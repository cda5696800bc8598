/** 1.1 of the contract, rows 1 and 2, and the traps of every route: content types, verbs, bodies, names, last lines. */
import { beforeAll, describe, expect, it } from 'vitest';
import { openContract, type ContractHouse, type Json } from '../../fixtures/contract-house';
import { checkCases, type Case } from './cases';

let house: ContractHouse;
beforeAll(async () => {
  house = await openContract();
});

const JSON_TYPE = 'application/json; charset=utf-8';
const message = { role: 'user', content: 'hi' };

describe('rows 1 and 2: what asks nothing of a model', () => {
  it.each([
    ['/', 'text/plain; charset=utf-8', 'Ollama is running'],
    ['/api/version', JSON_TYPE, '{"version":"1.2.3"}'],
  ])('GET and HEAD %s', async (path, type, text) => {
    expect(await house.ask('GET', path)).toMatchObject({ status: 200, type, text });
    expect(await house.ask('HEAD', path)).toMatchObject({ status: 200, type, text: '' });
  });

  it('HEAD /api/tags has no body', async () => {
    expect(await house.ask('HEAD', '/api/tags')).toMatchObject({ status: 200, text: '' });
  });
});

/** Each route that reads a body, with one that it takes. */
const BODIES: [method: string, path: string, body: Json][] = [
  ['POST', '/api/generate', { model: 'plain', prompt: 'hi' }],
  ['POST', '/api/chat', { model: 'plain', messages: [message] }],
  ['POST', '/api/embed', { model: 'vectors', input: 'hi' }],
  ['POST', '/api/embeddings', { model: 'vectors', prompt: 'hi' }],
  ['POST', '/api/show', { model: 'plain' }],
  ['POST', '/api/pull', { model: 'fake' }],
  ['POST', '/api/create', { model: 'mine', from: 'plain', system: 'Hi.' }],
  ['POST', '/api/copy', { source: 'plain', destination: 'copied' }],
  ['DELETE', '/api/delete', { model: 'copied' }],
];

describe.each([...BODIES, ['POST', '/api/push', { model: 'plain' }] as const])(
  '%s %s',
  (method, path, body) => {
    it.each([
      ['no body', undefined, 'missing request body'],
      ['blanks', ' \n', 'missing request body'],
      ['half an object', '{"model":', /JSON/],
      ['no JSON', 'model=x', /JSON/],
      ['a list', '[]', 'the request body must be a JSON object'],
      ['null', 'null', 'the request body must be a JSON object'],
    ])('1.1 refuses %s', async (_what, sent, error) => {
      const answer = await house.ask(method, path, sent);
      expect(answer).toMatchObject({ status: 400, type: JSON_TYPE });
      expect(answer.body.error).toMatch(error);
    });

    it('1.1 names its verb to another', async () => {
      const answer = await house.handle(new Request(`http://paddock.test${path}`));
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, method]);
    });

    it('1.1 has no fault to find with keys that nobody knows', async () => {
      const more = { ...body, unknown_key: { a: [1] }, think_hard: true, __proto__x: 1 };
      expect((await house.ask(method, path, more)).status).toBe(path === '/api/push' ? 501 : 200);
    });
  },
);

describe('1.1 a stream', () => {
  const streams = BODIES.filter(([, path]) => /generate|chat|pull|create/.test(path));
  it.each(streams)('trap i: %s %s is one unless told, and says its end', async (...question) => {
    const [method, path, body] = question;
    for (const stream of [undefined, null, true]) {
      const answer = await house.ask(method, path, { ...body, stream });
      expect(answer).toMatchObject({ status: 200, type: 'application/x-ndjson' });
      expect(answer.text.endsWith('}\n')).toBe(true);
      const last = answer.lines.at(-1)!;
      expect(last.done === true || last.status === 'success').toBe(true);
      expect(answer.lines.filter((line) => line.done || line.status === 'success')).toHaveLength(1);
    }
  });

  it.each(streams)('%s %s is one JSON object with stream: false', async (method, path, body) => {
    const answer = await house.ask(method, path, { ...body, stream: false });
    expect(answer).toMatchObject({ status: 200, type: JSON_TYPE });
    expect(answer.body.done ?? answer.body.status).toBe(
      path.match(/pull|create/) ? 'success' : true,
    );
  });

  it('refuses a stream that is no boolean', async () => {
    const answer = await house.ask('POST', '/api/chat', { model: 'plain', stream: 'no' });
    expect(answer).toMatchObject({ status: 400, body: { error: '"stream" must be a boolean' } });
  });

  it('ends with its error where a piece was sent; without a stream, and before a piece, it is a status', async () => {
    for (const [path, asked, done] of [
      ['/api/chat', { messages: [{ role: 'user', content: '/error It broke.' }] }, 'message'],
      ['/api/generate', { prompt: '/error It broke.' }, 'response'],
    ] as const) {
      const body = { model: 'plain', ...asked };
      const streamed = await house.ask('POST', path, body);
      expect(streamed.status).toBe(200);
      expect(streamed.lines[0]).toHaveProperty(done);
      expect(streamed.lines.at(-1)).toMatchObject({ error: 'It broke.' });
      expect(streamed.lines.some((line) => line.done)).toBe(false);
      const whole = await house.ask('POST', path, { ...body, stream: false });
      expect(whole).toMatchObject({ status: 500, type: JSON_TYPE, body: { error: 'It broke.' } });
    }
    const early = { model: 'plain', messages: [{ role: 'user', content: '/error-after 0' }] };
    const answer = await house.ask('POST', '/api/chat', early);
    expect(answer).toMatchObject({ status: 500, type: JSON_TYPE });
    const good = await house.ask('POST', '/api/generate', { model: 'plain', prompt: 'hi' });
    expect(good.lines.at(-1)).toMatchObject({ done: true });
  });
});

describe('1.1 the deprecated name', () => {
  const taken = (method: string, route: string, body: Json, status = 200): Case => ({
    ...{ row: '1.1', what: `is taken by ${route}: ${JSON.stringify(body)}` },
    ...{ ask: [method, `/api/${route}`, body], status },
  });
  checkCases(
    () => house,
    [
      taken('POST', 'show', { name: 'plain' }),
      taken('POST', 'pull', { name: 'fake', stream: false }),
      taken('POST', 'push', { name: 'plain', stream: false }, 501),
      taken('POST', 'create', { name: 'named', from: 'plain', stream: false }),
      taken('DELETE', 'delete', { name: 'named' }),
      taken('DELETE', 'delete', { model: '', name: 'fake' }),
    ],
  );
});

it('opt: what belongs to an account or the second wave is not there', async () => {
  for (const path of ['/api/me', '/api/signout', '/api/status', '/api/experimental/x']) {
    expect(await house.ask('POST', path, {})).toMatchObject({ status: 404, type: JSON_TYPE });
  }
});
