/** Who tells that a graphics device was lost: the call that uses it, or else the engine's own death. */
import { beforeEach, expect, it } from 'vitest';
import { PaddockError } from '#core/errors';
import { DeviceUse } from '../../workers/runner/engines/device-use';
import { turn } from '../../workers/runner/engines/paddock/generate/turn';

const lost = new PaddockError('device_lost', 'The graphics device was lost: gone');

let deaths: string[];
let use: DeviceUse;
beforeEach(() => {
  deaths = [];
  use = new DeviceUse((reason) => deaths.push(reason));
});

/** Longer than an answer takes to leave the worker. */
async function later(): Promise<void> {
  for (let turns = 0; turns < 3; turns++) await turn();
}

it('a load that it ends tells of it, and the engine lives on for the next one', async () => {
  const waiting = use.until(new Promise(() => {}));
  use.lose(lost);
  await expect(waiting).rejects.toBe(lost);
  await later();
  expect(deaths).toEqual([]);
});

it('a call that it ends tells of it before the engine dies', async () => {
  use.leave();
  const leave = await use.enter();
  const waiting = use.until(new Promise(() => {}));
  use.lose(lost);
  await expect(waiting).rejects.toBe(lost);
  await later();
  expect(deaths).toEqual([]);
  leave();
  expect(deaths).toEqual([]);
  await later();
  expect(deaths).toEqual([lost.message]);
});

it('between calls the engine dies of it, once, and a call that comes yet is told when it was', async () => {
  use.leave();
  use.lose(lost);
  await expect(use.enter()).rejects.toMatchObject({
    code: 'device_lost',
    detail: { idle: true },
  });
  await later();
  expect(deaths).toEqual([lost.message]);
});

it('a call begins when the one before it has ended', async () => {
  use.leave();
  const leave = await use.enter();
  let entered = false;
  const second = use.enter().then((done) => {
    entered = true;
    return done;
  });
  await later();
  expect(entered).toBe(false);
  leave();
  (await second)();
  expect(deaths).toEqual([]);
});
