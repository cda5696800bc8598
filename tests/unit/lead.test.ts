import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { HOST_LOCK, LEADER_LOCK } from '#core/locks';
import { whenFree } from '../../src/lib/client/held-locks';
import { lookAtHouse } from '../../src/lib/client/house';
import { Lead } from '../../src/lib/client/lead';
import { FakeLocks } from '../fixtures/fake-locks';

let locks: FakeLocks;
beforeEach(() => {
  locks = new FakeLocks();
  vi.stubGlobal('navigator', { locks });
});
afterEach(() => vi.unstubAllGlobals());

/** A tab whose host holds a lock of its own while it leads. */
function tab(name: string) {
  const events: string[] = [];
  const lead = new Lead({
    async begin() {
      events.push('begins');
      void locks
        .request(HOST_LOCK + name, () => new Promise(() => {}))
        .catch(() => events.push('host ends'));
    },
    end: () => void events.push('is robbed'),
    fail: () => void events.push('fails'),
  });
  return { lead, events };
}

it('leads when nobody does, and queues otherwise', async () => {
  const [first, second] = [tab('1'), tab('2')];
  expect(await first.lead.enter()).toBe(true);
  expect(await second.lead.enter()).toBe(false);
  expect(second.events).toEqual([]);
  locks.holderDies(LEADER_LOCK);
  await vi.waitFor(() => expect(second.events).toEqual(['begins']));
});

it('takes the lead and the host from a tab that is silent, which then queues again', async () => {
  const [frozen, robber] = [tab('1'), tab('2')];
  await frozen.lead.enter();
  await robber.lead.enter();
  const seen = await lookAtHouse();
  const hostEnded = whenFree(HOST_LOCK + '1');
  await robber.lead.rob(seen);
  await hostEnded;
  expect(robber.events).toEqual(['begins']);
  expect(frozen.events).toEqual(expect.arrayContaining(['is robbed', 'host ends']));
  expect((await lookAtHouse()).host).toBe(HOST_LOCK + '2');

  locks.holderDies(LEADER_LOCK);
  await vi.waitFor(() => expect(frozen.events.at(-1)).toBe('begins'));
});

it('is robbed once by two tabs that find it silent at the same time', async () => {
  const [frozen, ...robbers] = [tab('1'), tab('2'), tab('3')];
  await frozen.lead.enter();
  for (const { lead } of robbers) await lead.enter();
  const seen = await lookAtHouse();
  await Promise.all(robbers.map(({ lead }) => lead.rob(seen)));
  expect(robbers.map(({ events }) => events)).toEqual([['begins'], []]);
});

it('is not robbed for what the tab before it did', async () => {
  const [first, second, third] = [tab('1'), tab('2'), tab('3')];
  for (const { lead } of [first, second, third]) await lead.enter();
  const seen = await lookAtHouse();
  locks.holderDies(HOST_LOCK + '1');
  locks.holderDies(LEADER_LOCK);
  await vi.waitFor(() => expect(second.events).toEqual(['begins']));
  await third.lead.rob(seen);
  expect(second.events).toEqual(['begins']);
  expect(third.events).toEqual([]);
});

it('says when its host does not start, and leaves the lead to others', async () => {
  const told = vi.fn();
  const failing = new Lead({
    begin: () => Promise.reject(new Error('no script')),
    end: () => {},
    fail: told,
  });
  await expect(failing.enter()).rejects.toThrow('no script');
  expect(told).toHaveBeenCalledOnce();
  expect(await tab('2').lead.enter()).toBe(true);
});

it('follows when it is robbed before its host has started', async () => {
  const [events, robber] = [[] as string[], tab('2')];
  const slow = new Lead({
    begin: () => new Promise(() => events.push('begins')),
    end: () => void events.push('is robbed'),
    fail: () => void events.push('fails'),
  });
  const entered = slow.enter();
  await vi.waitFor(() => expect(events).toEqual(['begins']));
  await robber.lead.enter();
  await robber.lead.rob(await lookAtHouse());
  expect(await entered).toBe(false);
  expect(events).toEqual(['begins', 'is robbed']);
});
