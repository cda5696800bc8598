/** What `/v1/chat/completions` asks of the engine, and what it refuses. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ChatParams } from '#core/engine';
import { refused } from '../fixtures/openai-envelope';
import { openScripted, type Json, type Script } from '../fixtures/scripted-house';

const ALL: Script = {
  engine: ['tools', 'format', 'thinking', 'logprobs'],
  model: ['tools', 'thinking'],
};

let house = openScripted(ALL);
afterEach(() => {
  house.close();
  house = openScripted(ALL);
  vi.restoreAllMocks();
});

const user = { role: 'user', content: 'Hello' };
const chat = (more: Json = {}) => house.post('/v1/chat/completions', { messages: [user], ...more });

async function asked(more: Json = {}): Promise<ChatParams> {
  const { status, answer } = await chat(more);
  expect(answer).not.toHaveProperty('error');
  expect(status).toBe(200);
  return house.asked[0] as ChatParams;
}

describe('options of a chat', () => {
  it('are OpenAI’s where they are absent, over the model’s and Ollama’s own', async () => {
    for (const nothing of [{}, { temperature: null, top_p: null, stop: null, max_tokens: null }]) {
      const { options } = await asked(nothing);
      expect(options).toMatchObject({ temperature: 1, top_p: 1, num_predict: -1 });
      expect(options).not.toHaveProperty('stop');
    }
    await house.post('/api/chat', { messages: [user], stream: false });
    expect((house.asked.at(-1) as ChatParams).options).toMatchObject({
      temperature: 0.8,
      top_p: 0.9,
    });
  });

  it.each<[asked: Json, option: Json]>([
    [{ temperature: 0 }, { temperature: 0 }],
    [{ temperature: 3 }, { temperature: 3 }],
    [{ top_p: 0.5 }, { top_p: 0.5 }],
    [{ max_tokens: 999 }, { num_predict: 999 }],
    [{ max_completion_tokens: 7 }, { num_predict: 7 }],
    [{ max_completion_tokens: 7, max_tokens: 999 }, { num_predict: 7 }],
    [{ seed: 123 }, { seed: 123 }],
    [{ stop: 'end' }, { stop: ['end'] }],
    [{ stop: ['\n', 'stop'] }, { stop: ['\n', 'stop'] }],
    [
      { frequency_penalty: 4, presence_penalty: 5 },
      { frequency_penalty: 4, presence_penalty: 5 },
    ],
    [
      { logprobs: true, top_logprobs: 2 },
      { logprobs: true, top_logprobs: 2 },
    ],
  ])('%j', async (body, option) => {
    expect((await asked(body)).options).toMatchObject(option);
  });

  it.each<[body: Json, message: string]>([
    [{ max_tokens: 'x' }, '"max_tokens" must be an integer'],
    [{ max_completion_tokens: 1.5 }, '"max_completion_tokens" must be an integer'],
    [{ seed: 1.5 }, '"seed" must be an integer'],
    [{ temperature: '1' }, '"temperature" must be a number'],
    [{ stop: [1, 2] }, "invalid type for 'stop' field: float64"],
    [{ stop: { a: 1 } }, "invalid type for 'stop' field: map[string]interface {}"],
    [{ stream: 'yes' }, '"stream" must be a boolean'],
    [{ stream_options: 7 }, '"stream_options" must be an object'],
    [{ stream_options: { include_usage: 1 } }, '"include_usage" must be a boolean'],
    [{ logprobs: true, top_logprobs: 21 }, 'top_logprobs must be between 0 and 20'],
    [{ tools: 'x' }, '"tools" must be an array'],
  ])('%j are refused', async (body, message) => {
    expect(await chat(body)).toEqual(refused(400, message));
    expect(house.asked).toEqual([]);
  });
});

describe('how much to think', () => {
  it.each<[body: Json, think: unknown]>([
    [{}, undefined],
    [{ reasoning_effort: '' }, undefined],
    [{ reasoning_effort: null, reasoning: null }, undefined],
    [{ reasoning_effort: 'none' }, false],
    [{ reasoning_effort: 'minimal' }, 'low'],
    [{ reasoning_effort: 'low' }, 'low'],
    [{ reasoning_effort: 'medium' }, 'medium'],
    [{ reasoning_effort: 'high' }, 'high'],
    [{ reasoning_effort: 'xhigh' }, 'max'],
    [{ reasoning_effort: 'ultra' }, 'max'],
    [{ reasoning: { effort: 'max' } }, 'max'],
    [{ reasoning: { effort: 'high' }, reasoning_effort: 'low' }, 'high'],
    [{ reasoning: { effort: '' }, reasoning_effort: 'low' }, undefined],
  ])('%j: %j', async (body, think) => {
    expect((await asked(body)).think).toBe(think);
  });

  it.each([[{ reasoning_effort: 'future' }], [{ reasoning: { effort: ' HIGH ' } }]])(
    '%j is refused',
    async (body) => {
      const { status, answer } = await chat(body);
      expect(status).toBe(400);
      expect((answer as { error: Json }).error.message).toMatch(
        /^invalid reasoning value: '(future| HIGH )' \(must be "high", "medium", "low", "max", or "none"\)$/,
      );
    },
  );

  it('is refused for a model that does not think, but not to', async () => {
    house.close();
    house = openScripted();
    expect(await chat({ reasoning_effort: 'high' })).toEqual(
      refused(400, '"fake" does not support thinking'),
    );
    expect((await chat({ reasoning_effort: 'none' })).status).toBe(200);
  });
});

describe('the format of the reply', () => {
  const schema = { type: 'object', properties: { b: {}, a: {} } };

  it.each<[format: unknown, asked: unknown]>([
    [undefined, undefined],
    [null, undefined],
    [{ type: 'text' }, undefined],
    [{ type: 'json_object' }, 'json'],
    [{ type: 'json_schema', json_schema: { name: 'x', strict: true, schema } }, schema],
  ])('%j', async (response_format, format) => {
    const params = await asked({ response_format });
    expect(params.format).toEqual(format);
    expect(JSON.stringify(params.format)).toBe(JSON.stringify(format));
  });

  it.each<[format: unknown, message: string]>([
    ['json', '"response_format" must be an object'],
    [{ type: 'json_schema' }, '"response_format.json_schema.schema" must be a JSON Schema'],
    [
      { type: 'json_schema', json_schema: { schema: 'x' } },
      '"response_format.json_schema.schema" must be a JSON Schema',
    ],
    [
      { type: 'yaml' },
      '"response_format.type" must be "text", "json_object" or "json_schema", not "yaml"',
    ],
  ])('%j is refused', async (response_format, message) => {
    expect(await chat({ response_format })).toEqual(refused(400, message));
  });
});

describe('tools', () => {
  const parameters = { type: 'object', properties: { town: { type: 'string' } } };
  const tool = { type: 'function', function: { name: 'weather', parameters, strict: true } };

  it('reach the engine', async () => {
    expect((await asked({ tools: [tool] })).tools).toEqual([{ name: 'weather', parameters }]);
  });

  it('are refused for a model that knows none', async () => {
    house.close();
    house = openScripted();
    expect(await chat({ tools: [tool] })).toEqual(
      refused(400, 'registry.ollama.ai/library/fake:latest does not support tools'),
    );
  });
});

it('names in the log what it ignores', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  await asked({ n: 1, tool_choice: 'auto', stream: false, metadata: {} });
  expect(warn).not.toHaveBeenCalled();
  await chat({ n: 2, tool_choice: 'none', user: 'me', logit_bias: { 5: 1 } });
  expect(warn).toHaveBeenCalledExactlyOnceWith(
    'not supported by the API, ignored: tool_choice, n, user, logit_bias',
  );
});
