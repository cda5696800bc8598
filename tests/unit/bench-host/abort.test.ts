/** A run that is stopped ends at once, whatever it does then, and leaves room for the next. */
import { expect, test } from 'vitest';
import type { BenchEvent, BenchStep } from '#core/bench/events';
import { readLines } from '#core/read-lines';
import { onCpu, openBenchHouse, SMALL } from '../../fixtures/bench-house';

const ONE = { candidates: [onCpu()], ...SMALL };
const PHASES: BenchStep['phase'][] = [
  'probe',
  'reference',
  'load',
  'warmup',
  'measure',
  'agreement',
  'cool',
  'wait',
];

test.each(PHASES)('in its %s', async (phase) => {
  // A rest of minutes: the test would be late if it were kept.
  const house = openBenchHouse(undefined, { coolMs: 600_000 });
  const { world } = house;
  const gone = new AbortController();
  const seen: string[] = [];
  const reader = readLines<BenchEvent>(await house.start(ONE, gone.signal));
  for await (const event of reader) {
    seen.push(event.type);
    if (event.type === 'sample' && phase === 'cool') world.slowness = 100_000;
    if (event.type !== 'step') continue;
    if (phase === 'wait' && event.step.phase === 'measure') world.see(false);
    if (event.step.phase === phase) gone.abort();
  }
  expect(gone.signal.aborted).toBe(true);
  expect(seen).not.toContain('run');
  expect(house.open()).toBe(0);
  world.slowness = 1;
  world.see(true);
  expect((await house.run(ONE)).run.finished).not.toBeNull();
  const messages = [{ role: 'user', content: '/say hello' }];
  expect((await house.call('POST', '/api/chat', { model: 'good', messages })).status).toBe(200);
});
