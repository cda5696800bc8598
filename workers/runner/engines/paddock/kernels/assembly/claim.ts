// How an op's units are shared out, in pieces. Each thread has a share that lies together, so that the processor's
// prefetcher, which needs some 0.3 us to see a stream, sees one in it; who is done with his own takes from the others,
// so that a thread that is held up by another program holds up one piece only.
import { CTL_ACTIVE, CTL_PHASE, CTL_THREADS, THREAD_ALIVE, THREAD_STRIDE, THREAD_TAKEN } from '../program-layout';

/** Pieces for each thread: more even the load, fewer cost less. */
const PIECES = 6;

/** Units a piece; 1 at least. */
export function pieceOf(ctl: usize, units: i32): i32 {
  const active = load<i32>(ctl + CTL_ACTIVE);
  if (active == 1) return max(units, 1);
  const size = units / (active * PIECES);
  return size > 1 ? size : 1;
}

/** The first unit of the thread's share. */
export function shareOf(ctl: usize, thread: i32, units: i32, piece: i32): i32 {
  return from(piecesIn(units, piece), thread, load<i32>(ctl + CTL_ACTIVE)) * piece;
}

/** The first unit of the thread's next piece; `units` when there is none left. */
export function claim(ctl: usize, thread: i32, units: i32, piece: i32): i32 {
  const active = load<i32>(ctl + CTL_ACTIVE), pieces = piecesIn(units, piece);
  if (active == 1) {
    const at = takenOf(ctl, 0, 0), i = load<i32>(at);
    store<i32>(at, i + 1);
    return min(i * piece, units);
  }
  const alive = recordOf(ctl, thread) + THREAD_ALIVE;
  store<i32>(alive, load<i32>(alive) + 1);
  const phase = atomic.load<i32>(ctl + CTL_PHASE);
  for (let k = 0; k < active; k++) {
    const whose = thread + k < active ? thread + k : thread + k - active;
    const at = takenOf(ctl, whose, phase), first = from(pieces, whose, active), count = from(pieces, whose + 1, active) - first;
    if (atomic.load<i32>(at) >= count) continue;
    const i = atomic.add<i32>(at, 1);
    if (i < count) return (first + i) * piece;
  }
  return units;
}

/** Nothing is taken yet of the thread's share of the phase after this one: to be called before it arrives at the barrier. */
export function renew(ctl: usize, thread: i32, phase: i32): void {
  store<i32>(takenOf(ctl, thread, phase + 1), 0);
}

/** Nothing is taken yet of any share: before a run, when no thread is at work. */
export function renewAll(ctl: usize, active: i32): void {
  for (let i = 0; i < active; i++) store<i64>(recordOf(ctl, i) + THREAD_TAKEN, 0);
}

function takenOf(ctl: usize, thread: i32, phase: i32): usize {
  return recordOf(ctl, thread) + THREAD_TAKEN + (<usize>(phase & 1) << 2);
}

/** The thread's record in the control block. */
export function recordOf(ctl: usize, thread: i32): usize {
  return ctl + CTL_THREADS + <usize>(thread * THREAD_STRIDE);
}

function piecesIn(units: i32, piece: i32): i32 {
  return (units + piece - 1) / piece;
}

/** The first piece of the share of the thread. */
function from(pieces: i32, thread: i32, active: i32): i32 {
  return pieces * thread / active;
}
