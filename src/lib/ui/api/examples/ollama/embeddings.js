import { Ollama } from 'ollama/browser';

/** @type {import('../../example').Example} */
export default async ({ base, model, fetch, print }) => {
  const ollama = new Ollama({ host: base, fetch });
  const input = ['A cat sleeps.', 'A kitten naps.', 'Shares fell again.'];
  const { embeddings } = await ollama.embed({ model, input });
  // Vectors of length 1: their dot product says how alike two texts are.
  const likeness = (a, b) => a.reduce((sum, value, at) => sum + value * b[at], 0);
  for (const [at, text] of input.entries()) {
    print(`${likeness(embeddings[0], embeddings[at]).toFixed(3)}  ${text}\n`);
  }
};
