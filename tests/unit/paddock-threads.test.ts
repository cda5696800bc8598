import { describe, expect, it } from 'vitest';
import { ThreadController } from '../../workers/runner/engines/paddock/threads/controller';
import { threadCount } from '../../workers/runner/engines/paddock/threads/count';

/** Reports `runs` runs on as many threads as the controller asks for, each with this part of late barriers. */
function report(controller: ThreadController, runs: number, late: (threads: number) => number) {
  const used: number[] = [];
  for (let run = 0; run < runs; run++) {
    const threads = controller.active;
    used.push(threads);
    controller.report({ threads, barriers: 150, late: 150 * late(threads) });
  }
  return used;
}

describe('ThreadController', () => {
  it('keeps all threads while none is held up', () => {
    const controller = new ThreadController(4);
    report(controller, 2000, () => 0.01);
    expect(controller.active).toBe(4);
  });

  it('gives up a thread within a few runs when a core is taken', () => {
    const controller = new ThreadController(2);
    report(controller, 3, () => 0.3);
    expect(controller.active).toBe(1);
  });

  it('forgives a single late run', () => {
    const controller = new ThreadController(2);
    report(controller, 1, () => 0.5);
    report(controller, 20, () => 0);
    report(controller, 1, () => 0.5);
    expect(controller.active).toBe(2);
  });

  it('tries the thread again ever more rarely while the core stays taken', () => {
    const controller = new ThreadController(2);
    const used = report(controller, 4000, (threads) => (threads === 2 ? 0.3 : 0));
    const held = used.filter((threads) => threads === 2).length;
    expect(held).toBeLessThan(40);
    expect(used.slice(100).includes(2)).toBe(true);
  });

  it('comes back to all threads when the core is free again', () => {
    const controller = new ThreadController(2);
    report(controller, 10, () => 0.3);
    report(controller, 200, () => 0);
    expect(controller.active).toBe(2);
  });

  it('leaves a number that somebody asked for alone', () => {
    const controller = new ThreadController(2, true);
    report(controller, 50, () => 0.9);
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
