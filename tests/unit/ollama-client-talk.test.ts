/** The `ollama` package against what talks to a model: every method that it has for these routes. */
import { Ollama, type ChatResponse, type GenerateResponse, type Tool } from 'ollama/browser';
import { beforeAll, describe, expect, it } from 'vitest';
import { openContract, type ContractHouse } from '../fixtures/contract-house';
import { SITE } from '../fixtures/house';

let house: ContractHouse;
let ollama: Ollama;
beforeAll(async () => {
  house = await openContract();
  ollama = new Ollama({
    host: SITE,
    fetch: (input, init) => house.handle(new Request(input, init)),
  });
});

const user = (content: string) => ({ role: 'user', content });

async function all<T>(stream: Promise<AsyncIterable<T>>): Promise<T[]> {
  const parts: T[] = [];
  for await (const part of await stream) parts.push(part);
  return parts;
}

describe('generate', () => {
  it('in one piece and streamed, to the counts', async () => {
    const asked = { model: 'plain', prompt: 'hi there' };
    const whole = await ollama.generate(asked);
    expect(whole).toMatchObject({
      response: 'You said: hi there',
      done_reason: 'stop',
      eval_count: 4,
    });
    const parts = await all<GenerateResponse>(ollama.generate({ ...asked, stream: true }));
    expect(parts.map(({ response }) => response).join('')).toBe(whole.response);
    expect(parts.at(-1)).toMatchObject({ done: true, prompt_eval_count: 2 });
  });

  it('with thoughts, a gap, a format, tokens of before and log-probabilities', async () => {
    const model = 'able';
    const thought = await ollama.generate({ model, prompt: '/think so | yes', think: 'high' });
    expect(thought).toMatchObject({ thinking: 'so', response: 'yes' });
    const prompt = '/think so | yes';
    expect(await ollama.generate({ model, prompt, think: false })).not.toHaveProperty('thinking');
    const filled = await ollama.generate({ model, prompt: 'a', suffix: 'b' });
    expect(filled.response).toBe('between a and b');
    const format = { type: 'object', properties: { is: { type: 'boolean' } } };
    expect((await ollama.generate({ model, prompt: 'a', format })).response).toBe('{"is":true}');
    const { context } = filled;
    const next = await ollama.generate({ model, prompt: 'c', context });
    expect(next.prompt_eval_count).toBe(context.length + 1);
    const { logprobs } = await ollama.generate({
      model,
      prompt: 'a',
      logprobs: true,
      top_logprobs: 2,
    });
    expect(logprobs?.[0]).toMatchObject({ token: 'You', top_logprobs: [{ token: 'You' }, {}] });
  });

  it('loads and unloads, as ps tells', async () => {
    const names = async () => (await ollama.ps()).models.map(({ name }) => name);
    await ollama.generate({ model: 'plain', prompt: '', keep_alive: '1m' });
    expect(await names()).toContain('plain:latest');
    expect((await ollama.generate({ model: 'plain', prompt: '', keep_alive: 0 })).done_reason).toBe(
      'unload',
    );
    expect(await names()).not.toContain('plain:latest');
  });
});

describe('chat', () => {
  const parameters = { type: 'object', properties: { town: { type: 'string' } } };
  const tools: Tool[] = [{ type: 'function', function: { name: 'weather', parameters } }];

  it('calls a tool, streamed and in one piece, and takes its answer', async () => {
    const messages = [user('/call weather {"town":"Graz"}')];
    const parts = await all<ChatResponse>(
      ollama.chat({ model: 'able', messages, tools, stream: true }),
    );
    const called = parts.flatMap(({ message }) => message.tool_calls ?? []);
    expect(called).toMatchObject([{ function: { name: 'weather', arguments: { town: 'Graz' } } }]);
    const { message } = await ollama.chat({ model: 'able', messages, tools });
    expect(message.tool_calls).toEqual(called);
    const result = { role: 'tool', content: '21', tool_name: 'weather' };
    const last = await ollama.chat({
      model: 'able',
      messages: [...messages, message, result, user('So?')],
      tools,
    });
    expect(last.message.content).toBe('You said: So?');
  });

  it('thinks, keeps to a format, and tells log-probabilities', async () => {
    const asked = { model: 'able', messages: [user('/think so | yes')] };
    const { message } = await ollama.chat({ ...asked, think: true });
    expect(message).toEqual({ role: 'assistant', content: 'yes', thinking: 'so' });
    const format = { type: 'object', properties: { said: { type: 'string' } } };
    const formed = await ollama.chat({ ...asked, think: false, format });
    expect(formed.message).toEqual({ role: 'assistant', content: '{"said":"yes"}' });
    const told = await ollama.chat({ model: 'plain', messages: [user('a')], logprobs: true });
    expect(told.logprobs?.map(({ token }) => token)).toEqual(['You', ' said:', ' a']);
    await expect(ollama.chat({ ...asked, model: 'plain', think: true })).rejects.toMatchObject({
      status_code: 400,
      message: '"plain" does not support thinking',
    });
  });

  it('test 37: an error before a stream and in it', async () => {
    const stream = (content: string, model = 'plain') =>
      all(ollama.chat({ model, messages: [user(content)], stream: true }));
    await expect(stream('x', 'none')).rejects.toMatchObject({
      status_code: 404,
      message: "model 'none' not found",
    });
    await expect(stream('/error It broke.')).rejects.toThrow('It broke.');
    expect(await stream('good')).toHaveLength(4);
  });

  it('abort() ends what is streamed, and the next request is answered', async () => {
    const stream = await ollama.chat({ model: 'plain', messages: [user('/slow')], stream: true });
    const parts: ChatResponse[] = [];
    const reading = (async () => {
      for await (const part of stream) {
        parts.push(part);
        ollama.abort();
      }
    })();
    await expect(reading).rejects.toThrow();
    expect(parts.some(({ done }) => done)).toBe(false);
    const next = await ollama.chat({ model: 'plain', messages: [user('again')] });
    expect(next.message.content).toBe('You said: again');
  });
});

it('embeds by both paths', async () => {
  const { embeddings, prompt_eval_count } = await ollama.embed({
    model: 'vectors',
    input: ['a', 'b c'],
  });
  expect(embeddings.map((vector) => Math.hypot(...vector).toFixed(5))).toEqual([
    '1.00000',
    '1.00000',
  ]);
  expect(prompt_eval_count).toBe(3);
  expect((await ollama.embeddings({ model: 'vectors', prompt: 'a' })).embedding).toHaveLength(8);
});

it('pulls, streamed and not; cannot push; tells its version', async () => {
  const statuses = await all(ollama.pull({ model: 'fake', stream: true }));
  expect(statuses.at(-1)).toEqual({ status: 'success' });
  expect(await ollama.pull({ model: 'fake' })).toEqual({ status: 'success' });
  await expect(ollama.pull({ model: 'nobody' })).rejects.toThrow(/^pull model manifest: /);
  const none = { status_code: 501, message: 'push is not supported in the browser' };
  await expect(ollama.push({ model: 'plain' })).rejects.toMatchObject(none);
  await expect(ollama.push({ model: 'plain', stream: true })).rejects.toMatchObject(none);
  expect(await ollama.version()).toEqual({ version: '1.2.3' });
});
