import OpenAI from 'openai';

/** @type {import('../../example').Example} */
export default async ({ base, model, fetch, print }) => {
  const openai = new OpenAI({
    baseURL: `${base}/v1`,
    apiKey: 'none', // the package wants one; nobody reads it
    dangerouslyAllowBrowser: true,
    maxRetries: 0,
    fetch,
  });
  const input = ['A cat sleeps.', 'A kitten naps.', 'Shares fell again.'];
  const { data } = await openai.embeddings.create({ model, input });
  // Vectors of length 1: their dot product says how alike two texts are.
  const likeness = (a, b) => a.reduce((sum, value, at) => sum + value * b[at], 0);
  for (const { index, embedding } of data) {
    print(`${likeness(data[0].embedding, embedding).toFixed(3)}  ${input[index]}\n`);
  }
};
