/** How a run begins, is stopped, and outlives its candidates. */
import { describe, expect, test, vi } from 'vitest';
import type { BenchEvent } from '#core/bench/events';
import { readLines } from '#core/read-lines';
import { eventsOf, onCpu, onGpu, openBenchHouse, SMALL } from '../../fixtures/bench-house';
import { LIMITS } from '../../fixtures/house';

const ONE = { candidates: [onCpu()], ...SMALL };

/** On a busy machine too. */
const PATIENT = { timeout: 10_000, interval: 5 };

const LONG = { ...ONE, repetitions: 100 };

/** Reads until a repetition is under way. */
async function untilTokens(events: AsyncGenerator<BenchEvent>) {
  for (let next = await events.next(); !next.done; next = await events.next()) {
    if (next.value.type === 'tokens') return;
  }
}

function isMeasuring(event: BenchEvent): boolean {
  return event.type === 'step' && event.step.phase === 'measure';
}

describe('a run', () => {
  test('that is cancelled in the middle of a repetition ends every runner', async () => {
    const house = openBenchHouse();
    const gone = new AbortController();
    const reader = readLines<BenchEvent>(await house.start(LONG, gone.signal));
    await untilTokens(reader);
    expect(house.open()).toBe(1);
    gone.abort();
    for await (const event of reader) expect(event.type).not.toBe('run');
    expect(house.open()).toBe(0);
    expect((await house.run(ONE)).run.finished).not.toBeNull();
  });

  test('whose reader goes ends every runner', async () => {
    const house = openBenchHouse();
    const reader = readLines<BenchEvent>(await house.start(LONG));
    await untilTokens(reader);
    expect(house.open()).toBe(1);
    await reader.return();
    expect(house.open()).toBe(0);
    expect((await house.run(ONE)).run.finished).not.toBeNull();
  });

  test('waits for the reply under way, and takes the memory of what is loaded', async () => {
    const house = openBenchHouse();
    const stop = new AbortController();
    const messages = [{ role: 'user', content: '/hang' }];
    const chat = house.call('POST', '/api/chat', { model: 'good', messages }, stop.signal);
    await vi.waitUntil(() => house.scheduler.list().length === 1, PATIENT);
    const steps: string[] = [];
    const { events } = await house.run(ONE, (event) => {
      if (event.type === 'step') steps.push(event.step.phase);
      if (event.type === 'step' && event.step.phase === 'probe') {
        expect(house.runners).toHaveLength(1);
        stop.abort();
      }
      if (isMeasuring(event)) expect(house.scheduler.list()).toEqual([]);
    });
    expect((await chat).status).toBe(499);
    expect(steps.slice(0, 2)).toEqual(['probe', 'load']);
    expect(events.at(-1)!.type).toBe('run');
  });

  test('refuses a second one while it runs', async () => {
    const house = openBenchHouse();
    let second: Promise<unknown> | undefined;
    await house.run(ONE, (event) => {
      if (isMeasuring(event)) second ??= house.start(ONE).then((answer) => answer.json());
    });
    expect(await second).toMatchObject({ code: 'bench_running' });
    expect((await house.run(ONE)).run.finished).not.toBeNull();
  });

  test('pauses between repetitions, and goes on', async () => {
    const house = openBenchHouse();
    let samples = 0;
    let paused = 0;
    const { run, events } = await house.run(ONE, async (event) => {
      if (event.type === 'sample' && ++samples === 2) {
        await house.call('POST', '/api/paddock/bench/pause', {});
      }
      if (event.type === 'step' && event.step.reason === 'paused') {
        paused = samples;
        await new Promise(setImmediate);
        await house.call('POST', '/api/paddock/bench/resume', {});
      }
    });
    expect(paused).toBeGreaterThanOrEqual(2);
    const after = events[events.findIndex(isPaused) + 1];
    expect(after).toMatchObject({ type: 'step' }); // nothing was measured meanwhile
    expect(run.candidates[0]!.tests.map((result) => result.samples.length)).toEqual([3, 3]);
  });

  test.each(['pause', 'resume'])('that is not there cannot %s', async (what) => {
    const house = openBenchHouse();
    const response = await house.call('POST', `/api/paddock/bench/${what}`, {});
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'no benchmark is running' });
  });
});

function isPaused(event: BenchEvent): boolean {
  return event.type === 'step' && event.step.reason === 'paused';
}

describe('a candidate', () => {
  test('that loses its device ends with that, and the others go on', async () => {
    const house = openBenchHouse({ bad: '/gpu /bench lost', good: '/bench' });
    const { run, events } = await house.run({ candidates: [onGpu('bad'), onCpu()], ...SMALL });
    const [bad, good] = run.candidates;
    expect(bad!.error).toMatchObject({ code: 'device_lost' });
    expect(eventsOf(events, 'failed')).toMatchObject([{ candidate: 0 }]);
    expect(good!.error).toBeNull();
    expect(good!.tests.map((result) => result.samples.length)).toEqual([3, 3]);
    expect(house.open()).toBe(0);
  });

  test('that does not fit beside the others is tried alone, and is out if it does not fit then', async () => {
    const house = openBenchHouse({ good: '/bench', big: '/fails out_of_memory' });
    const { run, events } = await house.run({
      candidates: [onCpu(), onCpu('big')],
      ...SMALL,
      verify: false,
    });
    const plans = eventsOf(events, 'plan').map((plan) => plan.run);
    // The second once the machine is known.
    expect(plans.map(({ interleaved }) => interleaved)).toEqual([true, true, false]);
    expect(new Set(plans.map(({ id }) => id)).size).toBe(1);
    expect(run.interleaved).toBe(false);
    expect(run.candidates[1]!.error).toMatchObject({ code: 'out_of_memory' });
    expect(run.candidates[0]!.tests.map(({ samples }) => samples.length)).toEqual([3, 3]);
    expect(run.candidates[0]!.loads).toHaveLength(2);
  });

  test('that was loaded cold before all began anew is not cold a second time', async () => {
    const house = openBenchHouse({ good: '/bench', big: '/fails out_of_memory' });
    const request = { candidates: [onCpu(), onCpu('big')], ...SMALL, verify: false };
    const { run, events } = await house.run(request, (event) => {
      if (event.type === 'load') house.world.slowness = 10;
    });
    const cold = eventsOf(events, 'load').filter(({ load }) => load.cold);
    expect(cold).toHaveLength(2);
    expect(cold[1]!.load).toEqual(cold[0]!.load);
    const [first, second] = run.candidates[0]!.loads;
    expect(second!.firstTokenMs! / first!.firstTokenMs!).toBeGreaterThan(5);
  });

  test('has the memory to itself where not all fit', async () => {
    const small = { ...LIMITS, device_memory: 1 };
    const house = openBenchHouse({ good: '/bench', other: '/bench' });
    house.deps.limits = () => Promise.resolve(small);
    const most: number[] = [];
    const { run } = await house.run({ candidates: [onCpu(), onCpu('other')], ...SMALL }, () => {
      most.push(house.open());
    });
    expect(run.interleaved).toBe(false);
    expect(Math.max(...most)).toBe(1);
    expect(run.candidates.every(({ error }) => error === null)).toBe(true);
  });

  test('whose model is deleted meanwhile lets go of it first, and the others go on', async () => {
    const house = openBenchHouse({ gone: '/bench', good: '/bench' });
    let deleted: Promise<Response> | undefined;
    const { run } = await house.run({ candidates: [onCpu('gone'), onCpu()], ...SMALL }, (event) => {
      if (isMeasuring(event)) deleted ??= house.call('DELETE', '/api/delete', { model: 'gone' });
    });
    expect((await deleted)!.status).toBe(200);
    expect(run.candidates[0]!.error).toMatchObject({ code: 'model_not_found' });
    expect(run.candidates[1]!.tests.map(({ samples }) => samples.length)).toEqual([3, 3]);
  });
});
