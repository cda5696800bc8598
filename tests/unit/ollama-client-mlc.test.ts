/** The `ollama` package against formats, tools, images, log-probabilities and embeddings: both ends of the wire. */
import { Ollama } from 'ollama/browser';
import { afterEach, expect, it } from 'vitest';
import type { ChatParams } from '#core/engine';
import { SITE } from '../fixtures/house';
import { FINAL, openScripted, type Script } from '../fixtures/scripted-house';

let house = openScripted();
afterEach(() => house.close());

function client(script: Script): Ollama {
  house.close();
  house = openScripted(script);
  const { handle } = house;
  return new Ollama({ host: SITE, fetch: (input, init) => handle(new Request(input, init)) });
}

const model = 'fake';
const messages = [{ role: 'user', content: 'How is Graz?' }];

it('embeds a text, many, and by the older path', async () => {
  const vector = Float32Array.from([3, 4]);
  const ollama = client({
    ...{ engine: ['embedding'], model: ['embedding'] },
    embed: async ({ input }) => ({ vectors: input.map(() => vector), promptTokens: input.length }),
  });
  expect((await ollama.embed({ model, input: 'a' })).embeddings).toEqual([[0.6, 0.8]]);
  const many = await ollama.embed({ model, input: ['a', 'b'], truncate: false, dimensions: 1 });
  expect(many).toMatchObject({ embeddings: [[1], [1]], prompt_eval_count: 2 });
  expect((await ollama.embeddings({ model, prompt: 'a' })).embedding).toEqual([3, 4]);
  await expect(client({}).embed({ model, input: 'a' })).rejects.toMatchObject({
    status_code: 501,
    message: 'this model does not support embeddings',
  });
});

it('goes round with a tool', async () => {
  const toolCalls = [{ id: 'call_1', name: 'weather', arguments: { town: 'Graz', unit: 'C' } }];
  const ollama = client({
    ...{ engine: ['tools'], model: ['tools'] },
    chunks: [{ type: 'delta', content: '', toolCalls }, FINAL],
  });
  const properties = { town: { type: 'string' }, unit: { type: 'string', enum: ['C', 'F'] } };
  const parameters = { type: 'object', required: ['town'], properties };
  const tools = [{ type: 'function', function: { name: 'weather', parameters } }];
  const said = [];
  for await (const { message } of await ollama.chat({ model, messages, tools, stream: true })) {
    said.push(message);
  }
  expect(said.flatMap(({ tool_calls = [] }) => tool_calls)).toMatchObject([
    { function: { name: 'weather', arguments: { town: 'Graz', unit: 'C' } } },
  ]);
  const { message } = await ollama.chat({ model, messages, tools });
  const result = { role: 'tool', content: '21', tool_name: 'weather' };
  await ollama.chat({ model, messages: [...messages, message, result], tools });
  expect((house.asked.at(-1) as ChatParams).messages.slice(1)).toEqual([
    { role: 'assistant', content: '', toolCalls },
    { role: 'tool', content: '21', toolName: 'weather' },
  ]);
  await expect(client({}).chat({ model, messages, tools })).rejects.toMatchObject({
    status_code: 400,
    message: 'registry.ollama.ai/library/fake:latest does not support tools',
  });
});

it('asks for a format, log-probabilities and about an image', async () => {
  const likely = { token: 'a', bytes: [97], logprob: -0.5 };
  const ollama = client({
    ...{ engine: ['format', 'logprobs', 'vision'], model: ['vision'] },
    chunks: [
      { type: 'delta', content: '{}', logprobs: [{ ...likely, top_logprobs: [likely] }] },
      FINAL,
    ],
  });
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0);
  const format = { type: 'object', properties: { b: {}, a: {} } };
  const asked = { model, format, logprobs: true, top_logprobs: 1 };
  const wanted = [{ token: 'a', logprob: -0.5, top_logprobs: [{ token: 'a', logprob: -0.5 }] }];
  const chat = await ollama.chat({ ...asked, messages: [{ ...messages[0]!, images: [png] }] });
  expect(chat).toMatchObject({ message: { content: '{}' }, logprobs: wanted });
  const written = await ollama.generate({ ...asked, prompt: 'hi', images: [png] });
  expect(written).toMatchObject({ response: '{}', logprobs: wanted });
  for (const params of house.asked) {
    expect(params).toMatchObject({ format, options: { logprobs: true, top_logprobs: 1 } });
    expect((params as ChatParams).messages.at(-1)!.images).toEqual([png]);
  }
  await expect(client({}).chat({ model, messages, format: 'json' })).rejects.toMatchObject({
    status_code: 400,
    message: '"fake" does not support format',
  });
});
