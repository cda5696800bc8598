/** How the kernels share out an op's units, on real threads: each unit is done once, by whomever. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as layout from '../../workers/runner/engines/paddock/kernels/layout';
import * as program from '../../workers/runner/engines/paddock/kernels/program-layout';
import { claimHouse, type CountedOp } from '../fixtures/claim-kernels';

const THREADS = program.MAX_THREADS;

let house: Awaited<ReturnType<typeof claimHouse>>;
beforeAll(async () => {
  house = await claimHouse(THREADS, 2);
}, 60_000); // the compiler alone takes seconds
afterAll(() => house.close());

/** None, fewer than threads, as many, and more; in ops of odd number, so that runs begin in either phase. */
const UNITS = [1, 0, 3, 15, 16, 17, 97, 0, 191, 192, 193, 500, 1, 1, 2];
const OPS = UNITS.flatMap((units): CountedOp[] => [
  { units, single: true },
  { units, single: false },
]).slice(0, -1);
const ONCE = OPS.map(({ units }) => Array<number>(units).fill(1));

it.each(Array.from({ length: THREADS }, (_, index) => index + 1))(
  'on %i threads, run after run',
  (active) => {
    for (let run = 0; run < 3; run++) expect(house.run(0, active, OPS)).toEqual(ONCE);
  },
);

it('on another number of threads and in another memory than the run before', () => {
  for (let run = 0; run < 48; run++) {
    const active = 1 + ((run * 7) % THREADS);
    const ops = OPS.slice(run % 5, (run % 5) + 1 + (run % 7));
    const counts = house.run(run % 3 === 0 ? 1 : 0, active, ops);
    expect(counts).toEqual(ops.map(({ units }) => Array<number>(units).fill(1)));
  }
});

it('threads read ahead where their share begins, and nothing behind the matrix', () => {
  const { control, parts } = house;
  const { words, kernels } = parts[0]!;
  const ahead = Number(kernels.AHEAD.value);
  // It is read in steps of four cache lines.
  expect(ahead % 256).toBe(0);
  const [op, matrix, data] = [65_536, 65_536 + program.OP_BYTES, 1 << 20];
  const set = (address: number, value: number) => (words[address / 4] = value);
  set(op + program.OP_CODE, program.CODE_PROJECT);
  set(op + program.OP_MATRIX, matrix);
  set(matrix + layout.MATRIX_DATA, data);
  let read = 0;
  for (const rows of [8, 9, 64, 1000, 4096, 12_345]) {
    for (const rowBytes of [18, 144, 2304]) {
      const groups = Math.ceil(rows / layout.GROUP);
      set(matrix + layout.MATRIX_ROWS, rows);
      set(matrix + layout.MATRIX_GROUP_BYTES, rowBytes * layout.GROUP);
      for (let active = 1; active <= THREADS; active++) {
        set(control + program.CTL_ACTIVE, active);
        const piece = kernels.pieceOf(control, groups);
        for (let thread = 0; thread < active; thread++) {
          const at = kernels.weightsOf(control, 0, op, thread);
          if (at === 0) continue;
          read++;
          const first = kernels.shareOf(control, thread, groups, piece);
          expect(at).toBe(data + first * rowBytes * layout.GROUP);
          expect(at + ahead).toBeLessThanOrEqual(data + groups * rowBytes * layout.GROUP);
        }
      }
    }
  }
  expect(read).toBeGreaterThan(0);
  expect(matrix + layout.MATRIX_BYTES).toBeLessThan(data);
});
