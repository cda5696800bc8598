/** One file in ranges: several connections, and what a session leaves to the next. */
import { describe, expect, test } from 'vitest';
import type { TransferChunk, TransferParams } from '#core/methods';
import { SLICE } from '#store/blob-store';
import { noise } from '../fixtures/fake-registry';
import {
  committed,
  file,
  FILE,
  fileDigest,
  keptOf,
  partsDone,
  setupFile,
  type Setup,
} from '../fixtures/transfer-setup';

const PARTS = 13;
const all = Array.from({ length: PARTS }, (_, index) => index);

/** First and last byte of each request. */
function ranges({ host }: Setup): [number, number][] {
  return host.ranges.map((range) => range.split('-').map(Number) as [number, number]);
}

test('a large file comes over four connections in few requests, each byte once', async () => {
  const setup = setupFile();
  const { digest, parts } = await setup.run();
  expect(digest).toBe(fileDigest);
  expect(parts).toHaveLength(PARTS);
  expect(await committed(setup.store, fileDigest)).toBe(fileDigest);
  expect(partsDone(setup.chunks).sort((a, b) => a - b)).toEqual(all);
  expect(setup.host.served).toBe(file.length);
  // Runs that get shorter towards the end.
  expect(setup.host.requests.length).toBeLessThan(PARTS + 1);
  const asked = ranges(setup).sort(([a], [b]) => a - b);
  expect(asked[0]![0]).toBe(0);
  expect(asked.at(-1)![1]).toBe(file.length - 1);
});

test('four requests are under way at once', async () => {
  const setup = setupFile();
  let open = 0;
  let most = 0;
  const { fetch } = setup.tools;
  setup.tools.fetch = async (...asked) => {
    most = Math.max(most, ++open);
    const response = await fetch(...asked);
    const ended = new TransformStream({ flush: () => void open-- });
    return new Response(response.body!.pipeThrough(ended), response);
  };
  await setup.run();
  expect(most).toBe(4);
});

test('a small file is one plain request', async () => {
  const setup = setupFile();
  setup.tools.worthAConnection = file.length;
  await setup.run();
  expect(setup.host.ranges).toEqual(['all']);
});

test('a connection that has nothing left takes half of what a slow one has not begun', async () => {
  const setup = setupFile();
  setup.tools.worthAConnection = 7 * SLICE; // two connections, and three parts for the first
  let first = true;
  let release = () => {};
  const { fetch } = setup.tools;
  setup.tools.fetch = async (...asked) => {
    const response = await fetch(...asked);
    if (!first) return response;
    first = false;
    const held = new Promise<void>((resolve) => (release = resolve));
    const slowly = new TransformStream<Uint8Array, Uint8Array>({
      async transform(chunk, controller) {
        await held;
        controller.enqueue(chunk);
      },
    });
    return new Response(response.body!.pipeThrough(slowly), response);
  };
  // All but what the slow connection has begun and one part more come without it.
  await setup.run(undefined, () => {
    if (partsDone(setup.chunks).length === PARTS - 2) release();
  });
  expect(await committed(setup.store, fileDigest)).toBe(fileDigest);
});

/** Stops when `count` parts have come; the parameters of the next session. */
async function interrupted(first: Setup, count: number): Promise<TransferParams> {
  const stop = new AbortController();
  const onChunk = () => {
    if (partsDone(first.chunks).length >= count) stop.abort();
  };
  await expect(first.run(stop.signal, onChunk)).rejects.toMatchObject({ code: 'aborted' });
  return { ...first.params, kept: keptOf(first.chunks, PARTS) };
}

function next(first: Setup, params: TransferParams): Setup {
  const second = setupFile(params);
  const { key } = params;
  second.store.unfinished.set(key, first.store.unfinished.get(key)!);
  return second;
}

describe('a transfer that was stopped', () => {
  test('asks for the missing parts only', async () => {
    const first = setupFile();
    const params = await interrupted(first, 6);
    const there = params.kept!.parts.filter(Boolean).length;
    const second = next(first, params);
    await second.run();
    expect(second.host.served).toBe(
      file.length - params.kept!.parts.reduce((sum, part) => sum + (part ? SLICE : 0), 0),
    );
    expect(there).toBeGreaterThanOrEqual(6);
    for (const [from] of ranges(second)) {
      expect(params.kept!.parts[from / SLICE]).toBeNull();
    }
    expect(await committed(second.store, fileDigest)).toBe(fileDigest);
  });

  test('re-reads only what its saved state lacks', async () => {
    const first = setupFile();
    const params = await interrupted(first, 6);
    expect(params.kept!.hashed).toBeGreaterThan(0);
    const second = next(first, params);
    const read: number[] = [];
    const open = second.store.writer;
    second.store.writer = async (key) => {
      const writer = await open(key);
      const readAt = writer.read;
      writer.read = (into, offset) => {
        if (into.length > 1) read.push(offset);
        return readAt(into, offset);
      };
      return writer;
    };
    await second.run();
    expect(Math.min(...read)).toBe(params.kept!.hashed * SLICE);
    expect(await committed(second.store, fileDigest)).toBe(fileDigest);
  });

  test('whose host has another version of the file now says so, and mixes nothing', async () => {
    const first = setupFile();
    first.host.etags.set(FILE, '"one"');
    const params = await interrupted(first, 6);
    expect(params.kept!.validator).toBe('"one"');
    const second = next(first, params);
    second.host.etags.set(FILE, '"two"');
    await expect(second.run()).rejects.toMatchObject({
      code: 'network',
      detail: { restart: 'changed' },
    });
    expect(partsDone(second.chunks)).toEqual([]);
  });
});

test('a file that changes between two ranges of one session is not mixed', async () => {
  const setup = setupFile();
  setup.host.etags.set(FILE, '"one"');
  const onChunk = (chunk: TransferChunk) => {
    if (chunk.type !== 'part') return;
    setup.host.etags.set(FILE, '"two"');
    setup.host.files.set(FILE, noise(file.length, 99));
  };
  await expect(setup.run(undefined, onChunk)).rejects.toMatchObject({
    detail: { restart: 'changed' },
  });
  expect(await setup.store.has(fileDigest)).toBe(false);
});

test('a digest that nobody told is what arrives, and what is there already stays', async () => {
  const key = (await interrupted(setupFile(), 1)).key.replace(/^sha256:../, 'sha256:00');
  const setup = setupFile({ digest: null, key: key as typeof fileDigest });
  expect((await setup.run()).digest).toBe(fileDigest);
  expect(await committed(setup.store, fileDigest)).toBe(fileDigest);
  await setup.run();
  expect(await setup.store.listUnfinished()).toEqual([]);
  expect(await setup.store.list()).toHaveLength(1);
});

test('a flipped bit is found by the whole digest, and nothing is kept', async () => {
  const setup = setupFile();
  setup.host.fail(FILE, { type: 'flip', at: 77 });
  await expect(setup.run()).rejects.toMatchObject({ code: 'digest_mismatch' });
  expect(await setup.store.list()).toEqual([]);
  expect(await setup.store.listUnfinished()).toEqual([]);
});

test('headers go with every request', async () => {
  const origin = setupFile().params.origin as { kind: 'file'; url: string };
  const setup = setupFile({ origin: { ...origin, headers: { Authorization: 'Bearer secret' } } });
  await setup.run();
  expect(setup.host.asked.length).toBeGreaterThan(3);
  for (const headers of setup.host.asked)
    expect(headers.get('authorization')).toBe('Bearer secret');
});
