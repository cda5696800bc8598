import { Ollama } from 'ollama/browser';

/** @type {import('../../example').Example} */
export default async ({ base, model, prompt, fetch, print }) => {
  const ollama = new Ollama({ host: base, fetch });
  const reply = await ollama.chat({
    model,
    messages: [{ role: 'user', content: prompt }],
    stream: true,
  });
  for await (const { message } of reply) print(message.content);
};
