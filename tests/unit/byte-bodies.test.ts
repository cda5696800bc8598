/** Transfers of bodies that are byte streams, as browsers have them: every chunk lies in the buffer of the one before. */
import { expect, test } from 'vitest';
import { STALL_MS } from '../../workers/puller/body';
import type { Fault } from '../fixtures/fake-host';
import { committed, file, FILE, fileDigest, keptOf, setupFile } from '../fixtures/transfer-setup';
import type { Setup } from '../fixtures/transfer-setup';

/** Pieces that end within parts, within slices, and with the buffer of 512 KiB. */
const PIECES = [100_003, 524_288, 700_000];

/** As `setupFile`; `open` has a signal for each connection that nobody has let go. A silent body stalls. */
function setup(chunk: number, ...faults: Fault[]): Setup & { open: Set<AbortSignal> } {
  const set = setupFile();
  set.host.chunk = chunk;
  set.host.fail(FILE, ...faults);
  const stalls = new Set<() => void>();
  const { clock } = set;
  set.tools.clock = {
    now: () => clock.now(),
    after(ms, then) {
      if (ms < STALL_MS) return clock.after(ms, then);
      stalls.add(then);
      return () => void stalls.delete(then);
    },
  };
  set.host.onSilence = () => void setImmediate(() => stalls.forEach((stall) => stall()));
  const open = new Set<AbortSignal>();
  set.tools.fetch = async (input, init) => {
    const response = await set.host.fetch(input, init);
    const signal = init!.signal!;
    open.add(signal);
    signal.addEventListener('abort', () => open.delete(signal));
    const { status, headers, body } = response;
    return body ? new Response(byteStream(body, signal), { status, headers }) : response;
  };
  return { ...set, open };
}

function byteStream(body: ReadableStream<Uint8Array>, signal: AbortSignal) {
  const reader = body.getReader();
  return new ReadableStream({
    type: 'bytes',
    start(controller) {
      signal.addEventListener('abort', () => controller.error(signal.reason));
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (signal.aborted) return;
      if (!done) return controller.enqueue(value.slice());
      controller.close();
      controller.byobRequest?.respond(0);
    },
  });
}

test.each(PIECES)(
  'pieces of %i bytes are the file, and no connection stays open',
  async (chunk) => {
    const { run, store, open } = setup(chunk);
    await run();
    expect(await committed(store, fileDigest)).toBe(fileDigest);
    expect([...open]).toEqual([]);
  },
);

test.each<[string, Fault]>([
  ['is cut off', { type: 'cut', after: 900_001 }],
  ['falls silent', { type: 'silence', after: 900_001 }],
  ['ends early', { type: 'short', length: 900_001 }],
])('one that %s in the middle of a part is let go, and comes again', async (_what, fault) => {
  const { run, store, open } = setup(100_003, fault);
  await run();
  expect(await committed(store, fileDigest)).toBe(fileDigest);
  expect([...open]).toEqual([]);
});

test('one that is stopped is let go, and what it brought whole is right', async () => {
  const first = setup(100_003);
  const stop = new AbortController();
  const parts = () => first.chunks.filter(({ type }) => type === 'part').length;
  await expect(first.run(stop.signal, () => parts() > 3 && stop.abort())).rejects.toMatchObject({
    code: 'aborted',
  });
  expect([...first.open]).toEqual([]);
  first.params.kept = keptOf(first.chunks, 13);
  expect(first.params.kept.parts.filter(Boolean).length).toBeGreaterThan(3);
  await first.run();
  expect(await committed(first.store, fileDigest)).toBe(fileDigest);
  expect(first.host.served).toBeLessThan(2 * file.length);
});
