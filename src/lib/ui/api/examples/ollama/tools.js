import { Ollama } from 'ollama/browser';

/** @type {import('../../example').Example} */
export default async ({ base, model, prompt, fetch, print }) => {
  const ollama = new Ollama({ host: base, fetch });
  const weather = {
    name: 'weather',
    description: 'The weather in a city now',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
    },
  };
  const messages = [{ role: 'user', content: prompt }];
  const ask = async () => {
    const tools = [{ type: 'function', function: weather }];
    const { message } = await ollama.chat({ model, messages, tools });
    messages.push(message);
    return message;
  };
  const { content, tool_calls: calls = [] } = await ask();
  for (const { function: call } of calls) {
    print(`${call.name}(${JSON.stringify(call.arguments)})\n`);
    messages.push({ role: 'tool', tool_name: call.name, content: '12 °C, light rain' });
  }
  print(calls.length > 0 ? (await ask()).content : content);
};
