// Softmax over a span: scores in, weights of 14 bits out, with a step of its own for every tile of 8 positions.
import { LINE_STEPS } from './attention-room';
import { hsum } from './math';

/** Score of a position that a query does not see. */
const UNSEEN: f32 = -3e38;
/** Exponent of 2^-113 in place: the least power of two whose step, 2^-13 of it, is normal. */
const LEAST_POWER = 14 << 23;

/** Bytes of the table that weighTable writes. */
export const WEIGH_TABLE = 15 * 16;

/**
 * Writes the constants of weigh as vectors: V8 builds a constant vector anew in every round of a loop, of three
 * instructions, where a load is one. See vexp in math.ts for their meaning.
 */
export function weighTable(at: usize): void {
  v128.store(at, f32x4.splat(-88), 0);
  v128.store(at, f32x4.splat(1.4426950408889634), 16);
  v128.store(at, f32x4.splat(12582912), 32);
  v128.store(at, f32x4.splat(0.693359375), 48);
  v128.store(at, f32x4.splat(-2.12194440e-4), 64);
  v128.store(at, f32x4.splat(1.392618358789702e-3), 80);
  v128.store(at, f32x4.splat(8.363179052727866e-3), 96);
  v128.store(at, f32x4.splat(4.1666554617201146e-2), 112);
  v128.store(at, f32x4.splat(0.16666576989698692), 128);
  v128.store(at, f32x4.splat(0.5), 144);
  v128.store(at, f32x4.splat(1), 160);
  v128.store(at, f32x4.splat(-87.3), 176);
  v128.store(at, i32x4.splat(0x7f800000), 192);
  v128.store(at, i32x4.splat(LEAST_POWER), 208);
  // Adding 2^23 leaves the integer in the low bits; a conversion takes five instructions on x86.
  v128.store(at, f32x4.splat(8388608), 224);
}

/**
 * Turns the first `n` scores of a line into weights e^(score - greatest) times the value's step (f32 [n rounded up
 * to 8] at `valueSteps`), and writes the greatest score and the weights' sum at `record`. In the last tile, unseen
 * positions weigh 0. The weights are i16, at most 2^14, in steps that are powers of two. `c`: of weighTable.
 */
export function weigh(line: usize, n: i32, valueSteps: usize, record: usize, c: usize): void {
  const end = (n + 7) & ~7;
  for (let i = n; i < end; i++) store<f32>(line + (<usize>i << 2), UNSEEN);
  const top = greatest(line, end);
  let sum = f32x4.splat(0), check = f32x4.splat(0);
  for (let i = 0; i < end; i += 8) {
    const at = <usize>i << 2;
    const x = f32x4.sub(v128.load(line + at), top), y = f32x4.sub(v128.load(line + at, 16), top);
    // e^x and e^y side by side, so that each constant is loaded once.
    let k = v128.load(c);
    let r = f32x4.pmax(x, k), s = f32x4.pmax(y, k);
    k = v128.load(c, 16);
    const m = v128.load(c, 32), shiftedX = f32x4.add(f32x4.mul(r, k), m), shiftedY = f32x4.add(f32x4.mul(s, k), m);
    const nx = f32x4.sub(shiftedX, m), ny = f32x4.sub(shiftedY, m);
    k = v128.load(c, 48);
    r = f32x4.sub(r, f32x4.mul(nx, k));
    s = f32x4.sub(s, f32x4.mul(ny, k));
    k = v128.load(c, 64);
    r = f32x4.sub(r, f32x4.mul(nx, k));
    s = f32x4.sub(s, f32x4.mul(ny, k));
    let p = v128.load(c, 80), q = p;
    k = v128.load(c, 96);
    p = f32x4.add(f32x4.mul(p, r), k);
    q = f32x4.add(f32x4.mul(q, s), k);
    k = v128.load(c, 112);
    p = f32x4.add(f32x4.mul(p, r), k);
    q = f32x4.add(f32x4.mul(q, s), k);
    k = v128.load(c, 128);
    p = f32x4.add(f32x4.mul(p, r), k);
    q = f32x4.add(f32x4.mul(q, s), k);
    k = v128.load(c, 144);
    p = f32x4.add(f32x4.mul(p, r), k);
    q = f32x4.add(f32x4.mul(q, s), k);
    k = v128.load(c, 160);
    p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), k);
    q = f32x4.add(f32x4.add(f32x4.mul(q, f32x4.mul(s, s)), s), k);
    k = v128.load(c, 176);
    p = v128.andnot(i32x4.add(p, i32x4.shl(shiftedX, 23)), f32x4.lt(x, k));
    q = v128.andnot(i32x4.add(q, i32x4.shl(shiftedY, 23)), f32x4.lt(y, k));
    sum = f32x4.add(sum, f32x4.add(p, q));
    p = f32x4.mul(p, v128.load(valueSteps + at));
    q = f32x4.mul(q, v128.load(valueSteps + at, 16));
    check = f32x4.add(check, f32x4.add(p, q));
    tile(p, q, line + (<usize>i << 1), line + LINE_STEPS + (<usize>i >> 1), c);
  }
  // NaN where a value was no number, which the integers do not show; else 0.
  sum = f32x4.add(sum, f32x4.sub(check, check));
  store<f32>(record, f32x4.extract_lane(top, 0));
  store<f32>(record, hsum(sum), 4);
}

/** The greatest of `end` scores, in all lanes. It may miss a NaN, whose own weight is NaN then. */
@inline
function greatest(line: usize, end: i32): v128 {
  let a = v128.load(line), b = v128.load(line, 16);
  for (let i = 8; i < end; i += 8) {
    const p = line + (<usize>i << 2), x = v128.load(p), y = v128.load(p, 16);
    a = f32x4.pmax(a, x);
    b = f32x4.pmax(b, y);
  }
  a = f32x4.pmax(a, b);
  a = f32x4.pmax(a, v128.shuffle<i32>(a, a, 2, 3, 0, 1));
  a = f32x4.pmax(a, v128.shuffle<i32>(a, a, 1, 0, 3, 2));
  return a;
}

/** Eight weights as i16, and their step. */
@inline
function tile(a: v128, b: v128, out: usize, step: usize, c: usize): void {
  let top = f32x4.pmax(a, b);
  top = f32x4.pmax(top, v128.shuffle<i32>(top, top, 2, 3, 0, 1));
  top = f32x4.pmax(top, v128.shuffle<i32>(top, top, 1, 0, 3, 2));
  const power = i32x4.max_s(v128.and(top, v128.load(c, 192)), v128.load(c, 208));
  const m = v128.load(c, 224);
  // 2^13 / power, by its exponent.
  const factor = i32x4.sub(i32x4.splat(267 << 23), power);
  const x = i32x4.sub(f32x4.add(f32x4.mul(a, factor), m), m), y = i32x4.sub(f32x4.add(f32x4.mul(b, factor), m), m);
  v128.store(out, i16x8.narrow_i32x4_s(x, y));
  v128.store32_lane(step, i32x4.sub(power, i32x4.splat(13 << 23)), 0);
}
