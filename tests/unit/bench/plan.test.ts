/** What a run does in which order, and how long it will still take. */
import { describe, expect, it } from 'vitest';
import { contextFor, contextRefusal, planRun, type PlannedStep } from '#core/bench/plan';
import { benchSet } from '#core/bench/sets';
import { timeLeft } from '#core/bench/time-left';
import { PP512, TG128 } from '../../fixtures/bench/results';

/** `A1` is the first candidate's first repetition, `Aw` its warm-up. */
function short({ phase, candidate, test, repetition }: PlannedStep): string {
  const name = 'ABC'[candidate]!;
  if (phase === 'measure') return `${test}:${name}${repetition}`;
  if (phase === 'warmup') return `${test}:${name}w`;
  return `${phase} ${name}${repetition ?? ''}`;
}

describe('the order', () => {
  it('takes turns, turned each round, with a warm-up of each before', () => {
    const steps = planRun({
      references: ['a', 'a'],
      tests: [PP512, TG128],
      repetitions: 3,
      interleaved: true,
    });
    expect(steps.map(short)).toEqual([
      ...['load A1', 'load B1', 'reference A', 'load A2', 'load B2'],
      ...['0:Aw', '0:Bw', '0:A1', '0:B1', '0:B2', '0:A2', '0:A3', '0:B3'],
      ...['1:Aw', '1:Bw', '1:A1', '1:B1', '1:B2', '1:A2', '1:A3', '1:B3'],
      'agreement A',
      'agreement B',
    ]);
  });

  it('has all of a candidate before the next, where they do not fit side by side', () => {
    const steps = planRun({
      references: ['a', null],
      tests: [TG128],
      repetitions: 2,
      interleaved: false,
    });
    expect(steps.map(short)).toEqual([
      ...['load A1', 'reference A', 'load A2', '0:Aw', '0:A1', '0:A2', 'agreement A'],
      ...['load B1', 'load B2', '0:Bw', '0:B1', '0:B2'], // nothing to agree with
    ]);
  });

  it('writes no reference before the first load of who has it, so that this is cold', () => {
    for (const interleaved of [true, false]) {
      const references = ['a', 'b', 'a'];
      const steps = planRun({ references, tests: [TG128], repetitions: 1, interleaved }).map(short);
      const reference = (name: string) => steps.indexOf(`reference ${name}`);
      expect(reference('A')).toBeGreaterThan(steps.indexOf('load A1'));
      expect(reference('B')).toBeGreaterThan(steps.indexOf('load B1'));
      expect(steps.filter((step) => step.startsWith('reference'))).toHaveLength(2);
      // What comes after it is loaded anew.
      expect(reference('A')).toBeLessThan(steps.indexOf('load A2'));
      expect(reference('B')).toBeLessThan(steps.indexOf('load B2'));
    }
  });

  it('leaves out what a candidate cannot do, and asks for each reference once', () => {
    const steps = planRun({
      references: ['a', 'b', 'a'],
      tests: [PP512, TG128],
      repetitions: 1,
      interleaved: true,
      refused: (candidate, test) => candidate === 1 && test === 0,
    });
    const shorts = steps.map(short);
    expect(shorts.filter((step) => step.startsWith('reference'))).toEqual([
      'reference A',
      'reference B',
    ]);
    expect(shorts.filter((step) => step.startsWith('0:'))).toEqual([
      '0:Aw',
      '0:Cw',
      '0:A1',
      '0:C1',
    ]);
    expect(shorts).toContain('1:B1');
  });
});

describe('the context', () => {
  const { tests } = benchSet('depth');

  it('is as long as the longest test that the model can do, in steps of 256', () => {
    // tg128 at 16,384: 16,385 + 129 = 16,514 tokens; pp512: 16,384 + 512 + 1 = 16,897. 66 steps are 16,896, 67 17,152.
    expect(contextFor(tests, 0)).toBe(17_152);
    expect(contextFor(tests, 131_072)).toBe(17_152);
    // pp512 at 4,096 takes 4,609 tokens: 19 steps are 4,864.
    expect(contextFor(tests, 8192)).toBe(4864);
    // No more than the model has: tg128 at 16,384 needs 16,514.
    expect(contextFor(tests, 16_600)).toBe(16_600);
    expect(contextFor([TG128], 0)).toBe(768);
  });

  it('refuses what is longer with a sentence, and nothing else', () => {
    expect(contextRefusal(tests[4]!, 16_897)).toBeNull();
    expect(contextRefusal(tests[4]!, 16_896)).toEqual({
      sentence: 'pp512 @ d16384 needs a context of 16,897 tokens, and this model has 16,896 here.',
      remedy: 'Choose a model with a longer context, or leave this depth out.',
    });
    expect(contextRefusal(PP512, 256)?.remedy).toContain('quick set');
  });
});

describe('the time left', () => {
  const tests = [PP512, TG128];
  const measure = (candidate: number, test: number): PlannedStep => ({
    phase: 'measure',
    candidate,
    test,
    repetition: 1,
  });
  const load = (candidate: number): PlannedStep => ({ phase: 'load', candidate, repetition: 1 });

  it('is not known before anything was measured', () => {
    expect(timeLeft([load(0), measure(0, 0)], [], tests)).toBeNull();
    expect(timeLeft([measure(0, 0)], [{ step: load(0), ms: 900 }], tests)).toBeNull();
    expect(timeLeft([], [], tests)).toBe(0);
  });

  it('takes the same test of the same candidate as it was, on the average', () => {
    const done = [
      { step: measure(0, 0), ms: 1000 },
      { step: measure(0, 0), ms: 2000 },
      { step: measure(0, 1), ms: 7000 },
    ];
    expect(timeLeft([measure(0, 0), measure(0, 0)], done, tests)).toBeCloseTo(3000);
  });

  it('reckons another test by its tokens, and another candidate as if it were as fast', () => {
    // pp512 is 512 + 8 = 520 tokens' work, tg128 1 + 129 · 8 = 1,033.
    const done = [{ step: measure(0, 0), ms: 520 }];
    expect(timeLeft([measure(0, 1)], done, tests)).toBeCloseTo(1033);
    expect(timeLeft([measure(1, 0)], done, tests)).toBeCloseTo(520);
    // An agreement writes 128 tokens: 1,024.
    expect(timeLeft([{ phase: 'agreement', candidate: 0 }], done, tests)).toBeCloseTo(1024);
  });

  it('takes a reference, which another engine writes, for nothing else where there is anything else', () => {
    const reference = (candidate: number): PlannedStep => ({ phase: 'reference', candidate });
    const slow = { step: reference(0), ms: 10_240 }; // 10 a token that is read
    const agreement: PlannedStep = { phase: 'agreement', candidate: 0 };
    expect(timeLeft([measure(0, 0)], [slow], tests)).toBeCloseTo(5200);
    const done = [slow, { step: measure(0, 0), ms: 520 }];
    expect(timeLeft([agreement], done, tests)).toBeCloseTo(1024);
    expect(timeLeft([measure(1, 0)], done, tests)).toBeCloseTo(520);
    expect(timeLeft([reference(1)], done, tests)).toBeCloseTo(10_240);
  });

  it('counts loads by loads', () => {
    const done = [
      { step: load(0), ms: 900 },
      { step: measure(0, 0), ms: 520 },
    ];
    expect(timeLeft([load(1), measure(0, 0)], done, tests)).toBeCloseTo(1420);
  });
});
