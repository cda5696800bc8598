/** A chat in the middle of a run: it is answered, and its model does not stay beside the candidates. */
import { expect, test } from 'vitest';
import { eventsOf, onCpu, openBenchHouse, SMALL } from '../../fixtures/bench-house';

test.each([
  ['a repetition', 'measure'],
  ['a load', 'load'],
])(
  'that comes during %s is answered, and what it loaded is ended before the run goes on',
  async (_, phase) => {
    const house = openBenchHouse({ good: '/bench', other: '/bench' });
    let answer: Promise<Response> | undefined;
    const messages = [{ role: 'user', content: 'hello' }];
    const { events, run } = await house.run({ candidates: [onCpu()], ...SMALL }, (event) => {
      if (answer || event.type !== 'step' || event.step.phase !== phase) return;
      house.world.onWork = async () => {
        house.world.onWork = () => {};
        const body = { model: 'other', messages, stream: false, keep_alive: -1 };
        answer = house.call('POST', '/api/chat', body);
        await new Promise(setImmediate); // it is on its way
      };
    });
    expect((await answer!).status).toBe(200);
    expect(eventsOf(events, 'step').map(({ step }) => step.reason)).toContain('busy');
    expect(house.scheduler.list()).toEqual([]);
    expect(house.open()).toBe(0);
    expect(run.candidates[0]!.tests.map(({ samples }) => samples.length)).toEqual([3, 3]);
  },
);
