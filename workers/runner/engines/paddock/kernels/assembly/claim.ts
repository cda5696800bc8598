// How an op's units are shared out: each thread takes the next piece when it is done with its last, so that a thread
// that is held up by another program holds up one piece only.
import { CTL_ACTIVE, CTL_THREADS, THREAD_ALIVE, THREAD_STRIDE } from '../program-layout';

/** Pieces for each thread: more even the load, fewer cost less. */
const PIECES = 6;

/** Units a claim. */
export function pieceOf(ctl: usize, units: i32): i32 {
  const active = load<i32>(ctl + CTL_ACTIVE);
  if (active == 1) return units;
  const size = units / (active * PIECES);
  return size > 1 ? size : 1;
}

/** The first unit of the next piece; at or above the number of units when there is none left. */
export function claim(ctl: usize, thread: i32, claims: usize, piece: i32): i32 {
  if (load<i32>(ctl + CTL_ACTIVE) == 1) {
    const first = load<i32>(claims);
    store<i32>(claims, first + piece);
    return first;
  }
  const alive = ctl + CTL_THREADS + <usize>(thread * THREAD_STRIDE) + THREAD_ALIVE;
  store<i32>(alive, load<i32>(alive) + 1);
  return atomic.add<i32>(claims, piece);
}
