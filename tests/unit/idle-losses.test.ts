/** A model that is lost while nobody asks: no list has it, and the next request loads it anew and hears nothing of it. */
import { afterEach, expect, it, vi } from 'vitest';
import { Caller } from '#core/caller';
import { PaddockError } from '#core/errors';
import { fakeEngine } from '../../workers/runner/engines/fake/engine';
import type { Engine } from '../../workers/runner/engine';
import { lastOf, lossHouse, type LossHouse } from '../fixtures/loss-house';

let house: LossHouse;
afterEach(() => {
  house.close();
  vi.restoreAllMocks();
});

/** The next loss is the first in a row. */
async function expectNoneCounted() {
  expect((await lastOf(house.chat('/lose 9'))).detail?.times).toBeUndefined();
}

it('is in no list, and loads anew', async () => {
  house = lossHouse();
  await lastOf(house.chat('/say One.'));
  const before = house.loads.changes;
  house.runners[0]!.kill();
  await vi.waitFor(() => expect(house.loads.changes).toBe(before + 1));
  expect(await house.ps()).toEqual([]);
  expect(await lastOf(house.chat('/say Two.'))).toMatchObject({ done: true });
  expect(house.runners).toHaveLength(2);
  await expectNoneCounted();
});

const DOORS: [string, object][] = [
  ['chat', { messages: [{ role: 'user', content: '/say Two.' }], stream: false }],
  ['generate', { prompt: '/say Two.', raw: true, stream: false }],
];

it.each(DOORS)('also where it ends before it sees the %s', async (path, body) => {
  house = lossHouse();
  await lastOf(house.chat('/say One.'));
  house.runners[0]!.deafen();
  const calls = vi.spyOn(Caller.prototype, 'call');
  const answer = house.call('POST', `/api/${path}`, { model: 'fake', ...body });
  await vi.waitFor(() => expect(calls).toHaveBeenCalled());
  house.runners[0]!.kill();
  expect(await lastOf(answer)).toMatchObject({ done: true });
  expect(house.runners).toHaveLength(2);
  await expectNoneCounted();
});

/** The fake engine; its first `times` models lose their device before they are asked, and tell of it then. */
function losing(times: number): Engine {
  let left = times;
  return {
    name: 'losing',
    async load(...given) {
      const model = await fakeEngine.load(...given);
      if (left-- <= 0) return model;
      model.chat = () => {
        throw new PaddockError('device_lost', 'The device was destroyed.', { idle: true });
      };
      return model;
    },
  };
}

it('also where the engine knows of it before its runner has ended', async () => {
  house = lossHouse('/gpu', losing(1));
  expect(await lastOf(house.chat('/say One.'))).toMatchObject({ done: true });
  expect(house.runners).toHaveLength(2);
  expect(house.runners[0]!.closed).toBe(true);
  await expectNoneCounted();
});

it('is a loss like any other where it happens twice to one request', async () => {
  house = lossHouse('/gpu', losing(2));
  const last = await lastOf(house.chat('/say One.'));
  expect(last.code).toBe('device_lost');
  expect(last.detail ?? {}).toEqual({});
  expect((await lastOf(house.chat('/lose 9'))).detail).toMatchObject({ times: 2 });
});
