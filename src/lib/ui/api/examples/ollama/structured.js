import { Ollama } from 'ollama/browser';

/** @type {import('../../example').Example} */
export default async ({ base, model, prompt, fetch, print }) => {
  const ollama = new Ollama({ host: base, fetch });
  const format = {
    type: 'object',
    properties: { name: { type: 'string' }, age: { type: 'integer' } },
    required: ['name', 'age'],
  };
  const { message } = await ollama.chat({
    model,
    messages: [{ role: 'user', content: prompt }],
    format,
  });
  print(JSON.stringify(JSON.parse(message.content), null, 2));
};
