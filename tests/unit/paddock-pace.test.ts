import { describe, expect, it } from 'vitest';
import { Pace } from '../../workers/runner/engines/paddock/decode/pace';
import type { Op } from '../../workers/runner/engines/paddock/graph/program';
import {
  CODE_ADD,
  CODE_ATTEND,
  CODE_EMBED,
} from '../../workers/runner/engines/paddock/kernels/program-layout';
import type { ModelSpec } from '../../workers/runner/engines/paddock/spec/model-spec';
import type { Matrix } from '../../workers/runner/engines/paddock/spec/tensors';

const spec = { heads: 8, headSize: 64 } as ModelSpec;
const product = (rows: number, columns: number): Op => ({
  code: CODE_ADD,
  matrices: [{ rows, columns } as Matrix],
});
const attend: Op = { code: CODE_ATTEND };
/** A million multiplications each. */
const million = product(1000, 1000);

describe('Pace', () => {
  it('runs as many ops as end within 20 ms', () => {
    const pace = new Pace(spec);
    pace.took(10, 10e6); // a million a millisecond
    const ops = Array.from({ length: 100 }, () => million);
    expect(pace.until(ops, 0, 1, 0)).toBe(20);
    expect(pace.until(ops, 40, 4, 0)).toBe(45);
    expect(pace.until(ops, 95, 1, 0)).toBe(100);
  });

  it('runs one op that is longer alone', () => {
    const pace = new Pace(spec);
    pace.took(1000, 10e6);
    expect(pace.until([million, million], 0, 64, 0)).toBe(1);
  });

  it('is not misled by an op that does little', () => {
    const pace = new Pace(spec);
    pace.took(10, 10e6);
    pace.took(0.01, 1); // an embedding's row
    expect(
      pace.until(
        Array.from({ length: 100 }, () => million),
        0,
        1,
        0,
      ),
    ).toBe(20);
  });

  it('counts attention by the positions that it sees', () => {
    const pace = new Pace(spec);
    expect(pace.work(attend, 999)).toBe(2 * 8 * 64 * 1000);
    expect(pace.work({ code: CODE_EMBED }, 0)).toBe(0);
  });

  it('takes a smaller chunk where one op of a whole one would be too long', () => {
    const pace = new Pace(spec);
    pace.took(10, 100e6);
    expect(pace.chunk([million])).toBe(64);
    pace.took(10, 10e6);
    expect(pace.chunk([million])).toBe(20);
    pace.took(10, 0.1e6);
    expect(pace.chunk([million])).toBe(4);
  });
});
