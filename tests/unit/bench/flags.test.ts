/** What is wrong with a number is found, and nothing else is. */
import { describe, expect, it } from 'vitest';
import { flagLabel, flagWords } from '#core/bench/flag-words';
import { flagsOf, isStruck, needsCooling, type Flag, type FlagFacts } from '#core/bench/flags';
import type { TestResult } from '#core/bench/run';
import {
  PP512,
  readSample,
  TG128,
  testResult,
  written,
  writeSample,
} from '../../fixtures/bench/results';

const FINE: FlagFacts = {
  clockMs: 0.005,
  agreement: { state: 'agrees', agreed: 128, of: 128, reference: 'llama.cpp on the CPU' },
  proof: 'proven',
};

function names(result: TestResult, facts: Partial<FlagFacts> = {}) {
  return flagsOf(result, { ...FINE, ...facts }).map(({ name }) => name);
}

const one = (sample: Parameters<typeof writeSample>[0]) => testResult(TG128, [writeSample(sample)]);
const read = (sample: Parameters<typeof readSample>[0]) => testResult(PP512, [readSample(sample)]);

describe('nothing is flagged', () => {
  it('of results as they should be', () => {
    expect(names(written(4000, 4020, 3990))).toEqual([]);
    expect(names(testResult(PP512, [readSample(), readSample()]))).toEqual([]);
  });

  it('that is not known', () => {
    const facts = { clockMs: 0, proof: 'unproven', agreement: null } as const;
    expect(names(written(4000), facts)).toEqual([]);
    expect(
      names(written(4000), {
        agreement: { state: 'unverified', reason: 'There is no reference.' },
      }),
    ).toEqual([]);
    expect(names(one({ evalMs: 0 }))).toEqual([]);
  });
});

describe('spread and drift', () => {
  it('spread: a coefficient of variation above 3 %', () => {
    // 100, 104 and 108 tokens/s: sd 4, mean 104: 3.85 %. 100, 103 and 106: sd 3, mean 103: 2.91 %.
    const at = (...rates: number[]) => written(...rates.map((rate) => 128_000 / rate));
    expect(names(at(100, 104, 108))).toEqual(['spread']);
    expect(names(at(100, 103, 106))).toEqual([]);
  });

  it('drift: the last is slower than the first by more than 5 %, and asks for a pause', () => {
    // 32 and 30.3 tokens/s: 5.3 % slower. 32 and 30.5: 4.7 %.
    const warm = written(4000, 4000, 4000, 4000, 4224);
    const even = written(4000, 4000, 4000, 4000, 4196);
    expect(names(warm)).toContain('drift');
    expect(needsCooling(warm)).toBe(true);
    expect(names(even)).not.toContain('drift');
    expect(needsCooling(even)).toBe(false);
    // Faster at the end is no drift.
    expect(needsCooling(written(4224, 4000))).toBe(false);
  });
});

describe('the clock', () => {
  it('has to make 100 steps in the shortest span', () => {
    expect(names(written(4000, 9.9), { clockMs: 0.1 })).toContain('clock'); // 99 steps
    expect(names(written(4000, 4000), { clockMs: 40 })).toEqual([]); // just 100
    expect(names(read({ firstTokenMs: 50 }), { clockMs: 1 })).toContain('clock');
  });
});

describe('counts', () => {
  it.each([
    ['a token in ten does not arrive', { tokens: 116, laterTokens: 115 }],
    ['nor does the engine count it', { tokens: 116, evalTokens: 116 }],
    ['the engine counts what it did not make', { evalTokens: 140 }],
    ['the prompt was cut', { promptTokens: 0 }],
  ])('%s', (_, sample) => {
    const flags = flagsOf(one(sample), FINE);
    expect(flags[0]?.name).toBe('counts');
    expect(isStruck(flags)).toBe(true);
  });

  it('of a prompt, and of a chat that may end by itself', () => {
    expect(flagsOf(read({ promptTokens: 513 }), FINE)).toContainEqual({
      name: 'counts',
      of: 'prompt',
      asked: 512,
      came: 513,
      said: 513,
    });
    const chat = (tokens: number, said: number) =>
      testResult({ kind: 'chat', tokens: 512, depth: 0 }, [
        writeSample({ promptTokens: 33, tokens, evalTokens: said, laterTokens: tokens - 1 }),
      ]);
    expect(names(chat(129, 129))).toEqual([]);
    expect(names(chat(120, 129))).toContain('counts');
    expect(names(chat(513, 513))).toContain('counts');
  });
});

describe('the cache', () => {
  it('may give nothing at depth 0', () => {
    expect(names(read({ cachedTokens: 1 }))).toContain('cached');
    expect(isStruck(flagsOf(read({ cachedTokens: 511 }), FINE))).toBe(true);
  });

  it('gives a depth, but for its last tokens, and one more by chance', () => {
    const deep = (cachedTokens: number) =>
      names(
        testResult({ kind: 'pp', tokens: 512, depth: 4096 }, [
          readSample({ promptTokens: 4608, cachedTokens }),
        ]),
      );
    expect(deep(4096)).not.toContain('cached');
    expect(deep(4097)).not.toContain('cached');
    expect(deep(4098)).toContain('cached');
    expect(deep(4032)).not.toContain('cached'); // 64 fewer
    expect(deep(4031)).toContain('cached');
    expect(deep(0)).toContain('cached');
  });
});

describe('the engine’s own clock', () => {
  it('may count a reply’s first token or not, and differ by 3 % and the way between the clocks', () => {
    // 128 tokens in 4,000 ms here. 129 in 4,120: 2.2 % less; 129 or 128 in 3,860: 4.4 % or 3.6 % more.
    expect(names(one({ evalMs: 4120 }))).toEqual([]);
    expect(names(one({ evalMs: 3900 }))).toEqual([]); // 129: 3.4 % more, 128: 2.6 %
    expect(names(one({ evalMs: 3860 }))).toEqual(['engine_clock']);
    expect(names(one({ evalMs: 4190 }))).toEqual(['engine_clock']);
  });

  it('marks and does not strike', () => {
    const flags = flagsOf(read({ promptMs: 1000 }), FINE); // it claims twice as much
    expect(flags).toEqual([{ name: 'engine_clock', of: 'prompt', ratio: 2 }]);
    expect(isStruck(flags)).toBe(false);
  });

  it('of a short prompt is not told from the way between the clocks', () => {
    const short = testResult({ kind: 'pp', tokens: 16, depth: 0 }, [
      readSample({ promptTokens: 16, firstTokenMs: 20, promptMs: 18.5 }), // 8 % more, and 1.5 ms
    ]);
    expect(names(short)).toEqual([]);
  });
});

describe('what is known beside the samples', () => {
  it('strikes out another text and another backend, the worst first', () => {
    const flags = flagsOf(written(4000), {
      ...FINE,
      agreement: { state: 'differs', agreed: 0, of: 8, reference: 'llama.cpp on the CPU' },
      proof: 'disproven',
    });
    expect(flags).toEqual([{ name: 'backend' }, { name: 'disagrees', agreed: 0, of: 8 }]);
    expect(flags.map((flag) => isStruck([flag]))).toEqual([true, true]);
  });

  it('names repetitions that were left out, each reason once', () => {
    const result = { ...written(4000), abandoned: ['hidden', 'busy', 'hidden'] as const };
    expect(flagsOf({ ...result, abandoned: [...result.abandoned] }, FINE)).toEqual([
      { name: 'abandoned', repetitions: 3, reasons: ['hidden', 'busy'] },
    ]);
  });
});

describe('words', () => {
  const ALL: Flag[] = [
    { name: 'spread', cv: 0.042 },
    { name: 'drift', slower: 0.123 },
    { name: 'clock', steps: 42 },
    { name: 'counts', of: 'reply', asked: 129, came: 116, said: 129 },
    { name: 'counts', of: 'reply', asked: 129, came: 116, said: 116 },
    { name: 'counts', of: 'prompt', asked: 512, came: 500, said: 500 },
    { name: 'engine_clock', of: 'reply', ratio: 1.2 },
    { name: 'cached', cached: 511, depth: 0 },
    { name: 'cached', cached: 12, depth: 4096 },
    { name: 'disagrees', agreed: 0, of: 8 },
    { name: 'backend' },
    { name: 'abandoned', repetitions: 1, reasons: ['hidden', 'busy'] },
    { name: 'abandoned', repetitions: 3, reasons: ['cached'] },
  ];

  it.each(ALL)('of $name: a sentence, a remedy and a label', (flag) => {
    const { sentence, remedy } = flagWords(flag);
    for (const text of [sentence, remedy]) {
      expect(text).toMatch(/^[A-Z0-9].*\.$/);
      expect(text).not.toMatch(/undefined|NaN|!/);
    }
    expect(flagLabel(flag)).toMatch(/^[A-Z][a-z ]+$/);
  });

  it('carry the figures', () => {
    const said = ALL.map((flag) => flagWords(flag).sentence);
    expect(said[0]).toContain('4.2 %');
    expect(said[1]).toContain('12 % slower');
    expect(said[3]).toBe('116 tokens arrived, and the engine says that it made 129.');
    expect(said[4]).toBe('116 tokens arrived where 129 were asked for.');
    expect(said[6]).toContain('claims more: 20 % above');
    expect(said[11]).toBe(
      '1 repetition was left out, each disturbed every time: the tab was hidden, Paddock had other work.',
    );
    expect(said[12]).toBe(
      '3 repetitions were left out, since the engine’s cache held other tokens than the test needs.',
    );
  });
});
