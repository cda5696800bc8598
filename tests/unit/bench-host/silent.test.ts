/** An engine that hangs in a repetition is ended, and the others go on. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BenchEvent } from '#core/bench/events';
import type { BenchTest, Candidate } from '#core/bench/run';
import { explain } from '#core/sentences';
import { onCpu, onGpu, openBenchHouse } from '../../fixtures/bench-house';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => vi.useRealTimers());

const READ: BenchTest = { kind: 'pp', tokens: 512, depth: 0 };
/** Behind 2,048 tokens of depth. */
const READ_ON: BenchTest = { kind: 'tg', tokens: 16, depth: 2048 };
const WRITE: BenchTest = { kind: 'tg', tokens: 16, depth: 0 };

/** A run in which its first candidate hangs in its first repetition, at this piece of its work; resolves when it does. */
async function hanging(bad: Candidate, tests: BenchTest[], piece: number) {
  const house = openBenchHouse({
    ...{ bad: '/software /bench', fast: '/gpu /bench', good: '/bench' },
  });
  const { world } = house;
  const candidates = [bad, onCpu()];
  let hung = () => {};
  const hangs = new Promise<void>((resolve) => (hung = resolve));
  let armed = false;
  const onEvent = (event: BenchEvent) => {
    if (armed || event.type !== 'step' || event.step.phase !== 'measure') return;
    armed = true;
    let done = 0;
    world.onWork = () => {
      if (++done < piece) return;
      world.onWork = () => {};
      hung();
      return new Promise(() => {});
    };
  };
  const order = { candidates, tests, repetitions: 1, verify: false };
  const running = house.run(order, onEvent);
  await Promise.race([hangs, running]);
  return { house, running };
}

const SECOND = 1000;

describe('after its last sign of life', () => {
  test.each<[string, Candidate, BenchTest, number, number]>([
    ['ten minutes on the CPU', onCpu('bad'), WRITE, 3, 600],
    ['ten minutes on a software adapter', onGpu('bad'), WRITE, 3, 600],
    [
      'as long again for 512 tokens of a prompt, which may be told nothing of',
      onCpu('bad'),
      READ,
      1,
      1200,
    ],
    ['two minutes on an adapter, in a long test too', onGpu('fast'), READ_ON, 3, 120],
  ])('%s', async (_, bad, asked, piece, seconds) => {
    const { house, running } = await hanging(bad, [asked], piece);
    expect(house.open()).toBe(2);
    await vi.advanceTimersByTimeAsync((seconds - 10) * SECOND);
    expect(house.open()).toBe(2);
    await vi.advanceTimersByTimeAsync(20 * SECOND);
    const { run } = await running;
    const [one, other] = run.candidates;
    expect(one!.error).toMatchObject({ code: 'runner_died', detail: { silent: true } });
    expect(explain(one!.error!).sentence).toBe(
      'The model gave no sign of life for minutes, and was stopped.',
    );
    expect(other!.error).toBeNull();
    expect(other!.tests.map(({ samples }) => samples.length)).toEqual([1]);
    expect(house.open()).toBe(0);
  });
});
