// Runs the ops of a program. A model's layers may lie in several memories, each with its own instance and control
// block; the helpers wait for jobs at the first one's.
import {
  CODE_ADD, CODE_ATTEND, CODE_EMBED, CODE_GLU, CODE_QKV, CTL_ACTIVE, CTL_FAULT, CTL_FROM, CTL_MODEL, CTL_PART,
  CTL_POSITION, CTL_PROGRAM, CTL_SPIN, CTL_TO, CTL_TOKENS, OP_BYTES, OP_CODE, THREAD_JOB,
  THREAD_SLEEPS,
} from '../program-layout';
import { weightsOf } from './ahead';
import { meet } from './barrier';
import { recordOf, renewAll } from './claim';
import { attend } from './ops/attend';
import { embed } from './ops/embed';
import { add, glu, project } from './ops/project';
import { qkv } from './ops/qkv';

/** Sets what `work` is to do: ops `from` to `to` of the program, for `tokens` from `position`, on `active` threads. */
export function plan(ctl: usize, program: usize, from: i32, to: i32, tokens: i32, position: i32, active: i32): void {
  store<u32>(ctl + CTL_PROGRAM, <u32>program);
  store<i32>(ctl + CTL_FROM, from);
  store<i32>(ctl + CTL_TO, to);
  store<i32>(ctl + CTL_TOKENS, tokens);
  store<i32>(ctl + CTL_POSITION, position);
  store<i32>(ctl + CTL_ACTIVE, active);
  renewAll(ctl, active);
}

/** Calls the helpers 1 to `active` to the work of the memory number `part`; `ctl` is the first memory's. */
export function call(ctl: usize, part: i32, active: i32): void {
  store<i32>(ctl + CTL_PART, part);
  for (let i = 1; i < active; i++) {
    const helper = recordOf(ctl, i);
    atomic.add<i32>(helper + THREAD_JOB, 1);
    if (atomic.load<i32>(helper + THREAD_SLEEPS)) atomic.notify(helper + THREAD_JOB, 1);
  }
}

/** Waits for the job after `seen`, and gives its number. */
export function next(ctl: usize, thread: i32, seen: i32): i32 {
  const me = recordOf(ctl, thread), spin = load<i32>(ctl + CTL_SPIN);
  for (let i = 0; i < spin; i++) {
    const job = atomic.load<i32>(me + THREAD_JOB);
    if (job != seen) return job;
  }
  atomic.store<i32>(me + THREAD_SLEEPS, 1);
  while (atomic.load<i32>(me + THREAD_JOB) == seen) atomic.wait<i32>(me + THREAD_JOB, seen, -1);
  atomic.store<i32>(me + THREAD_SLEEPS, 0);
  return atomic.load<i32>(me + THREAD_JOB);
}

/** A thread's share of the planned ops. False: a thread is dead. */
export function work(ctl: usize, own: usize, thread: i32): bool {
  const model = <usize>load<u32>(ctl + CTL_MODEL), to = load<i32>(ctl + CTL_TO);
  let op = <usize>load<u32>(ctl + CTL_PROGRAM) + <usize>load<i32>(ctl + CTL_FROM) * OP_BYTES;
  for (let i = load<i32>(ctl + CTL_FROM); i < to; i++) {
    if (!step(ctl, model, op, own, thread)) return false;
    op += OP_BYTES;
    const next: usize = i + 1 < to ? weightsOf(ctl, model, op, thread) : 0;
    if (!meet(ctl, thread, next)) return false;
  }
  return atomic.load<i32>(ctl + CTL_FAULT) == 0;
}

function step(ctl: usize, model: usize, op: usize, own: usize, thread: i32): bool {
  switch (load<i32>(op + OP_CODE)) {
    case CODE_EMBED: embed(ctl, model, op, thread); return true;
    case CODE_QKV: return qkv(ctl, model, op, own, thread);
    case CODE_ATTEND: attend(ctl, model, op, own, thread); return true;
    case CODE_ADD: return add(ctl, model, op, own, thread);
    case CODE_GLU: return glu(ctl, model, op, own, thread);
    default: return project(ctl, model, op, own, thread);
  }
}
