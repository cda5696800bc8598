/** What agreement is measured against: written once, remembered, and believed only while it is whole. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PROMPTS_VERSION } from '#core/bench/prompts';
import { recordedIds } from '#core/bench/recorded';
import { digestOf } from '#core/digest';
import { PaddockError } from '#core/errors';
import type { Reference } from '../../../workers/host/bench/references';
import { RegistryDb } from '../../../workers/host/registry/db';
import { eventsOf, onCpu, openBenchHouse, SMALL } from '../../fixtures/bench-house';
import { digest, memoryReferences } from '../../fixtures/house';
import { expectedReplies, tinyMlc } from '../../fixtures/tiny-mlc';

afterEach(() => void vi.restoreAllMocks());

const ONE = { candidates: [onCpu()], ...SMALL, repetitions: 1 };

describe('a reference', () => {
  test('is written once, and remembered', async () => {
    const references = memoryReferences();
    const house = openBenchHouse({ good: '/bench' }, { references });
    await house.run(ONE);
    expect(house.runners).toHaveLength(3); // who wrote it, and a cold and a warm load
    const kept = references.kept.get(digest('0'));
    expect(kept).toMatchObject({ version: PROMPTS_VERSION, by: 'the faithful fake' });
    expect(kept!.ids).toHaveLength(128);
    await house.run(ONE);
    expect(house.runners).toHaveLength(5);
  });

  test('is written after the cold loads, by one who has the memory to itself', async () => {
    const references = memoryReferences();
    const house = openBenchHouse({ good: '/bench' }, { references });
    const { reference } = references;
    const open: number[] = [];
    references.reference = (weights) => {
      open.push(house.open());
      return reference(weights);
    };
    const { events } = await house.run({ ...ONE, candidates: [onCpu(), onCpu('good', 2)] });
    const steps = eventsOf(events, 'step').map(({ step: { phase, repetition = '' } }) =>
      `${phase} ${repetition}`.trim(),
    );
    const order = ['load 1', 'load 1', 'reference', 'load 2', 'load 2'];
    expect(steps.slice(1, 6)).toEqual(order);
    expect(open).toEqual([0]);
  });

  test('of another text is written anew', async () => {
    const references = memoryReferences();
    const house = openBenchHouse({ good: '/bench' }, { references });
    const old = { weights: digest('0'), version: 0, by: 'nobody', prompt: [1], ids: [2] };
    await references.putReference(old);
    const { run } = await house.run(ONE);
    expect(run.candidates[0]!.agreement).toMatchObject({ state: 'agrees', of: 128 });
  });

  test('is shared by candidates of the same weights', async () => {
    const house = openBenchHouse();
    await house.run({ ...ONE, candidates: [onCpu(), onCpu('good', 2)] });
    expect(house.runners).toHaveLength(5);
  });

  test('that cannot be kept is used all the same', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const references = {
      reference: () => Promise.resolve(null),
      putReference: () => Promise.reject(new PaddockError('storage_full', 'It is full.')),
    };
    const house = openBenchHouse({ good: '/bench' }, { references });
    const { run } = await house.run(ONE);
    expect(run.candidates[0]!.agreement).toMatchObject({ state: 'agrees' });
    expect(warned).toHaveBeenCalledOnce();
  });

  test('that cannot be made leaves the candidate unverified, with the reason', async () => {
    const references = {
      reference: () => Promise.reject(new PaddockError('storage_failed', 'It is broken.')),
      putReference: () => Promise.resolve(),
    };
    const house = openBenchHouse({ good: '/bench' }, { references });
    const { run } = await house.run(ONE);
    expect(run.candidates[0]).toMatchObject({
      error: null,
      agreement: {
        state: 'unverified',
        reason: 'The reference could not be made: It is broken.',
      },
    });
  });

  test('is not asked for where nobody wants it', async () => {
    const house = openBenchHouse({ bad: '/bench zeros' });
    const { run } = await house.run({ ...ONE, candidates: [onCpu('bad')], verify: false });
    expect(run.candidates[0]!.agreement).toEqual({
      state: 'unverified',
      reason: 'The comparison was left out, as asked.',
    });
    expect(house.runners).toHaveLength(2);
  });
});

test('the tiny MLC model’s text is recorded', async () => {
  const weights = await digestOf(tinyMlc()['params_shard_0.bin']);
  const { prompt_ids, greedy_ids } = expectedReplies()[0]!;
  expect(recordedIds(weights)).toMatchObject({ prompt: prompt_ids, ids: greedy_ids });
  expect(recordedIds(digest('0'))).toBeNull();
});

describe('the database', () => {
  beforeEach(() => void (globalThis.indexedDB = new IDBFactory()));
  const one: Reference = {
    ...{ weights: digest('a'), version: 1, by: 'llama.cpp on the CPU' },
    ...{ prompt: [1, 2], ids: [3, 4] },
  };

  test('remembers a reference, until its weights are gone', async () => {
    const db = new RegistryDb();
    expect(await db.reference(one.weights)).toBeNull();
    await db.putReference(one);
    expect(await new RegistryDb().reference(one.weights)).toEqual(one);
    await db.forgetBlob(one.weights);
    expect(await db.reference(one.weights)).toBeNull();
  });

  test.each([{ ids: [] }, { ids: ['x'] }, { prompt: null }, { by: 7 }, { version: 'x' }])(
    'forgets a damaged one: %j',
    async (damage) => {
      const db = new RegistryDb();
      await db.putReference({ ...one, ...damage } as unknown as Reference);
      expect(await db.reference(one.weights)).toBeNull();
    },
  );

  test('of a version without references is brought forward with what it has', async () => {
    const old = await openDB('paddock-models', 4, {
      upgrade(db) {
        for (const store of ['manifests', 'pulls', 'usage', 'settings']) {
          db.createObjectStore(store, { keyPath: 'key' });
        }
        for (const store of ['ledgers', 'verified', 'damaged']) {
          db.createObjectStore(store, { keyPath: 'digest' });
        }
        db.createObjectStore('tokens', { keyPath: 'host' });
        db.createObjectStore('libraries', { keyPath: 'url' });
      },
    });
    await old.put('usage', { key: 'one', usedAt: 5 });
    old.close();
    const db = new RegistryDb();
    await db.putReference(one);
    expect(await db.reference(one.weights)).toEqual(one);
    expect(await db.usage()).toEqual(new Map([['one', 5]]));
  });
});
