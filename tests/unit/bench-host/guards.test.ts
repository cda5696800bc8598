/** What disturbs a repetition throws it away; what disturbs it every time leaves it out. */
import { describe, expect, test } from 'vitest';
import type { BenchEvent } from '#core/bench/events';
import { decodeRate } from '#core/bench/rates';
import type { BenchRun } from '#core/bench/run';
import {
  eventsOf,
  onCpu,
  openBenchHouse,
  SMALL,
  type BenchWorld,
} from '../../fixtures/bench-house';
import { lines } from '../../fixtures/house';

const ONE = { candidates: [onCpu()], ...SMALL };

/** Whether `event` begins repetition 2 of the writing. */
function isSecond(event: BenchEvent): boolean {
  if (event.type !== 'step') return false;
  const { phase, test, repetition } = event.step;
  return phase === 'measure' && test === 1 && repetition === 2;
}

/** Does `what` once, in the middle of the next piece of work. */
function soon(world: BenchWorld, what: () => void | Promise<void>) {
  world.onWork = async () => {
    world.onWork = () => {};
    await what();
  };
}

function decoded(run: BenchRun, at = 0) {
  const [, tg] = run.candidates[at]!.tests;
  return { ...tg!, rates: tg!.samples.map(decodeRate).map((rate) => Math.round(rate!)) };
}

describe('a repetition is measured again', () => {
  test('when somebody chats meanwhile, whose reply comes whole and whose model does not stay', async () => {
    const house = openBenchHouse();
    const replies: Record<string, unknown>[][] = [];
    const chat = async () => {
      const messages = [{ role: 'user', content: '/say hello' }];
      const response = await house.call('POST', '/api/chat', { model: 'good', messages });
      replies.push(await lines(response));
    };
    const told = new Set<number>();
    const { events, run } = await house.run(ONE, (event) => {
      if (event.type !== 'step' || event.step.phase !== 'measure') return;
      const { test = 0, repetition } = event.step;
      if (repetition !== 2 || told.has(test)) return;
      told.add(test);
      soon(house.world, chat);
    });
    const redone = run.candidates[0]!.tests.map((result) => result.redone);
    expect(redone).toEqual([['busy'], ['busy']]);
    expect(decoded(run).rates).toEqual([100, 100, 100]);
    expect(eventsOf(events, 'redo')).toHaveLength(2);
    for (const reply of replies) expect(reply.at(-1)).toMatchObject({ done: true });
    expect(house.scheduler.list()).toEqual([]);
  });

  test('and the run waits while a reply is being written', async () => {
    const house = openBenchHouse();
    const stop = new AbortController();
    let reply: Promise<Response> | undefined;
    const { events, run } = await house.run(ONE, (event) => {
      const messages = [{ role: 'user', content: '/hang' }];
      const body = { model: 'good', messages };
      if (isSecond(event) && !reply) {
        soon(house.world, async () => {
          const busy = new Promise<void>((resolve) => {
            house.world.disturbances.onChange(resolve);
          });
          reply = house.call('POST', '/api/chat', body, stop.signal);
          await busy;
        });
      }
      if (event.type === 'step' && event.step.phase === 'wait') stop.abort();
    });
    const waits = eventsOf(events, 'step').filter(({ step }) => step.phase === 'wait');
    expect(waits.map(({ step }) => step.reason)).toEqual(['busy']);
    expect(decoded(run)).toMatchObject({ redone: ['busy'], rates: [100, 100, 100] });
    expect((await reply)!.status).toBe(499);
  });

  test('when a download runs meanwhile', async () => {
    const house = openBenchHouse();
    const pull = async () => {
      await house.call('POST', '/api/paddock/pulls', { model: 'offered' });
    };
    let told = false;
    const { run } = await house.run(ONE, (event) => {
      if (isSecond(event) && !told) soon(house.world, pull);
      told ||= isSecond(event);
    });
    expect(decoded(run)).toMatchObject({ redone: ['busy'], rates: [100, 100, 100] });
  });

  test('when somebody pulls over the API meanwhile', async () => {
    const house = openBenchHouse();
    const pull = async () => {
      await lines(await house.call('POST', '/api/pull', { model: 'offered' }));
    };
    let told = false;
    const { run } = await house.run(ONE, (event) => {
      if (isSecond(event) && !told) soon(house.world, pull);
      told ||= isSecond(event);
    });
    expect(decoded(run)).toMatchObject({ redone: ['busy'], rates: [100, 100, 100] });
  });

  test('when the computer slept meanwhile', async () => {
    const house = openBenchHouse();
    const { world } = house;
    let told = false;
    const { run } = await house.run(ONE, (event) => {
      if (isSecond(event) && !told) soon(world, () => void (world.jump += 60_000));
      told ||= isSecond(event);
    });
    expect(decoded(run)).toMatchObject({ redone: ['clock'], rates: [100, 100, 100] });
  });

  test('three times at most; then it is left out, and the others go on', async () => {
    const house = openBenchHouse();
    const { world } = house;
    const { run } = await house.run(ONE, (event) => {
      if (isSecond(event)) soon(world, () => world.see(false));
      if (event.type === 'step' && event.step.phase === 'wait') world.see(true);
    });
    expect(decoded(run)).toMatchObject({
      redone: ['hidden', 'hidden', 'hidden'],
      abandoned: ['hidden'],
      rates: [100, 100],
    });
  });
});

describe('a machine that becomes slower', () => {
  /** From the second repetition on, until `rested`. */
  const warm = async (rested: (world: BenchWorld) => void) => {
    const house = openBenchHouse();
    const { world } = house;
    const { events, run } = await house.run(ONE, (event) => {
      if (event.type === 'sample' && event.test === 1 && event.repetition === 1) {
        world.slowness = 1.25;
      }
      if (event.type === 'step' && event.step.phase === 'cool') rested(world);
    });
    const rests = eventsOf(events, 'step').filter(({ step }) => step.phase === 'cool').length;
    return { rests, ...decoded(run) };
  };

  test('rests, and what was slow is measured again', async () => {
    expect(await warm((world) => void (world.slowness = 1))).toMatchObject({
      rests: 1,
      redone: ['throttled', 'throttled'],
      rates: [100, 100, 100],
    });
  });

  test('and stays so after its rest keeps its figures', async () => {
    expect(await warm(() => {})).toMatchObject({
      rests: 1,
      redone: ['throttled', 'throttled'],
      rates: [100, 80, 80],
    });
  });
});

test('a run that begins out of sight waits until it is seen', async () => {
  const house = openBenchHouse();
  house.world.see(false);
  const { events } = await house.run(ONE, (event) => {
    if (event.type === 'step' && event.step.phase === 'wait') house.world.see(true);
  });
  const phases = eventsOf(events, 'step').map(({ step }) => step.phase);
  expect(phases.slice(0, 3)).toEqual(['probe', 'wait', 'load']);
});
