/** Two models of the same files share what is loaded: neither is said to be unloaded. */
import { expect, it, vi } from 'vitest';
import { models } from '$lib/state/models.svelte';
import { openContract } from '../fixtures/contract-house';

const house = await openContract();
const answer = async (path: string) => (await house.ask('GET', path)).body;

vi.mock('$lib/client/paddock', () => ({
  installedModels: async () => (await answer('/api/tags')).models,
  loadedModels: async () => (await answer('/api/ps')).models,
  runners: () => answer('/api/paddock/runners'),
}));

it('both names tell of the runner and its end, one that nobody asked for does not', async () => {
  for (const destination of ['brief', 'other']) {
    const made = await house.ask('POST', '/api/copy', { source: 'plain', destination });
    expect(made.status).toBe(200);
  }
  await house.ask('POST', '/api/generate', { model: 'plain' });
  await house.ask('POST', '/api/generate', { model: 'brief' });
  await models.refreshRunning();
  expect(house.runners).toHaveLength(1);
  expect(models.running.map(({ name }) => name)).toEqual(['brief:latest']);
  for (const name of ['plain', 'brief']) {
    expect(models.infoOf(name)).toBe(models.running[0]!.info);
    expect(models.expiryOf(name)).toBeGreaterThan(Date.now());
  }
  expect(models.infoOf('other')).toBeUndefined();
  expect(models.expiryOf('other')).toBeUndefined();
});
