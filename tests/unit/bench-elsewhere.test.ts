/** Which tab it is that a benchmark waits for: the host's, which may be another than the one that asked. */
import { beforeEach, expect, it, vi } from 'vitest';
import type { BenchEvent, BenchStep } from '#core/bench/events';
import { stepWords } from '#core/bench/step-words';
import { runBench } from '$lib/client/bench';
import { benchRun } from '../fixtures/bench-run';

const { link, events } = vi.hoisted(() => ({
  link: { leads: false },
  events: { lines: '' },
}));

vi.mock('$lib/client/link', () => ({ link }));
vi.mock('$lib/client/ask-host', () => ({
  post: () => Promise.resolve(new Response(events.lines)),
}));

/** The sentences of these steps, in the tab that asked. */
async function said(...steps: BenchStep[]) {
  const told = steps.map((step): BenchEvent => ({ type: 'step', step, doneMs: 0, leftMs: null }));
  events.lines = told.map((event) => `${JSON.stringify(event)}\n`).join('');
  const words: string[] = [];
  const run = benchRun();
  for await (const event of runBench({ candidates: [] }, new AbortController().signal)) {
    if (event.type === 'step') words.push(stepWords(event.step, run));
  }
  return words;
}

beforeEach(() => void (link.leads = false));

it('is said where it is another one, with what to do', async () => {
  expect(await said({ phase: 'wait', reason: 'hidden' })).toEqual([
    'Waits: the benchmark runs in another tab of Paddock, which is hidden. Show that tab, or close it and start again here',
  ]);
});

it('is this one where this one has the host', async () => {
  link.leads = true;
  expect(await said({ phase: 'wait', reason: 'hidden' })).toEqual([
    'Waits, since the tab was hidden',
  ]);
});

it('does not matter to what else is waited for', async () => {
  const others: BenchStep[] = [
    { phase: 'wait', reason: 'busy' },
    { phase: 'wait', reason: 'paused' },
    { phase: 'cool' },
  ];
  const elsewhere = await said(...others);
  link.leads = true;
  expect(elsewhere).toEqual(await said(...others));
});
