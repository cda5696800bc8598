import { Ollama } from 'ollama/browser';

/** @type {import('../../example').Example} */
export default async ({ base, fetch, print }) => {
  const ollama = new Ollama({ host: base, fetch });
  const { models } = await ollama.list();
  for (const { name, size } of models) print(`${name}  ${size} bytes\n`);
};
