import { afterEach, describe, expect, it, vi } from 'vitest';
import { installed, lines, openHouse } from '../fixtures/house';

let house = openHouse();
afterEach(() => {
  house.close();
  house = openHouse();
});

async function errorOf(response: Promise<Response>) {
  const { status, headers } = await response;
  const { error } = (await (await response).json()) as { error: string };
  return { status, error, json: headers.get('content-type')?.includes('application/json') };
}

describe('the front door', () => {
  it('says that it runs', async () => {
    const response = await house.call('GET', '/');
    expect(await response.text()).toBe('Ollama is running');
    for (const path of ['/', '/api/version', '/api/tags']) {
      const head = await house.call('HEAD', path);
      expect(head.status).toBe(200);
      expect(await head.text()).toBe('');
    }
  });

  it('answers its version in JSON', async () => {
    const response = await house.call('GET', '/api/version');
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toEqual({ version: '1.2.3' });
  });

  it('knows its paths and verbs', async () => {
    expect((await house.call('GET', '/api/nothing')).status).toBe(404);
    expect((await house.call('GET', '/api/chat')).status).toBe(405);
  });
});

describe('tags, show, ps, delete', () => {
  it('lists with the digest in bare hex, and no expires_at', async () => {
    const { models } = (await (await house.call('GET', '/api/tags')).json()) as {
      models: Record<string, unknown>[];
    };
    expect(models).toHaveLength(1);
    expect(models[0]).toMatchObject({
      name: 'fake:latest',
      model: 'fake:latest',
      size: 1000,
      modified_at: '2026-01-02T00:00:00.000Z',
      details: { format: 'fake', parameter_size: '135M', quantization_level: 'Q4_1' },
    });
    expect(models[0]!.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(models[0]).not.toHaveProperty('expires_at');
  });

  it('lists nothing as an empty list', async () => {
    house = openHouse([]);
    expect(await (await house.call('GET', '/api/tags')).json()).toEqual({ models: [] });
    expect(await (await house.call('GET', '/api/ps')).json()).toEqual({ models: [] });
  });

  it('shows licence, parameters, system and Modelfile', async () => {
    house = openHouse([
      installed('fake', {
        license: 'Apache',
        params: '{"stop":["<a>","<b>"]}',
        system: 'Be kind.',
      }),
    ]);
    const shown = (await (
      await house.call('POST', '/api/show', { model: 'fake' })
    ).json()) as Record<string, string>;
    expect(shown).toMatchObject({ license: 'Apache', system: 'Be kind.', model_info: {} });
    expect(shown.parameters!.split('\n')).toHaveLength(2);
    expect(shown.modelfile).toContain('SYSTEM Be kind.');
    expect(shown.modelfile).toContain('PARAMETER stop <a>\nPARAMETER stop <b>');
  });

  it('says which model is missing, each route in its own words', async () => {
    expect(await errorOf(house.call('POST', '/api/show', { model: 'x' }))).toEqual({
      status: 404,
      error: "model 'x:latest' not found",
      json: true,
    });
    expect(await errorOf(house.call('POST', '/api/show', {}))).toMatchObject({
      status: 400,
      error: 'model is required',
    });
    expect(await errorOf(house.call('DELETE', '/api/delete', { name: 'x' }))).toMatchObject({
      status: 404,
      error: "model 'x' not found",
    });
    expect(await errorOf(house.call('DELETE', '/api/delete', { model: '^' }))).toMatchObject({
      status: 400,
      error: 'name "^" is invalid',
    });
  });

  it('deletes by the deprecated name and unloads', async () => {
    await house.call('POST', '/api/generate', { model: 'fake' });
    expect(house.scheduler.list()).toHaveLength(1);
    const response = await house.call('DELETE', '/api/delete', { name: 'fake' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
    expect(house.scheduler.list()).toEqual([]);
    expect((await house.call('DELETE', '/api/delete', { name: 'fake' })).status).toBe(404);
  });
});

describe('network', () => {
  it('says whether it is off, switches, and lists what was refused', async () => {
    const read = async (response: Promise<Response>) => (await response).json() as Promise<unknown>;
    expect(await read(house.call('GET', '/api/paddock/network'))).toEqual({
      off: false,
      refused: [],
    });
    house.gate.note('https://elsewhere.example/');
    const after = { off: true, refused: [{ url: 'https://elsewhere.example/', at: 1000 }] };
    expect(await read(house.call('POST', '/api/paddock/network', { off: true }))).toEqual(after);
    expect(await read(house.call('GET', '/api/paddock/network'))).toEqual(after);
    expect(house.gate.off).toBe(true);
  });

  it('takes nothing but a boolean', async () => {
    for (const body of [{}, { off: 'yes' }, { off: 1 }]) {
      expect((await house.call('POST', '/api/paddock/network', body)).status).toBe(400);
    }
    expect(house.gate.off).toBe(false);
  });
});

describe('chat', () => {
  const ask = (content: string, more = {}) => ({
    model: 'fake',
    messages: [{ role: 'user', content }],
    ...more,
  });

  it('streams by default, and ends with counts in whole nanoseconds', async () => {
    const response = await house.call('POST', '/api/chat', ask('hello there'));
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    const chunks = await lines(response);
    const text = chunks.map((chunk) => (chunk.message as { content: string }).content).join('');
    expect(text).toBe('You said: hello there');
    const last = chunks.at(-1)!;
    expect(last).toMatchObject({
      model: 'fake',
      created_at: '2026-01-02T03:04:05.000Z',
      done: true,
      done_reason: 'stop',
      prompt_eval_count: 2,
      eval_count: 4,
    });
    for (const key of ['total_duration', 'load_duration', 'eval_duration']) {
      expect(Number.isInteger(last[key]), key).toBe(true);
    }
    expect(chunks.slice(0, -1).every((chunk) => chunk.done === false)).toBe(true);
  });

  it('answers in one piece with stream: false', async () => {
    const response = await house.call('POST', '/api/chat', ask('hello', { stream: false }));
    expect(await response.json()).toMatchObject({
      message: { role: 'assistant', content: 'You said: hello' },
      done: true,
    });
  });

  it('leaves a load_duration of zero out', async () => {
    await house.call('POST', '/api/chat', ask('one', { stream: false }));
    const second = await house.call('POST', '/api/chat', ask('two', { stream: false }));
    expect(await second.json()).not.toHaveProperty('load_duration');
  });

  it('loads for an empty list and unloads for keep_alive 0', async () => {
    const load = await house.call('POST', '/api/chat', { model: 'fake', messages: [] });
    expect(await load.json()).toMatchObject({ done_reason: 'load', done: true });
    expect(house.scheduler.list()).toHaveLength(1);
    const unload = await house.call('POST', '/api/chat', { model: 'fake', keep_alive: 0 });
    expect(await unload.json()).toMatchObject({
      done_reason: 'unload',
      message: { role: 'assistant', content: '' },
    });
    expect(house.scheduler.list()).toEqual([]);
  });

  it('continues a final assistant message', async () => {
    const response = await house.call('POST', '/api/chat', {
      model: 'fake',
      stream: false,
      messages: [
        { role: 'user', content: 'hello' },
        { role: 'assistant', content: 'You said:' },
      ],
    });
    expect(await response.json()).toMatchObject({ message: { content: ' hello' } });
  });

  it.each([
    [{}, 400, 'model is required'],
    [{ model: 'x', messages: [] }, 404, "model 'x' not found"],
    [{ model: 'fake', messages: [{ role: 'robot', content: '' }] }, 400, /^message role must be/],
    [ask('x', { tools: [{}] }), 400, /fake:latest does not support tools$/],
    [ask('x', { think: true }), 400, '"fake" does not support thinking'],
    [ask('x', { options: { num_ctx: 'a' } }), 400, 'option "num_ctx" must be of type integer'],
    [
      ask('x', { options: { kv_cache_type: 'q4_0' } }),
      400,
      'option "kv_cache_type" must be "f16" or "q8_0"',
    ],
    [ask('x', { top_logprobs: 21 }), 400, 'top_logprobs must be between 0 and 20'],
    [ask('x', { keep_alive: 'soon' }), 400, /^"keep_alive" must be/],
    ['', 400, 'missing request body'],
    ['{', 400, /JSON/],
    ['[]', 400, /object/],
  ])('refuses %j with %i', async (body, status, error) => {
    const answer = await errorOf(house.call('POST', '/api/chat', body));
    expect(answer.status).toBe(status);
    expect(answer.error).toMatch(error);
    expect(answer.json).toBe(true);
  });

  it('answers an error before the first token with a status', async () => {
    const response = await house.call('POST', '/api/chat', ask('/overflow'));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: 'context_exceeded',
      error: expect.stringMatching(
        /^the prompt is longer than the context length currently available to the model; .*num_ctx/,
      ) as string,
      detail: { promptTokens: 5120, contextLength: 4096 },
    });
  });

  it('answers a later error as the last line', async () => {
    const chunks = await lines(await house.call('POST', '/api/chat', ask('/error')));
    expect(chunks.at(-1)).toMatchObject({ code: 'engine_failed' });
    expect(chunks.at(-1)).not.toHaveProperty('done');
    const next = await house.call('POST', '/api/chat', ask('again', { stream: false }));
    expect(next.status).toBe(200);
  });

  it('ends with an error when the runner dies, and starts a new one', async () => {
    const chunks = await lines(await house.call('POST', '/api/chat', ask('/crash')));
    expect(chunks.at(-1)).toMatchObject({ code: 'runner_died' });
    const next = await house.call('POST', '/api/chat', ask('again', { stream: false }));
    expect(next.status).toBe(200);
    expect(house.runners).toHaveLength(2);
  });

  it('stops when the reader goes, and the next request is not behind a ghost', async () => {
    const response = await house.call('POST', '/api/chat', ask('/slow'));
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
    const next = await house.call('POST', '/api/chat', ask('again', { stream: false }));
    expect(await next.json()).toMatchObject({ message: { content: 'You said: again' } });
  });

  it('stops by its signal while it waits for the first token', async () => {
    const controller = new AbortController();
    const pending = house.call('POST', '/api/chat', ask('/hang'), controller.signal);
    const next = house.call('POST', '/api/chat', ask('next', { stream: false }));
    controller.abort();
    expect((await pending).status).toBe(499);
    expect((await next).status).toBe(200);
  });

  it("puts the model's SYSTEM first unless the request has its own", async () => {
    house = openHouse([installed('fake', { system: 'one two three' })]);
    const counted = async (messages: object[]) => {
      const body = { model: 'fake', stream: false, messages };
      const answer = (await (await house.call('POST', '/api/chat', body)).json()) as {
        prompt_eval_count: number;
      };
      return answer.prompt_eval_count;
    };
    expect(await counted([{ role: 'user', content: 'hi' }])).toBe(4);
    expect(
      await counted([
        { role: 'system', content: 'mine' },
        { role: 'user', content: 'hi' },
      ]),
    ).toBe(2);
  });
});

describe('generate', () => {
  it('streams response pieces', async () => {
    const chunks = await lines(
      await house.call('POST', '/api/generate', { model: 'fake', prompt: 'hello' }),
    );
    expect(chunks.map((chunk) => chunk.response).join('')).toBe('You said: hello');
    expect(chunks.at(-1)).toMatchObject({ done: true, done_reason: 'stop', response: '' });
  });

  it('loads and unloads without a prompt', async () => {
    const load = await house.call('POST', '/api/generate', { model: 'fake' });
    expect(await load.json()).toMatchObject({ response: '', done: true, done_reason: 'load' });
    const ps = (await (await house.call('GET', '/api/ps')).json()) as { models: object[] };
    expect(ps.models[0]).toMatchObject({ name: 'fake:latest', size_vram: 0, context_length: 4096 });
    const unload = await house.call('POST', '/api/generate', { model: 'fake', keep_alive: 0 });
    expect(await unload.json()).toMatchObject({ done_reason: 'unload' });
    expect(house.runners[0]!.closed).toBe(true);
  });

  it.each([
    [{ prompt: 'x' }, 404, "model '' not found"],
    [{ model: 'x', prompt: 'x' }, 404, "model 'x' not found"],
    [
      { model: 'fake', prompt: 'x', suffix: 'y' },
      400,
      'registry.ollama.ai/library/fake:latest does not support insert',
    ],
    [
      { model: 'fake', prompt: 'x', raw: true, system: 'y' },
      400,
      'raw mode does not support template, system, or context',
    ],
  ])('refuses %j with %i', async (body, status, error) => {
    expect(await errorOf(house.call('POST', '/api/generate', body))).toEqual({
      status,
      error,
      json: true,
    });
  });
});

describe('pull', () => {
  it('streams its statuses and ends with success', async () => {
    const response = await house.call('POST', '/api/pull', { name: 'offered' });
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    expect(await lines(response)).toEqual([{ status: 'pulling manifest' }, { status: 'success' }]);
  });

  it('answers only the last status with stream: false', async () => {
    const response = await house.call('POST', '/api/pull', { model: 'offered', stream: false });
    expect(await response.json()).toEqual({ status: 'success' });
  });

  it('ends with an error line after the first status, and with a status without a stream', async () => {
    const sentence = 'pull model manifest: The registry has no model nothing.';
    const streamed = await lines(await house.call('POST', '/api/pull', { model: 'nothing' }));
    expect(streamed.at(-1)).toMatchObject({ error: sentence, code: 'not_in_registry' });
    const whole = house.call('POST', '/api/pull', { model: 'nothing', stream: false });
    expect(await errorOf(whole)).toEqual({ status: 500, error: sentence, json: true });
  });

  it('refuses a name that is none', async () => {
    expect(await errorOf(house.call('POST', '/api/pull', { model: '-x' }))).toEqual({
      status: 400,
      error: 'invalid model name',
      json: true,
    });
  });
});

describe('what really runs', () => {
  it('is told by /api/paddock/runners', async () => {
    await house.call('POST', '/api/generate', { model: 'fake' });
    const { runners } = (await (await house.call('GET', '/api/paddock/runners')).json()) as {
      runners: object[];
    };
    expect(runners[0]).toMatchObject({
      name: 'fake:latest',
      info: { backend: 'wasm', noWebGpu: 'no_adapter', threads: 1 },
    });
  });

  const activities = async () => {
    const answer = await house.call('GET', '/api/paddock/runners');
    return ((await answer.json()) as { activities: unknown }).activities;
  };

  it('and how far the prompt is, of which the reply itself has no line', async () => {
    const messages = (content: string) => ({
      model: 'fake',
      messages: [{ role: 'user', content }],
    });
    expect(await activities()).toEqual([]);
    const stop = new AbortController();
    const reading = house.call('POST', '/api/chat', messages('/read'), stop.signal);
    await vi.waitFor(async () =>
      expect(await activities()).toEqual([
        { model: 'fake:latest', phase: 'prompt', done: 1216, total: 6030 },
      ]),
    );
    stop.abort();
    expect((await reading).status).toBe(499);
    expect(await activities()).toEqual([]);
    const chunks = await lines(await house.call('POST', '/api/chat', messages('/read Done.')));
    expect(chunks.map(({ message }) => message)).toEqual([
      { role: 'assistant', content: 'Done.' },
      { role: 'assistant', content: '' },
    ]);
    expect(await activities()).toEqual([]);
  });
});
