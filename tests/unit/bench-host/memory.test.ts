/** What is loaded next waits for the memory of what was loaded before. */
import { afterEach, expect, test, vi } from 'vitest';
import { RunnerProcess } from '../../../workers/host/scheduler/runner-process';
import { onCpu, openBenchHouse, SMALL } from '../../fixtures/bench-house';
import { lines } from '../../fixtures/house';

afterEach(() => vi.restoreAllMocks());

test('a warm load begins when the worker of the cold one is gone', async () => {
  let leave = () => {};
  const gone = new Promise<void>((resolve) => (leave = resolve));
  vi.spyOn(RunnerProcess.prototype, 'gone').mockReturnValue(gone);
  const house = openBenchHouse();
  const started: number[] = [];
  const order = { candidates: [onCpu()], ...SMALL, verify: false };
  const { run } = await house.run(order, async (event) => {
    if (event.type !== 'step' || event.step.phase !== 'load' || event.step.repetition !== 2) return;
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    started.push(house.runners.length, house.open());
    leave();
  });
  expect(started).toEqual([1, 0]);
  expect(house.runners).toHaveLength(2);
  expect(run.candidates[0]!.loads.map(({ cold }) => cold)).toEqual([true, false]);
});

test('and the first load when the worker of a chat is', async () => {
  const house = openBenchHouse();
  const messages = [{ role: 'user', content: '/say hello' }];
  await lines(await house.call('POST', '/api/chat', { model: 'good', messages }));
  let leave = () => {};
  const gone = new Promise<void>((resolve) => (leave = resolve));
  vi.spyOn(RunnerProcess.prototype, 'gone').mockReturnValue(gone);
  const order = { candidates: [onCpu()], ...SMALL, verify: false };
  const running = house.run(order);
  await vi.waitUntil(() => house.open() === 0);
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  expect(house.runners).toHaveLength(1);
  leave();
  expect((await running).run.finished).not.toBeNull();
});
