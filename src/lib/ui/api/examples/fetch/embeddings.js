/** @type {import('../../example').Example} */
export default async ({ base, model, fetch, print }) => {
  const input = ['A cat sleeps.', 'A kitten naps.', 'Shares fell again.'];
  const response = await fetch(`${base}/api/embed`, {
    method: 'POST',
    body: JSON.stringify({ model, input }),
  });
  const { embeddings, error } = await response.json();
  if (error) throw new Error(error);
  // Vectors of length 1: their dot product says how alike two texts are.
  const likeness = (a, b) => a.reduce((sum, value, at) => sum + value * b[at], 0);
  for (const [at, text] of input.entries()) {
    print(`${likeness(embeddings[0], embeddings[at]).toFixed(3)}  ${text}\n`);
  }
};
