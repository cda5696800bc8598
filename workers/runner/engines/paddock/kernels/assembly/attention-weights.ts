// Softmax over a span: scores in, weights of 13 bits out, with a step of its own for every tile of TILE positions.
import { LINE_STEPS, TILE } from './attention-room';
import { hsum } from './math';

/** Score of a position that a query does not see. */
const UNSEEN: f32 = -3e38;
/** Exponent of 2^-113 in place: the least power of two whose step, 2^-12 of it, is normal. */
const LEAST_POWER = 14 << 23;

/**
 * Writes the constants of weigh as vectors: V8 builds a constant vector anew in every round of a loop, of three
 * instructions, where a load is one. 2^f for |f| <= 1/2 is 1 + f Q(f), Q of degree 3 with the least greatest
 * relative error, 3e-6: a tenth of half a weight's step.
 */
export function weighTable(at: usize): void {
  // Less is 2^-127 too, whose exponent of 0 makes it 0.
  v128.store(at, f32x4.splat(-127), 0);
  // Adding 1.5 * 2^23 rounds to an integer, which then stands in the low bits of the sum.
  v128.store(at, f32x4.splat(12582912), 16);
  v128.store(at, f32x4.splat(9.582852993675334e-3), 32);
  v128.store(at, f32x4.splat(5.590642474184705e-2), 48);
  v128.store(at, f32x4.splat(0.24024098612935924), 64);
  v128.store(at, f32x4.splat(0.6931241933916292), 80);
  v128.store(at, f32x4.splat(1), 96);
  v128.store(at, i32x4.splat(0x7f800000), 112);
  v128.store(at, i32x4.splat(LEAST_POWER), 128);
  // 2^12 / power is this less the power, by its exponent.
  v128.store(at, i32x4.splat(266 << 23), 144);
  // Adding 2^23 leaves the integer in the low bits; a conversion takes five instructions on x86.
  v128.store(at, f32x4.splat(8388608), 160);
}

/**
 * Turns the first `n` scores of a line into weights 2^(score - greatest) times the value's step (f32 [n rounded up
 * to TILE] at `valueSteps`), and writes the greatest score and the weights' sum at `record`. In the last tile, unseen
 * positions weigh 0. The weights are i16, at most 2^13, in steps that are powers of two; of each 8 positions in the
 * order 0, 4, 1, 5, 2, 6, 3, 7. `c`: of weighTable.
 */
export function weigh(line: usize, n: i32, valueSteps: usize, record: usize, c: usize): void {
  const end = (n + TILE - 1) & -TILE;
  for (let i = n; i < end; i++) store<f32>(line + (<usize>i << 2), UNSEEN);
  const top = greatest(line, end);
  let sum = f32x4.splat(0), check = f32x4.splat(0);
  const stop = line + (<usize>end << 2);
  let out = line, step = line + LINE_STEPS;
  for (let p = line; p < stop; p += 64) {
    // Four vectors side by side, so that each constant is loaded once.
    let k = v128.load(c), m = v128.load(c, 16);
    let x0 = f32x4.pmax(f32x4.sub(v128.load(p), top), k), x1 = f32x4.pmax(f32x4.sub(v128.load(p, 16), top), k);
    let x2 = f32x4.pmax(f32x4.sub(v128.load(p, 32), top), k), x3 = f32x4.pmax(f32x4.sub(v128.load(p, 48), top), k);
    const n0 = f32x4.add(x0, m), n1 = f32x4.add(x1, m), n2 = f32x4.add(x2, m), n3 = f32x4.add(x3, m);
    x0 = f32x4.sub(x0, f32x4.sub(n0, m));
    x1 = f32x4.sub(x1, f32x4.sub(n1, m));
    x2 = f32x4.sub(x2, f32x4.sub(n2, m));
    x3 = f32x4.sub(x3, f32x4.sub(n3, m));
    let p0 = v128.load(c, 32), p1 = p0, p2 = p0, p3 = p0;
    k = v128.load(c, 48);
    p0 = f32x4.add(f32x4.mul(p0, x0), k);
    p1 = f32x4.add(f32x4.mul(p1, x1), k);
    p2 = f32x4.add(f32x4.mul(p2, x2), k);
    p3 = f32x4.add(f32x4.mul(p3, x3), k);
    k = v128.load(c, 64);
    p0 = f32x4.add(f32x4.mul(p0, x0), k);
    p1 = f32x4.add(f32x4.mul(p1, x1), k);
    p2 = f32x4.add(f32x4.mul(p2, x2), k);
    p3 = f32x4.add(f32x4.mul(p3, x3), k);
    k = v128.load(c, 80);
    p0 = f32x4.add(f32x4.mul(p0, x0), k);
    p1 = f32x4.add(f32x4.mul(p1, x1), k);
    p2 = f32x4.add(f32x4.mul(p2, x2), k);
    p3 = f32x4.add(f32x4.mul(p3, x3), k);
    k = v128.load(c, 96);
    p0 = f32x4.add(f32x4.mul(p0, x0), k);
    p1 = f32x4.add(f32x4.mul(p1, x1), k);
    p2 = f32x4.add(f32x4.mul(p2, x2), k);
    p3 = f32x4.add(f32x4.mul(p3, x3), k);
    // The constant in n has zeros in the bits that stay after the shift, so the integer alone moves the exponent.
    p0 = i32x4.add(p0, i32x4.shl(n0, 23));
    p1 = i32x4.add(p1, i32x4.shl(n1, 23));
    p2 = i32x4.add(p2, i32x4.shl(n2, 23));
    p3 = i32x4.add(p3, i32x4.shl(n3, 23));
    sum = f32x4.add(sum, f32x4.add(f32x4.add(p0, p1), f32x4.add(p2, p3)));
    p0 = f32x4.mul(p0, v128.load(valueSteps));
    p1 = f32x4.mul(p1, v128.load(valueSteps, 16));
    p2 = f32x4.mul(p2, v128.load(valueSteps, 32));
    p3 = f32x4.mul(p3, v128.load(valueSteps, 48));
    check = f32x4.add(check, f32x4.add(f32x4.add(p0, p1), f32x4.add(p2, p3)));
    // The power of two below the tile's greatest weight; a step is 2^-12 of it.
    let most = f32x4.pmax(f32x4.pmax(p0, p1), f32x4.pmax(p2, p3));
    most = f32x4.pmax(most, v128.shuffle<i32>(most, most, 2, 3, 0, 1));
    most = f32x4.pmax(most, v128.shuffle<i32>(most, most, 1, 0, 3, 2));
    most = i32x4.max_s(v128.and(most, v128.load(c, 112)), v128.load(c, 128));
    k = i32x4.sub(v128.load(c, 144), most);
    m = v128.load(c, 160);
    p0 = f32x4.add(f32x4.mul(p0, k), m);
    p1 = f32x4.add(f32x4.mul(p1, k), m);
    v128.store(out, couple(p0, p1));
    p2 = f32x4.add(f32x4.mul(p2, k), m);
    p3 = f32x4.add(f32x4.mul(p3, k), m);
    v128.store(out, couple(p2, p3), 16);
    store<i32>(step, i32x4.extract_lane(most, 0) - (12 << 23));
    out += 32;
    valueSteps += 64;
    step += 4;
  }
  // NaN where a value was no number, which the integers do not show; else 0.
  sum = f32x4.add(sum, f32x4.sub(check, check));
  store<f32>(record, f32x4.extract_lane(top, 0));
  store<f32>(record, hsum(sum), 4);
}

/** The low halves of the lanes of `a` and `b` in turn, which is their order in a product with two rows. */
@inline
function couple(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, i32x4.shl(b, 16), 0, 9, 2, 11, 4, 13, 6, 15);
}

/** The greatest of `end` scores, in all lanes. It may miss a NaN, whose own weight is NaN then. */
@inline
function greatest(line: usize, end: i32): v128 {
  let a = v128.load(line), b = v128.load(line, 16), c = v128.load(line, 32), d = v128.load(line, 48);
  for (let p = line + 64, stop = line + (<usize>end << 2); p < stop; p += 64) {
    a = f32x4.pmax(a, v128.load(p));
    b = f32x4.pmax(b, v128.load(p, 16));
    c = f32x4.pmax(c, v128.load(p, 32));
    d = f32x4.pmax(d, v128.load(p, 48));
  }
  a = f32x4.pmax(f32x4.pmax(a, b), f32x4.pmax(c, d));
  a = f32x4.pmax(a, v128.shuffle<i32>(a, a, 2, 3, 0, 1));
  a = f32x4.pmax(a, v128.shuffle<i32>(a, a, 1, 0, 3, 2));
  return a;
}
