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
  const schema = {
    type: 'object',
    properties: { name: { type: 'string' }, age: { type: 'integer' } },
    required: ['name', 'age'],
  };
  const { choices } = await openai.chat.completions.create({
    model,
    messages: [{ role: 'user', content: prompt }],
    response_format: { type: 'json_schema', json_schema: { name: 'person', schema } },
  });
  print(JSON.stringify(JSON.parse(choices[0].message.content), null, 2));
};
