/** @type {import('../../example').Example} */
export default async ({ base, model, prompt, fetch, print }) => {
  const format = {
    type: 'object',
    properties: { name: { type: 'string' }, age: { type: 'integer' } },
    required: ['name', 'age'],
  };
  const response = await fetch(`${base}/api/chat`, {
    method: 'POST',
    body: JSON.stringify({
      model,
      messages: [{ role: 'user', content: prompt }],
      format,
      stream: false,
    }),
  });
  const { message, error } = await response.json();
  if (error) throw new Error(error);
  print(JSON.stringify(JSON.parse(message.content), null, 2));
};
