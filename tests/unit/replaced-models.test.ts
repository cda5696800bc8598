/** A name that is deleted, or becomes another model, while its weights are loaded: what is told of it, and its end. */
import { beforeEach, expect, it, vi } from 'vitest';
import { openContract, type ContractHouse, type Json } from '../fixtures/contract-house';

let house: ContractHouse;
beforeEach(async () => {
  house = await openContract();
});

const load = (model: string, more: Json = {}) =>
  house.ask('POST', '/api/generate', { model, ...more });
const stop = (model: string) => load(model, { keep_alive: 0 });
const copy = (source: string, destination: string) =>
  house.ask('POST', '/api/copy', { source, destination });

async function ps() {
  return (await house.ask('GET', '/api/ps')).body.models as Json[];
}

async function digestOf(name: string) {
  const { models } = (await house.ask('GET', '/api/tags')).body as { models: Json[] };
  return models.find((model) => model.name === name)!.digest;
}

it('a deleted name whose weights another one has is shown as it was, and is unloaded by it', async () => {
  await copy('plain', 'copied');
  const digest = await digestOf('copied:latest');
  await load('copied');
  const [before] = await ps();
  expect(before).toMatchObject({ name: 'copied:latest', digest });
  await house.ask('DELETE', '/api/delete', { model: 'copied' });
  const [shown] = await ps();
  expect({ ...shown, expires_at: '' }).toEqual({ ...before, expires_at: '' });
  const { runners } = (await house.ask('GET', '/api/paddock/runners')).body as { runners: Json[] };
  expect(runners).toMatchObject([{ name: 'copied:latest' }]);
  expect(await stop('copied')).toMatchObject({ status: 200, body: { done_reason: 'unload' } });
  expect(await ps()).toEqual([]);
  expect(house.runners.map(({ closed }) => closed)).toEqual([true]);
  expect((await stop('copied')).status).toBe(404);
});

it('a name that is another model by now answers with the new weights; the old ones are shown, and go with it', async () => {
  await load('plain');
  const old = await digestOf('plain:latest');
  await copy('able', 'plain');
  const now = await digestOf('plain:latest');
  expect(now).not.toBe(old);
  expect(await ps()).toMatchObject([{ name: 'plain:latest', digest: old }]);
  await load('plain');
  expect(house.runners).toHaveLength(2); // a load of its own
  const digests = (await ps()).map(({ digest }) => digest);
  expect(digests.sort()).toEqual([old, now].sort());
  expect((await stop('PLAIN')).status).toBe(200);
  expect(await ps()).toEqual([]);
});

it('what a name meant ends with its keep_alive, though the name is gone', async () => {
  await copy('plain', 'copied');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  try {
    await load('copied', { keep_alive: 60 });
    await house.ask('DELETE', '/api/delete', { model: 'copied' });
    await vi.advanceTimersByTimeAsync(59_000);
    expect(await ps()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await ps()).toEqual([]);
    expect(house.runners.map(({ closed }) => closed)).toEqual([true]);
  } finally {
    vi.useRealTimers();
  }
});
