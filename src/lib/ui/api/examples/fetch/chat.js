/** @type {import('../../example').Example} */
export default async ({ base, model, prompt, fetch, print }) => {
  const response = await fetch(`${base}/api/chat`, {
    method: 'POST',
    body: JSON.stringify({ model, messages: [{ role: 'user', content: prompt }] }),
  });
  if (!response.ok) throw new Error((await response.json()).error);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const lines = (rest + next.value).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const { message, error } = JSON.parse(line);
      if (error) throw new Error(error);
      print(message.content);
    }
  }
};
