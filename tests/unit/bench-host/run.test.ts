/** A whole run through the front door, with an engine that is as it says. */
import { describe, expect, test } from 'vitest';
import { flagsOf } from '#core/bench/flags';
import { decodeRate, prefillRate } from '#core/bench/rates';
import { eventsOf, onCpu, openBenchHouse, SMALL } from '../../fixtures/bench-house';

describe('a run', () => {
  test('measures what the engine does, by the clock', async () => {
    const house = openBenchHouse();
    const { run } = await house.run({ candidates: [onCpu(), onCpu('good', 2)], ...SMALL });
    expect(run).toMatchObject({ version: 1, set: 'custom', repetitions: 3, interleaved: true });
    expect(run.finished).not.toBeNull();
    const rates = run.candidates.map(({ tests: [pp, tg] }) => [
      pp!.samples.map(prefillRate).map((rate) => Math.round(rate!)),
      tg!.samples.map(decodeRate).map((rate) => Math.round(rate!)),
    ]);
    expect(rates).toEqual([
      [
        [1000, 1000, 1000],
        [100, 100, 100],
      ],
      [
        [2000, 2000, 2000],
        [200, 200, 200],
      ],
    ]);
    for (const { tests, agreement, proof, error, loads, info } of run.candidates) {
      expect(error).toBeNull();
      expect(info).toMatchObject({ backend: 'wasm' });
      expect(loads.map(({ cold }) => cold)).toEqual([true, false]);
      expect(agreement).toEqual({
        state: 'agrees',
        agreed: 128,
        of: 128,
        reference: 'the faithful fake',
      });
      const facts = { clockMs: run.machine.clockMs, agreement, proof };
      for (const result of tests) expect(flagsOf(result, facts)).toEqual([]);
    }
    expect(house.open()).toBe(0);
  });

  test('has its candidates take turns, and the order turned each round', async () => {
    const house = openBenchHouse();
    const { events } = await house.run({ candidates: [onCpu(), onCpu('good', 2)], ...SMALL });
    const turns = eventsOf(events, 'step')
      .filter(({ step }) => step.phase === 'warmup' || step.phase === 'measure')
      .map(({ step: { candidate, test, repetition } }) => [test, candidate, repetition ?? 'warm']);
    const ofTest = (at: number) => [
      [at, 0, 'warm'],
      [at, 1, 'warm'],
      ...[
        [at, 0, 1],
        [at, 1, 1],
      ],
      ...[
        [at, 1, 2],
        [at, 0, 2],
      ],
      ...[
        [at, 0, 3],
        [at, 1, 3],
      ],
    ];
    expect(turns).toEqual([...ofTest(0), ...ofTest(1)]);
  });

  test('tells what it does as it goes, and how long it will', async () => {
    const house = openBenchHouse();
    const { events } = await house.run({ candidates: [onCpu()], ...SMALL });
    expect(events[0]).toMatchObject({ type: 'plan', run: { finished: null } });
    expect(events.at(-1)!.type).toBe('run');
    const phases = eventsOf(events, 'step').map(({ step }) => step.phase);
    expect([...new Set(phases)]).toEqual([
      ...['probe', 'load', 'reference', 'warmup', 'measure', 'agreement'],
    ]);
    const tokens = eventsOf(events, 'tokens').filter(({ test }) => test === 1);
    expect(tokens.reduce((sum, one) => sum + one.tokens, 0)).toBe(3 * 17);
    expect(eventsOf(events, 'sample')).toHaveLength(6);
    const left = eventsOf(events, 'step').map(({ leftMs }) => leftMs);
    expect(left[0]).toBeNull();
    expect(left.at(-1)).toBeGreaterThan(0);
  });
});
