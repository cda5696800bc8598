/** What the Benchmark page makes of a run's events, and what it keeps of them. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import type { BenchEvent, BenchRequest } from '#core/bench/events';
import { PaddockError } from '#core/errors';
import { bench } from '$lib/state/bench.svelte';
import { benchHistory } from '$lib/state/bench-history.svelte';
import { leaveChanges } from '$lib/storage/changes';
import { closeDatabase } from '$lib/storage/database';
import { benchRun, eventsOf, planned } from '../fixtures/bench-run';

type Stream = (request: BenchRequest, signal: AbortSignal) => AsyncGenerator<BenchEvent>;

const { stream, hold, put } = vi.hoisted(() => ({
  stream: vi.fn<Stream>(),
  hold: vi.fn<(action: string) => Promise<void>>(),
  put: vi.fn<() => void>(),
}));

vi.mock('$lib/client/bench', () => ({ runBench: stream, holdBench: hold }));
vi.mock('$lib/client/busy', () => ({ whileBusy: (work: () => Promise<unknown>) => work() }));
vi.mock('$lib/storage/benches', async (original) => {
  const storage = await original<typeof import('$lib/storage/benches')>();
  type Put = typeof storage.putBench;
  const putBench: Put = async (record) => {
    put();
    await storage.putBench(record);
  };
  return { ...storage, putBench };
});

const RUN = benchRun();
const REQUEST: BenchRequest = {
  candidates: RUN.candidates.map(({ candidate }) => candidate),
  set: 'quick',
};

/** Tells `events`, then what `end` does. */
function tell(events: BenchEvent[], end: (signal: AbortSignal) => Promise<void> = async () => {}) {
  stream.mockImplementationOnce(async function* (_request, signal) {
    yield* events;
    await end(signal);
  });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new PaddockError('aborted', 'stopped')));
  });
}

beforeEach(async () => {
  await closeDatabase();
  globalThis.indexedDB = new IDBFactory();
  put.mockReset();
  await benchHistory.refresh();
});

afterAll(leaveChanges);

it('puts the parts together as they come: without the last event it is the run, but for its end', async () => {
  const events = eventsOf(RUN).slice(0, -1);
  tell(events);
  await bench.start(REQUEST);
  expect(bench.run).toEqual({ ...RUN, finished: null });
  tell(eventsOf(RUN));
  await bench.start(REQUEST);
  expect(bench.run).toEqual(RUN);
  expect(stream.mock.calls[0]?.[0]).toBe(REQUEST);
});

it('a repetition that is measured again takes the place of what it was', async () => {
  const events = eventsOf(RUN).slice(0, -1);
  const told = events.find((event) => event.type === 'sample')!;
  const again = { ...told, sample: { ...told.sample, firstTokenMs: 1 } };
  const { candidate, test, repetition } = told;
  const redo: BenchEvent = { type: 'redo', candidate, test, repetition, reason: 'throttled' };
  tell([...events, redo, again]);
  await bench.start(REQUEST);
  const result = bench.run?.candidates[candidate]?.tests[test];
  expect(result?.samples.map(({ firstTokenMs }) => firstTokenMs)).toEqual([
    1,
    ...RUN.candidates[0]!.tests[0]!.samples.slice(1).map(({ firstTokenMs }) => firstTokenMs),
  ]);
  expect(result?.redone).toEqual(['throttled']);
});

it('a run that is cancelled keeps what it had, as stopped', async () => {
  const events = eventsOf(RUN).slice(0, 6);
  tell(events, async (signal) => {
    await vi.waitFor(async () => {
      await benchHistory.refresh();
      expect(benchHistory.find(RUN.id)?.run.candidates[0]?.tests[0]?.samples).toHaveLength(3);
    });
    queueMicrotask(() => bench.cancel());
    await aborted(signal);
  });
  await bench.start(REQUEST);
  expect([bench.error, bench.running, bench.step]).toEqual([null, false, null]);
  await benchHistory.refresh();
  const kept = benchHistory.find(RUN.id)?.run;
  expect(kept).toEqual(bench.run);
  expect(kept?.finished).toBeNull();
});

it('a stream that fails says why, and what was measured is kept', async () => {
  tell(eventsOf(RUN).slice(0, 6), () => Promise.reject(new PaddockError('host_died', 'gone')));
  await bench.start(REQUEST);
  expect(bench.error?.code).toBe('host_died');
  await benchHistory.refresh();
  expect(benchHistory.all).toHaveLength(1);
});

it('a full storage is said, the result stays, and is kept once there is room', async () => {
  put.mockImplementation(() => {
    throw new PaddockError('storage_full', 'full');
  });
  tell(eventsOf(RUN));
  await bench.start(REQUEST);
  expect(bench.saveError?.code).toBe('storage_full');
  expect(bench.run).toEqual(RUN);
  await bench.save();
  expect(bench.saveError?.code).toBe('storage_full');
  put.mockReset();
  await bench.save();
  expect(bench.saveError).toBeNull();
  await benchHistory.refresh();
  expect(benchHistory.find(RUN.id)?.run).toEqual(RUN);
});

it('tells the step, its tokens and the time; a new step begins to count anew', async () => {
  const seen: unknown[] = [];
  const step: BenchEvent = {
    type: 'step',
    step: { phase: 'measure', candidate: 0, test: 2, repetition: 1 },
    doneMs: 1000,
    leftMs: 500,
  };
  const tokens: BenchEvent = { type: 'tokens', candidate: 0, test: 2, tokens: 3 };
  stream.mockImplementationOnce(async function* () {
    yield { type: 'plan', run: planned(RUN) };
    for (const event of [step, tokens, tokens, { ...step, leftMs: null }]) {
      yield event;
      seen.push([bench.step?.phase, bench.tokens, bench.time.leftMs]);
      await Promise.resolve();
    }
  });
  await bench.start(REQUEST);
  expect(seen).toEqual([
    ['measure', 0, 500],
    ['measure', 3, 500],
    ['measure', 6, 500],
    ['measure', 0, null],
  ]);
});

it('tells how far the reference is, and the time that this leaves', async () => {
  const seen: unknown[] = [];
  const step = { phase: 'reference' as const, candidate: 0 };
  const written = { type: 'written' as const, candidate: 0, of: 128 };
  stream.mockImplementationOnce(async function* () {
    yield { type: 'plan', run: planned(RUN) };
    const events: BenchEvent[] = [
      { type: 'step', step, doneMs: 1000, leftMs: null },
      { ...written, tokens: 1, doneMs: 2000, leftMs: null },
      { ...written, tokens: 64, doneMs: 3000, leftMs: 4000 },
      { type: 'step', step: { phase: 'load', candidate: 0 }, doneMs: 5000, leftMs: 3000 },
    ];
    for (const event of events) {
      yield event;
      seen.push([bench.written?.tokens, bench.written?.of, bench.time.doneMs, bench.time.leftMs]);
      await Promise.resolve();
    }
  });
  await bench.start(REQUEST);
  expect(seen).toEqual([
    [undefined, undefined, 1000, null],
    [1, 128, 2000, null],
    [64, 128, 3000, 4000],
    [undefined, undefined, 5000, 3000],
  ]);
});

it('why a run was refused is told until something else is chosen', async () => {
  tell([], () => Promise.reject(new PaddockError('not_supported', 'No.')));
  await bench.start(REQUEST);
  bench.choose({ ...REQUEST });
  expect(bench.error?.code).toBe('not_supported');
  bench.choose({ ...REQUEST, set: 'standard' });
  expect(bench.error).toBeNull();
});

it('why a run ended early stays with what it measured, whatever is chosen', async () => {
  tell(eventsOf(RUN).slice(0, 6), () => Promise.reject(new PaddockError('host_died', 'gone')));
  await bench.start(REQUEST);
  bench.choose({ ...REQUEST, set: 'standard' });
  expect(bench.error?.code).toBe('host_died');
});

it('one run at a time; a pause that is refused is not shown as one', async () => {
  let held: unknown;
  tell(eventsOf(RUN), async () => {
    hold.mockRejectedValueOnce(new PaddockError('host_died', 'gone'));
    await bench.hold(true);
    held = [bench.holding, bench.error?.code];
    hold.mockResolvedValueOnce();
    await bench.hold(true);
  });
  stream.mockClear();
  await Promise.all([bench.start(REQUEST), bench.start(REQUEST)]);
  expect(stream).toHaveBeenCalledTimes(1);
  expect(held).toEqual([false, 'host_died']);
  expect(hold.mock.calls).toEqual([['pause'], ['pause']]);
});

it('a pause that was refused, during the run or behind its end, is no fault of the result', async () => {
  let late: Promise<void> | undefined;
  let refuse = (_: Error) => {};
  tell(eventsOf(RUN), async () => {
    hold.mockRejectedValueOnce(new PaddockError('bad_request', 'no benchmark is running'));
    await bench.hold(true);
    hold.mockReturnValueOnce(new Promise((_, reject) => (refuse = reject)));
    late = bench.hold(true);
  });
  await bench.start(REQUEST);
  expect(bench.error).toBeNull();
  refuse(new PaddockError('bad_request', 'no benchmark is running'));
  await late;
  expect(bench.error).toBeNull();
});

it('a result that is deleted can be brought back as it was', async () => {
  await benchHistory.bring(RUN, 'other.json');
  const record = benchHistory.find(RUN.id)!;
  const undo = await benchHistory.remove(record);
  await benchHistory.refresh();
  expect(benchHistory.all).toEqual([]);
  await undo?.();
  await benchHistory.refresh();
  expect(benchHistory.all).toEqual([record]);
});
