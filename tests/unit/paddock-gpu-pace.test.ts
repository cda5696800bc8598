import { describe, expect, it } from 'vitest';
import { Pace } from '../../workers/runner/engines/paddock/webgpu/pace';
import type { Dispatch } from '../../workers/runner/engines/paddock/webgpu/programs';

/** Ten dispatches of a million multiplications a token. */
const program = Array.from({ length: 10 }, () => ({ work: () => 1e6 }) as unknown as Dispatch);
const run = { position: 0, tokens: 50 };
const SUBMIT = 100;

describe('the pace of submits', () => {
  it('takes a device for slow before it knows it, and one dispatch at least', () => {
    // 1e-6 ms a multiplication: 50 ms a dispatch.
    expect(new Pace(SUBMIT).until(program, 0, run)).toBe(2);
    expect(new Pace(SUBMIT).until(program, 9, run)).toBe(10);
    expect(new Pace(1).until(program, 3, run)).toBe(4);
  });

  it('follows what submits took, faster only step by step', () => {
    const pace = new Pace(SUBMIT);
    // Two that ended together: the second seems to have taken no time.
    pace.took(0, program, 0, 2, run);
    expect(pace.until(program, 0, run)).toBe(8);
    pace.took(0, program, 0, 2, run);
    expect(pace.until(program, 0, run)).toBe(10);
    pace.took(400, program, 0, 4, run);
    expect(pace.until(program, 0, run)).toBe(1);
  });

  it('chooses as many tokens at a time as the device has time for', () => {
    const pace = new Pace(SUBMIT);
    // Not known: 10 ms by the work.
    expect(pace.tokens(16, program, 0)).toBe(10);
    expect(pace.tokens(4, program, 0)).toBe(4);
    pace.tookTokens(120, 4);
    expect(pace.tokens(4, program, 0)).toBe(3);
    pace.tookTokens(900, 3);
    expect(pace.tokens(4, program, 0)).toBe(1);
    pace.tookTokens(20, 1);
    pace.tookTokens(20, 1);
    expect(pace.tokens(4, program, 0)).toBe(4);
  });

  it('knows no end where none is asked for', () => {
    const pace = new Pace(Infinity);
    pace.tookTokens(5000, 4);
    expect(pace.tokens(4, program, 0)).toBe(4);
    expect(pace.until(program, 0, run)).toBe(10);
  });
});
