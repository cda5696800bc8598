/** Engines that a benchmark must not believe: each is caught by what it does. */
import { describe, expect, test } from 'vitest';
import { flagsOf, isStruck } from '#core/bench/flags';
import { decodeRate, prefillRate } from '#core/bench/rates';
import type { BenchRun } from '#core/bench/run';
import { onCpu, onGpu, openBenchHouse, SMALL } from '../../fixtures/bench-house';

/** The names of what is wrong with each test, and whether its number is struck out. */
function verdicts(run: BenchRun, at = 0) {
  const { tests, agreement, proof } = run.candidates[at]!;
  return tests.map((result) => {
    const flags = flagsOf(result, { clockMs: run.machine.clockMs, agreement, proof });
    return { flags: flags.map(({ name }) => name), struck: isStruck(flags) };
  });
}

describe('an engine', () => {
  test('that answers zeros does not agree, and its numbers are struck out', async () => {
    const house = openBenchHouse({ bad: '/bench zeros' });
    const { run } = await house.run({ candidates: [onCpu('bad')], ...SMALL });
    expect(run.candidates[0]!.agreement).toMatchObject({ state: 'differs', agreed: 0, of: 8 });
    expect(verdicts(run)).toEqual([
      { flags: ['disagrees'], struck: true },
      { flags: ['disagrees'], struck: true },
    ]);
  });

  test('that reuses what it has read, silently, has nothing to reuse', async () => {
    const house = openBenchHouse({ bad: '/bench reuses' });
    const { run } = await house.run({ candidates: [onCpu('bad')], ...SMALL, repetitions: 6 });
    const rates = run.candidates[0]!.tests[0]!.samples.map(prefillRate);
    expect(rates.map((rate) => Math.round(rate!))).toEqual([1000, 1000, 1000, 1000, 1000, 1000]);
  });

  test('that does so behind a depth cannot say which of it was spared, and gives no number', async () => {
    const house = openBenchHouse({ bad: '/bench reuses' });
    const tests = [{ kind: 'pp', tokens: 32, depth: 100 } as const];
    const { run } = await house.run({ candidates: [onCpu('bad')], tests, repetitions: 2 });
    const [result] = run.candidates[0]!.tests;
    expect(result).toMatchObject({ samples: [], abandoned: ['cached', 'cached'] });
    expect(result!.redone).toEqual(['cached']);
  });

  test('that takes tokens from a cache which nobody filled gives no number', async () => {
    const house = openBenchHouse({ bad: '/bench caches' });
    const { run } = await house.run({ candidates: [onCpu('bad')], ...SMALL });
    const [pp, tg] = run.candidates[0]!.tests;
    expect(pp).toMatchObject({ samples: [], abandoned: ['cached', 'cached', 'cached'] });
    expect(tg!.samples).toHaveLength(3); // of a prompt of one token half is nothing
  });

  test('that claims the adapter and leaves it idle is disproven', async () => {
    const house = openBenchHouse({ bad: '/gpu /bench idle', good: '/gpu /bench' });
    const { run } = await house.run({ candidates: [onGpu('bad'), onGpu()], ...SMALL });
    expect(run.candidates.map(({ proof }) => proof)).toEqual(['disproven', 'proven']);
    expect(verdicts(run, 0)).toEqual([
      { flags: ['backend'], struck: true },
      { flags: ['backend'], struck: true },
    ]);
    expect(verdicts(run, 1)).toEqual([
      { flags: [], struck: false },
      { flags: [], struck: false },
    ]);
  });

  test('on the CPU is proven by an idle adapter', async () => {
    const house = openBenchHouse();
    const { run } = await house.run({ candidates: [onCpu()], ...SMALL });
    expect(run.candidates[0]!.proof).toBe('proven');
  });

  test('that drops every tenth token is caught by the counts, and by its text', async () => {
    const house = openBenchHouse({ bad: '/bench drops' });
    const { run } = await house.run({ candidates: [onCpu('bad')], ...SMALL });
    const [, tg] = run.candidates[0]!.tests;
    expect(tg!.samples[0]).toMatchObject({ tokens: 16, evalTokens: 17 });
    const [, verdict] = verdicts(run);
    expect(verdict).toMatchObject({ struck: true });
    expect(verdict!.flags).toEqual(expect.arrayContaining(['disagrees', 'counts']));
  });

  test('that sleeps while nobody looks is measured again when somebody does', async () => {
    const house = openBenchHouse({ bad: '/bench sleeps' });
    const { world } = house;
    let told = false;
    const { run } = await house.run({ candidates: [onCpu('bad')], ...SMALL }, (event) => {
      if (event.type !== 'step') return;
      const { phase, test, repetition, reason } = event.step;
      if (phase === 'wait' && reason === 'hidden') world.see(true);
      if (told || phase !== 'measure' || test !== 1 || repetition !== 2) return;
      told = true;
      world.onWork = () => {
        world.onWork = () => {};
        world.see(false);
      };
    });
    const [, tg] = run.candidates[0]!.tests;
    expect(tg!.redone).toEqual(['hidden']);
    expect(tg!.samples.map(decodeRate).map((rate) => Math.round(rate!))).toEqual([100, 100, 100]);
  });
});
