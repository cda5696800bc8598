/** What is measured unless somebody chooses, and what the host is asked. */
import { beforeEach, expect, it, vi } from 'vitest';
import type { OfferedCandidate } from '#core/bench/events';
import type { Candidate } from '#core/bench/run';
import { PaddockError } from '#core/errors';
import type { EngineChoice } from '#core/paddock-api';
import { benchChoice } from '$lib/state/bench-choice.svelte';
import { defaultOffers, groupOffers } from '$lib/state/bench-offer';

const { ask } = vi.hoisted(() => ({ ask: vi.fn<(model: string) => Promise<unknown>>() }));
vi.mock('$lib/client/bench', () => ({ offeredCandidates: ask }));

const model = 'm';
const offer = (
  engine: Candidate['engine'],
  backend: Candidate['backend'],
  threads: number,
  refused?: string,
): OfferedCandidate => ({ model, engine, backend, threads, ...(refused ? { refused } : {}) });

const OFFERS = [
  offer('wllama', 'webgpu', 0),
  offer('paddock', 'wasm', 4),
  offer('paddock', 'wasm', 1),
  offer('wllama', 'wasm', 1),
  offer('wllama', 'wasm', 4),
];
const OWN: EngineChoice = { engine: 'paddock', backend: 'wasm' };

const names = (offers: Candidate[]) =>
  offers.map(({ engine, backend, threads }) => `${engine} ${backend} ${threads}`);

beforeEach(() => {
  benchChoice.keepOnly([]);
  benchChoice.set = 'quick';
});

it('goes with the engine that would run, and the other one on the CPU, each with all threads', () => {
  expect(names(defaultOffers(OFFERS, OWN))).toEqual(['paddock wasm 4', 'wllama wasm 4']);
  const gpu: EngineChoice = { engine: 'wllama', backend: 'webgpu' };
  expect(names(defaultOffers(OFFERS, gpu))).toEqual(['wllama webgpu 0', 'paddock wasm 4']);
  const alone = [offer('webllm', 'webgpu', 0)];
  expect(names(defaultOffers(alone, { engine: 'webllm', backend: 'webgpu' }))).toEqual([
    'webllm webgpu 0',
  ]);
});

it('takes each engine with the threads that it has in a chat', () => {
  const offers = OFFERS.map((one) =>
    one.engine === 'wllama' && one.threads === 1 ? { ...one, usual: true as const } : one,
  );
  expect(names(defaultOffers(offers, OWN))).toEqual(['paddock wasm 4', 'wllama wasm 1']);
});

it('never takes what is refused, and lists it last', () => {
  const offers = OFFERS.map((one) =>
    one.engine === 'paddock' || one.threads === 4 ? { ...one, refused: 'No.' } : one,
  );
  expect(names(defaultOffers(offers, OWN))).toEqual(['wllama wasm 1']);
  expect(groupOffers(offers).map(({ key, refused }) => [key, refused])).toEqual([
    ['wllama webgpu', undefined],
    ['wllama wasm', undefined],
    ['paddock wasm', 'No.'],
  ]);
});

it('asks for what is chosen: a set by its name, or tests of its own with the short prompt', async () => {
  ask.mockResolvedValueOnce(OFFERS);
  await benchChoice.add(model, OWN);
  benchChoice.toggle(OFFERS[4]!);
  const candidates = [{ model, engine: 'paddock', backend: 'wasm', threads: 4 }];
  expect(benchChoice.request).toEqual({ candidates, set: 'quick', verify: true });
  Object.assign(benchChoice, { set: 'custom', prompt: 32, reply: 16, repetitions: 2 });
  expect(benchChoice.request).toEqual({
    candidates,
    tests: [
      { kind: 'pp', tokens: 16, depth: 0 },
      { kind: 'pp', tokens: 32, depth: 0 },
      { kind: 'tg', tokens: 16, depth: 0 },
    ],
    repetitions: 2,
    verify: true,
  });
  benchChoice.remove(model);
  expect(benchChoice.request).toBeNull();
});

it('says why a model’s engines are not known, and asks again', async () => {
  ask.mockRejectedValueOnce(new PaddockError('host_died', 'gone'));
  await benchChoice.add(model, OWN);
  expect(benchChoice.offers.get(model)).toMatchObject({
    state: 'failed',
    error: { code: 'host_died' },
  });
  ask.mockResolvedValueOnce(OFFERS);
  await benchChoice.add(model, OWN);
  expect(benchChoice.candidates).toHaveLength(2);
});
