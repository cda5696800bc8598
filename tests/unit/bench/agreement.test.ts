/** Forced decoding, played with candidates that are right, nearly right and wrong. */
import { describe, expect, it } from 'vitest';
import {
  agreementOf,
  beginForced,
  forcedBy,
  nextForced,
  type ForcedDecoding,
} from '#core/bench/agreement';

const PROMPT = [900, 901];
/** 100, 101, … 227 */
const REFERENCE = Array.from({ length: 128 }, (_, at) => 100 + at);

/** Until it ends; `answer` gives the tokens behind a prompt. */
function play(answer: (prompt: number[], generate: number) => number[]) {
  const calls: { prompt: number[]; generate: number }[] = [];
  let state: ForcedDecoding = beginForced(PROMPT, REFERENCE);
  for (let next = nextForced(state); next; next = nextForced(state)) {
    calls.push(next);
    state = forcedBy(state, answer(next.prompt, next.generate));
  }
  return { calls, agreement: agreementOf(state, 'the reference') };
}

/** The reference's own model, which errs at the given places of the reply, and goes astray behind. */
function erring(...places: number[]) {
  return (prompt: number[], generate: number) => {
    const from = prompt.length - PROMPT.length;
    const ids = REFERENCE.slice(from, from + generate);
    const wrong = ids.findIndex((_, at) => places.includes(from + at));
    return wrong < 0 ? ids : [...ids.slice(0, wrong), ...ids.slice(wrong).map(() => 7)];
  };
}

describe('a candidate', () => {
  it('that agrees is asked once', () => {
    const { calls, agreement } = play(erring());
    expect(calls).toEqual([{ prompt: PROMPT, generate: 128 }]);
    expect(agreement).toEqual({
      state: 'agrees',
      agreed: 128,
      of: 128,
      reference: 'the reference',
    });
  });

  it('that errs once goes on behind the reference’s token, and agrees: 127 of 128 are 99.2 %', () => {
    const { calls, agreement } = play(erring(5));
    // Tokens 0 to 4 were right, 5 was wrong: 6 of the reference stand behind the prompt.
    expect(calls[1]).toEqual({ prompt: [900, 901, 100, 101, 102, 103, 104, 105], generate: 122 });
    expect(calls).toHaveLength(2);
    expect(agreement).toMatchObject({ state: 'agrees', agreed: 127, of: 128 });
    expect(agreement).toHaveProperty('misses', [{ at: 5, expected: 105, got: 7 }]);
  });

  it('that errs twice differs: 126 of 128 are 98.4 %', () => {
    expect(play(erring(0, 127)).agreement).toMatchObject({
      state: 'differs',
      agreed: 126,
      of: 128,
      misses: [
        { at: 0, expected: 100, got: 7 },
        { at: 127, expected: 227, got: 7 },
      ],
    });
  });

  it('that answers zeros is asked 8 times', () => {
    const { calls, agreement } = play((_, generate) => new Array<number>(generate).fill(0));
    expect(calls).toHaveLength(8);
    expect(agreement).toMatchObject({ state: 'differs', agreed: 0, of: 8 });
  });

  it('that answers nothing ends too', () => {
    const { calls, agreement } = play(() => []);
    expect(calls).toHaveLength(8);
    expect(agreement).toMatchObject({ state: 'differs', agreed: 0, of: 8 });
    const misses = REFERENCE.slice(0, 8).map((expected, at) => ({ at, expected, got: null }));
    expect(agreement).toHaveProperty('misses', misses);
  });

  it('that gives a token at a time, or more than it was asked for, is judged by what is right', () => {
    const single = play((prompt) => erring()(prompt, 1));
    expect(single.calls).toHaveLength(128);
    expect(single.agreement).toMatchObject({ agreed: 128, of: 128 });
    const long = play((prompt, generate) => [...erring()(prompt, generate), 1, 2, 3]);
    expect(long.agreement).toMatchObject({ agreed: 128, of: 128 });
  });
});

it('nothing compared is no agreement', () => {
  expect(agreementOf(beginForced(PROMPT, REFERENCE), 'x')).toMatchObject({ state: 'differs' });
});
