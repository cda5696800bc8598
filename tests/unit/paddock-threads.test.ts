import { describe, expect, it } from 'vitest';
import {
  ThreadController,
  type RunReport,
} from '../../workers/runner/engines/paddock/threads/controller';
import { threadCount } from '../../workers/runner/engines/paddock/threads/count';

/** Reports `runs` runs, each with the pace that this machine has on so many threads; the numbers that were used. */
function run(
  controller: ThreadController,
  runs: number,
  paceOn: (threads: number) => number,
  kind: RunReport['kind'] = 'token',
): number[] {
  return Array.from({ length: runs }, () => {
    const threads = controller.active;
    controller.report({ threads, kind, pace: paceOn(threads) });
    return threads;
  });
}

const free = (threads: number) => 10 / threads;
/** The last thread shares its core: all wait for it. */
const hogged = (threads: number) => (threads === 1 ? 10 : 18);

describe('ThreadController', () => {
  it('keeps all threads while they bring something', () => {
    const used = run(new ThreadController(4), 2000, free);
    expect(new Set(used)).toEqual(new Set([4]));
  });

  it('gives up a thread within a few runs when its core is taken', () => {
    const controller = new ThreadController(2);
    run(controller, 100, free);
    run(controller, 20, hogged);
    expect(controller.active).toBe(1);
  });

  it('forgives a single slow run', () => {
    const controller = new ThreadController(2);
    run(controller, 100, free);
    run(controller, 1, () => 50);
    expect(new Set(run(controller, 100, free))).toEqual(new Set([2]));
  });

  it('tries the thread again ever more rarely while the core stays taken', () => {
    const controller = new ThreadController(2);
    run(controller, 100, free);
    const used = run(controller, 4000, hogged);
    const held = used.filter((threads) => threads === 2).length;
    expect(held).toBeLessThan(150);
    expect(used.slice(200)).toContain(2);
  });

  it('comes back to all threads when the core is free again', () => {
    const controller = new ThreadController(2);
    run(controller, 100, free);
    run(controller, 300, hogged);
    run(controller, 600, free);
    expect(controller.active).toBe(2);
  });

  it('finds the threads that a busy probe did not', () => {
    const controller = new ThreadController(4, 1);
    run(controller, 300, free);
    expect(controller.active).toBe(4);
  });

  it('keeps its threads when the whole machine becomes slower', () => {
    const controller = new ThreadController(2);
    run(controller, 100, free);
    run(controller, 100, (threads) => 2 * free(threads));
    expect(controller.active).toBe(2);
  });

  it('does not compare a prompt with a reply', () => {
    const controller = new ThreadController(2);
    for (let turn = 0; turn < 20; turn++) {
      run(controller, 10, (threads) => free(threads) / 4, 'chunk');
      expect(new Set(run(controller, 10, free))).toEqual(new Set([2]));
    }
  });

  it('leaves a number that somebody asked for alone', () => {
    const controller = new ThreadController(2, 2, true);
    run(controller, 50, free);
    run(controller, 200, hogged);
    expect(controller.active).toBe(2);
  });
});

describe('threadCount', () => {
  it.each([
    { asked: 0, logical: 8, isolated: false, expected: 1 },
    { asked: 6, logical: 8, isolated: false, expected: 1 },
    { asked: 0, logical: 2, isolated: true, expected: 2 },
    { asked: 0, logical: 16, isolated: true, expected: 8 },
    { asked: 0, logical: 128, isolated: true, expected: 16 },
    { asked: 3, logical: 2, isolated: true, expected: 3 },
    { asked: 99, logical: 2, isolated: true, expected: 16 },
  ])('$asked asked of $logical, isolated $isolated: $expected', (row) => {
    expect(threadCount(row.asked, row.logical, row.isolated)).toBe(row.expected);
  });
});
