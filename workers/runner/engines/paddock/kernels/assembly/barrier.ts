// Where the threads of a run meet. A thread looks for a bounded time, then sleeps: pure spinning collapses when a
// core is shared with another program.
import { CTL_ACTIVE, CTL_ARRIVED, CTL_FAULT, CTL_PHASE, CTL_SLEEPERS, CTL_SPIN, THREAD_ALIVE, THREAD_READ } from '../program-layout';
import { AHEAD } from './ahead';
import { recordOf, renew, renewAll } from './claim';

/** Nanoseconds of one sleep. */
const NAP: i64 = 1_000_000_000;
/** Naps without a sign of life of any thread after which the run is lost: a piece of work takes a tenth of one. */
const PATIENCE = 8;
/** Bytes of a cache line. */
const LINE: usize = 64;

/**
 * All active threads have come. While it waits, the thread reads AHEAD bytes at `next`, with which it goes on, unless
 * that is 0: WebAssembly has no prefetch. False: a thread is dead.
 */
export function meet(ctl: usize, thread: i32, next: usize): bool {
  const active = load<i32>(ctl + CTL_ACTIVE);
  if (active == 1) {
    renewAll(ctl, 1);
    return true;
  }
  const phase = atomic.load<i32>(ctl + CTL_PHASE);
  renew(ctl, thread, phase);
  if (atomic.add<i32>(ctl + CTL_ARRIVED, 1) == active - 1) {
    atomic.store<i32>(ctl + CTL_ARRIVED, 0);
    atomic.add<i32>(ctl + CTL_PHASE, 1);
    if (atomic.load<i32>(ctl + CTL_SLEEPERS) > 0) atomic.notify(ctl + CTL_PHASE, active);
    return true;
  }
  let sum: i64 = 0;
  for (const end = next ? next + AHEAD : 0; next < end; next += LINE * 4) {
    if (atomic.load<i32>(ctl + CTL_PHASE) != phase) break;
    sum += load<i64>(next) + load<i64>(next, LINE) + load<i64>(next, LINE * 2) + load<i64>(next, LINE * 3);
  }
  // A use, or the compiler leaves the loads out.
  store<i64>(recordOf(ctl, thread) + THREAD_READ, sum);
  const spin = load<i32>(ctl + CTL_SPIN);
  for (let i = 0; i < spin; i++) if (atomic.load<i32>(ctl + CTL_PHASE) != phase) return true;
  return sleep(ctl, phase, active);
}

function sleep(ctl: usize, phase: i32, active: i32): bool {
  let naps = 0, signs = signsOfLife(ctl, active);
  atomic.add<i32>(ctl + CTL_SLEEPERS, 1);
  while (atomic.load<i32>(ctl + CTL_PHASE) == phase) {
    if (atomic.load<i32>(ctl + CTL_FAULT) != 0) break;
    if (atomic.wait<i32>(ctl + CTL_PHASE, phase, NAP) != AtomicWaitResult.TIMED_OUT) continue;
    const now = signsOfLife(ctl, active);
    naps = now == signs ? naps + 1 : 0;
    signs = now;
    if (naps == PATIENCE) atomic.store<i32>(ctl + CTL_FAULT, 1);
  }
  atomic.sub<i32>(ctl + CTL_SLEEPERS, 1);
  return atomic.load<i32>(ctl + CTL_FAULT) == 0;
}

function signsOfLife(ctl: usize, active: i32): i32 {
  let sum = 0;
  for (let i = 0; i < active; i++) sum += load<i32>(recordOf(ctl, i) + THREAD_ALIVE);
  return sum;
}
