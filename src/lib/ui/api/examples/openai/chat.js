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
  const reply = await openai.chat.completions.create({
    model,
    messages: [{ role: 'user', content: prompt }],
    stream: true,
  });
  for await (const { choices } of reply) print(choices[0]?.delta.content ?? '');
};
