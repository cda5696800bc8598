/** @type {import('../../example').Example} */
export default async ({ base, fetch, print }) => {
  const response = await fetch(`${base}/api/tags`);
  const { models, error } = await response.json();
  if (error) throw new Error(error);
  for (const { name, size } of models) print(`${name}  ${size} bytes\n`);
};
