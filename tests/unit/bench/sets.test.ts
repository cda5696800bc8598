/** The sets, and what a test asks for. */
import { describe, expect, it } from 'vitest';
import {
  BENCH_SETS,
  benchSet,
  contextNeeded,
  promptLength,
  sameTest,
  testName,
  tokensToGenerate,
} from '#core/bench/sets';
import { testTitle } from '#core/bench/set-words';

describe('the sets', () => {
  it('are the ones that were promised, each with a short prompt where reading is measured', () => {
    const names = (name: 'quick' | 'standard' | 'depth' | 'ollama') =>
      benchSet(name).tests.map(testName);
    expect(BENCH_SETS.map(({ name }) => name)).toEqual(['quick', 'standard', 'depth', 'ollama']);
    expect(names('quick')).toEqual(['pp16', 'pp128', 'tg32']);
    expect(names('standard')).toEqual(['pp16', 'pp512', 'tg128']);
    expect(names('depth')).toEqual([
      'pp512',
      'tg128',
      'pp512 @ d4096',
      'tg128 @ d4096',
      'pp512 @ d16384',
      'tg128 @ d16384',
    ]);
    expect(names('ollama')).toEqual(['chat']);
    expect(BENCH_SETS.map(({ repetitions }) => repetitions)).toEqual([3, 5, 3, 3]);
  });
});

describe('a test', () => {
  it.each([
    // 512 read, and the token that ends the reading
    [{ kind: 'pp', tokens: 512, depth: 0 } as const, 512, 1, 513],
    // one token in front, and 128 timed behind the first
    [{ kind: 'tg', tokens: 128, depth: 0 } as const, 1, 129, 130],
    [{ kind: 'pp', tokens: 512, depth: 4096 } as const, 4608, 1, 4609],
    [{ kind: 'tg', tokens: 128, depth: 4096 } as const, 4097, 129, 4226],
    // a template of 128 tokens at most, and the reply
    [{ kind: 'chat', tokens: 512, depth: 0 } as const, null, 512, 640],
  ])('%o asks for a prompt, a reply and a context', (test, prompt, reply, context) => {
    expect(promptLength(test)).toBe(prompt);
    expect(tokensToGenerate(test)).toBe(reply);
    expect(contextNeeded(test)).toBe(context);
  });

  it('has words', () => {
    expect(testTitle({ kind: 'pp', tokens: 512, depth: 0 })).toBe(
      'pp512: reads a prompt of 512 tokens',
    );
    expect(testTitle({ kind: 'tg', tokens: 128, depth: 4096 })).toBe(
      'tg128 @ d4096: writes 128 tokens, behind 4,096 tokens',
    );
    expect(testTitle({ kind: 'chat', tokens: 512, depth: 0 })).toBe(
      'chat: answers “explain quantum entanglement”',
    );
  });

  it('is the same one by kind, tokens and depth', () => {
    const test = { kind: 'pp', tokens: 512, depth: 0 } as const;
    expect(sameTest(test, { ...test })).toBe(true);
    expect(sameTest(test, { ...test, kind: 'tg' })).toBe(false);
    expect(sameTest(test, { ...test, tokens: 128 })).toBe(false);
    expect(sameTest(test, { ...test, depth: 4096 })).toBe(false);
  });
});
