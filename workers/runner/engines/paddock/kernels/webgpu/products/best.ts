/** The best of the logits that a workgroup makes. */
import { upTo } from './shader';

/** Orders values as integers do, since shaders need not know infinities; what is no number comes before all. */
export const ORDER = `fn order(value: f32) -> u32 {
  let bits = bitcast<u32>(value);
  if ((bits & 0x7fffffffu) > 0x7f800000u) {
    return 0u;
  }
  if (bits == 0x80000000u) {
    return 0x80000000u;
  }
  return select(bits | 0x80000000u, ~bits, bits >= 0x80000000u);
}
/** Its inverse. */
fn disorder(key: u32) -> u32 {
  return select(~key, key & 0x7fffffffu, key >= 0x80000000u);
}`;

/** The order of -infinity: what is not above it is no candidate, and the entry's row is 0xffffffff. */
const NONE = 'vec2u(0x007fffffu, 0xffffffffu)';

export interface Best {
  memory: string;
  /** Statements, in uniform control flow, after `sum0` … of `rows` rows from `first` are known to every lane. */
  code: string;
}

interface BestRows {
  /** Of a team, of the segment, and the teams of a workgroup. */
  rows: number;
  count: number;
  teams: number;
  /** Where in `out` and in `best` the segment begins. */
  firstRow: number;
  firstBest: number;
}

/** Ties go to the lower row: teams and rows are looked at in order. */
export function bestOf({ rows, count, teams, firstRow, firstBest }: BestRows): Best {
  const looks = upTo(rows).map(
    (r) => `if (first + ${r}u < ${count}u && order(sum${r}) > top.x) {
      top = vec2u(order(sum${r}), first + ${r}u);
    }`,
  );
  return {
    memory: `var<workgroup> tops: array<vec2u, ${teams}>;`,
    code: `if (lane == 0u) {
    var top = ${NONE};
    ${looks.join('\n    ')}
    tops[team] = top;
  }
  workgroupBarrier();
  if (local == 0u) {
    var top = tops[0];
    for (var other = 1u; other < ${teams}u; other++) {
      if (tops[other].x > top.x) {
        top = tops[other];
      }
    }
    let row = select(top.y + ${firstRow}u, top.y, top.y == 0xffffffffu);
    best[${firstBest}u + place] = vec2u(disorder(top.x), row);
  }`,
  };
}
