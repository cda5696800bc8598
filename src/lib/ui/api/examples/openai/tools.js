import OpenAI from 'openai';

/** @type {import('../../example').Example} */
export default async ({ base, model, prompt, fetch, print }) => {
  const openai = new OpenAI({
    baseURL: `${base}/v1`,
    apiKey: 'none', // the package wants one; nobody reads it
    dangerouslyAllowBrowser: true,
    maxRetries: 0,
    fetch,
  });
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
    const { choices } = await openai.chat.completions.create({ model, messages, tools });
    messages.push(choices[0].message);
    return choices[0].message;
  };
  const { content, tool_calls: calls = [] } = await ask();
  for (const { id, function: call } of calls) {
    print(`${call.name}(${call.arguments})\n`);
    messages.push({ role: 'tool', tool_call_id: id, content: '12 °C, light rain' });
  }
  print(calls.length > 0 ? (await ask()).content : content);
};
