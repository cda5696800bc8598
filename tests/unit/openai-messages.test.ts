/** What the messages of `/v1/chat/completions` become, and which are refused. */
import { afterEach, expect, it } from 'vitest';
import type { ChatParams } from '#core/engine';
import { refused } from '../fixtures/openai-envelope';
import { openScripted, type Json, type Script } from '../fixtures/scripted-house';

const ALL: Script = { engine: ['tools', 'thinking', 'vision'], model: ['tools', 'vision'] };

let house = openScripted(ALL);
afterEach(() => {
  house.close();
  house = openScripted(ALL);
});

const user = { role: 'user', content: 'Hello' };
const chat = (more: Json) => house.post('/v1/chat/completions', { messages: [user], ...more });

async function asked(messages: Json[]): Promise<ChatParams['messages']> {
  expect(await chat({ messages })).toMatchObject({ status: 200 });
  return (house.asked[0] as ChatParams).messages;
}

const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';
const calling = (args: unknown) => ({
  role: 'assistant',
  tool_calls: [{ id: 'id', type: 'function', function: { name: 'weather', arguments: args } }],
});
const call = { id: 'id', name: 'weather', arguments: { town: 'Paris', unit: 'C' } };
const written = '{"town":"Paris","unit":"C"}';
const image = (url: unknown) => ({
  role: 'user',
  content: [
    { type: 'text', text: 'What is this?' },
    { type: 'image_url', image_url: url },
  ],
});

it.each<[name: string, messages: Json[], asked: Json[]]>([
  [
    'of a developer',
    [{ role: 'developer', content: 'Be brief.' }, user],
    [{ role: 'system', content: 'Be brief.' }, user],
  ],
  [
    'in parts',
    [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'A' },
          { type: 'text', text: 'B' },
        ],
      },
    ],
    [{ role: 'user', content: 'A\n\nB' }],
  ],
  [
    'with a call',
    [user, calling(written)],
    [user, { role: 'assistant', content: '', toolCalls: [call] }],
  ],
  [
    'with a call and a text',
    [user, { ...calling(written), content: 'I look.' }],
    [user, { role: 'assistant', content: 'I look.', toolCalls: [call] }],
  ],
  [
    'with a call and no text',
    [user, { ...calling(written), content: null }],
    [user, { role: 'assistant', content: '', toolCalls: [call] }],
  ],
  [
    'with a call and thoughts',
    [user, { ...calling(written), reasoning: 'Hm.' }],
    [user, { role: 'assistant', content: '', thinking: 'Hm.', toolCalls: [call] }],
  ],
  [
    'with a call that takes nothing',
    [user, calling('')],
    [user, { role: 'assistant', content: '', toolCalls: [{ ...call, arguments: {} }] }],
  ],
  [
    'of a tool, by its call',
    [user, calling(written), { role: 'tool', tool_call_id: 'id', content: '20' }],
    [
      user,
      { role: 'assistant', content: '', toolCalls: [call] },
      { role: 'tool', content: '20', toolName: 'weather' },
    ],
  ],
  [
    'of a tool, by its name',
    [
      user,
      calling(written),
      { role: 'tool', name: 'clock', content: [{ type: 'text', text: '20' }] },
    ],
    [
      user,
      { role: 'assistant', content: '', toolCalls: [call] },
      { role: 'tool', content: '20', toolName: 'clock' },
    ],
  ],
])('%s', async (_, messages, wanted) => {
  expect(await asked(messages)).toEqual(wanted);
});

it.each([
  [{ url: `data:image/png;base64,${PNG}` }],
  [`data:image/jpeg;base64,${PNG}`],
  [{ url: `data:;base64,${PNG}`, detail: 'low' }],
])('with an image', async (url) => {
  const messages = await asked([image(url)]);
  expect(messages).toMatchObject([{ role: 'user', content: 'What is this?' }]);
  expect(messages[0]?.images?.map((one) => one.length)).toEqual([68]);
});

it.each<[body: Json, message: string]>([
  [{ messages: [] }, "[] is too short - 'messages'"],
  [{ messages: null }, "[] is too short - 'messages'"],
  [{ messages: 'x' }, '"messages" must be an array'],
  [{ messages: [7] }, 'a message must be an object'],
  [{ messages: [{ role: 'user', content: 2 }] }, 'invalid message content type: float64'],
  [{ messages: [{ role: 'user' }] }, 'invalid message content type: <nil>'],
  [
    { messages: [{ role: 'user', content: {} }] },
    'invalid message content type: map[string]interface {}',
  ],
  [{ messages: [{ role: 'user', content: ['x'] }] }, 'invalid message format'],
  [{ messages: [{ role: 'user', content: [{ type: 'input_audio' }] }] }, 'invalid message format'],
  [{ messages: [image({ url: 7 })] }, 'invalid message format'],
  [
    { messages: [image({ url: 'https://a.example/b.png' })] },
    'image URLs are not currently supported, please use base64 encoded data instead',
  ],
  [{ messages: [image({ url: 'data:image/gif;base64,AAAA' })] }, 'invalid image input'],
  [{ messages: [image({ url: 'data:image/png;base64,%%' })] }, 'image 1 is not valid base64'],
  [{ messages: [user, calling('{')] }, 'invalid tool call arguments'],
  [{ messages: [user, calling('[]')] }, 'invalid tool call arguments'],
  [{ messages: [user, calling({ town: 'Paris' })] }, 'invalid tool call arguments'],
  [{ messages: [user, { role: 'assistant', tool_calls: 'x' }] }, '"tool_calls" must be an array'],
  [
    { messages: [{ role: 'nobody', content: '' }] },
    'message role must be one of "system", "user", "assistant", or "tool"',
  ],
  [{ model: '' }, 'model is required'],
  [{ model: 7 }, '"model" must be a string'],
])('%j are refused', async (body, message) => {
  expect(await chat(body)).toEqual(refused(400, message));
  expect(house.asked).toEqual([]);
});
