/** The starter that is downloaded to be measured: whoever leaves the page finds the wish when coming back. */
import { beforeEach, expect, it, vi } from 'vitest';
import type { ModelFacts, PullQueue } from '#core/paddock-api';
import { STARTER } from '#core/starter';
import { benchStarter } from '$lib/state/bench-starter.svelte';
import { pulls } from '$lib/state/pulls.svelte';

const { queue, installed } = vi.hoisted(() => ({
  queue: { pulls: [] as { model: string; state: string }[], parallel: 1 },
  installed: [] as { name: string }[],
}));

vi.mock('$lib/client/pulls', () => {
  const readQueue = () => Promise.resolve({ ...queue } as unknown as PullQueue);
  const addPull = (model: string) => {
    queue.pulls = [{ model, state: 'running' }];
    return Promise.resolve();
  };
  return { readQueue, addPull };
});
vi.mock('$lib/client/paddock', () => ({ requestPersistence: () => Promise.resolve(true) }));
vi.mock('$lib/client/model-facts', () => ({
  modelFacts: () => Promise.resolve(installed as ModelFacts[]),
}));

beforeEach(async () => {
  queue.pulls = [];
  installed.length = 0;
  benchStarter.forget();
  await benchStarter.want();
});

it('stays wanted while it is downloaded, whoever looks', () => {
  expect([benchStarter.wanted, benchStarter.job?.state, benchStarter.gone]).toEqual([
    true,
    'running',
    false,
  ]);
});

it('is no longer wanted when somebody took it from the queue', async () => {
  queue.pulls = [];
  await pulls.refresh();
  expect(benchStarter.gone).toBe(true);
  await benchStarter.look();
  expect(benchStarter.wanted).toBe(false);
});

it('stays wanted when it left the queue since it has come', async () => {
  installed.push({ name: STARTER.name });
  queue.pulls = [];
  await pulls.refresh();
  await benchStarter.look();
  expect(benchStarter.wanted).toBe(true);
});
