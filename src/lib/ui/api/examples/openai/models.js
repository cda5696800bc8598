import OpenAI from 'openai';

/** @type {import('../../example').Example} */
export default async ({ base, fetch, print }) => {
  const openai = new OpenAI({
    baseURL: `${base}/v1`,
    apiKey: 'none', // the package wants one; nobody reads it
    dangerouslyAllowBrowser: true,
    maxRetries: 0,
    fetch,
  });
  for await (const { id, owned_by: owner } of openai.models.list()) print(`${id}  ${owner}\n`);
};
