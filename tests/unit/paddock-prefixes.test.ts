import { describe, expect, it, vi } from 'vitest';
import { Prefixes } from '../../workers/runner/engines/paddock/prefixes/prefixes';
import { GpuSnapshot } from '../../workers/runner/engines/paddock/webgpu/cache-copies';
import { FakeDecoder, SNAPSHOT_BYTES_PER_TOKEN } from '../fixtures/fake-decoder';

/** A text of `length` tokens that has nothing in common with one of another `kind`. */
const text = (kind: number, length: number) => Array.from({ length }, (_, n) => kind * 1000 + n);

function setUp(budget = 10_000) {
  const decoder = new FakeDecoder({ contextLength: 2000, chunk: 2000 });
  const prefixes = new Prefixes(decoder, budget);
  /** Evaluates `prompt` as generation does, and gives the tokens that were spared. */
  const run = async (prompt: number[]) => {
    const cached = await prefixes.begin(prompt);
    expect(decoder.cells(cached)).toEqual(prompt.slice(0, cached));
    await decoder.evaluate(prompt.slice(cached), cached, new AbortController().signal);
    prefixes.append(prompt.slice(cached));
    return cached;
  };
  return { decoder, prefixes, run };
}

describe('the prefix cache', () => {
  it('spares what a turn has in common with the one before, but the last token', async () => {
    const { run, decoder } = setUp();
    expect(await run(text(1, 100))).toBe(0);
    expect(await run([...text(1, 100), 7, 8])).toBe(100);
    expect(await run([...text(1, 100), 7, 8])).toBe(101);
    expect(await run(text(1, 50))).toBe(49);
    expect(await run([5])).toBe(0);
    expect(decoder.restored).toBe(0);
  });

  it('puts another chat aside, and back', async () => {
    const { run, decoder, prefixes } = setUp();
    await run(text(1, 100));
    expect(await run(text(2, 200))).toBe(0);
    expect(prefixes.keptBytes).toBe(100 * SNAPSHOT_BYTES_PER_TOKEN);
    expect(await run([...text(1, 100), 9])).toBe(100);
    // What went back is not kept twice; what it displaced is kept now.
    expect(prefixes.keptBytes).toBe(200 * SNAPSHOT_BYTES_PER_TOKEN);
    expect(await run([...text(2, 200), 9])).toBe(200);
    expect([decoder.saved, decoder.restored]).toEqual([3, 2]);
  });

  it('puts aside only what is long enough, and back only what spares enough', async () => {
    const { run, decoder } = setUp();
    await run(text(1, 63));
    await run(text(2, 64));
    expect(decoder.saved).toBe(0);
    await run([...text(3, 10), ...text(4, 70)]);
    expect(decoder.saved).toBe(1);
    expect(await run([...text(2, 15), 1])).toBe(0);
    expect(decoder.restored).toBe(0);
    await run(text(5, 5));
    expect(await run([...text(2, 16), 1])).toBe(16);
    expect(decoder.restored).toBe(1);
  });

  it('keeps a prefix of which a prompt takes only a part', async () => {
    const { run } = setUp();
    await run(text(1, 200));
    await run(text(2, 100));
    expect(await run([...text(1, 50), ...text(3, 10)])).toBe(50);
    await run(text(4, 5));
    expect(await run([...text(1, 200), 9])).toBe(200);
  });

  it('lets the longest unused go for the budget', async () => {
    const { run, prefixes } = setUp(250 * SNAPSHOT_BYTES_PER_TOKEN);
    for (const kind of [1, 2, 3]) await run(text(kind, 100));
    await run([...text(1, 100), 9]);
    await run(text(4, 100));
    // Kept: 3, then 1; 2 went.
    expect(prefixes.keptBytes).toBeLessThanOrEqual(250 * SNAPSHOT_BYTES_PER_TOKEN);
    expect(await run([...text(2, 100), 9])).toBe(0);
    expect(await run([...text(1, 100), 9, 9])).toBe(101);
  });

  it('counts a prefix as used when a prompt takes a part of it', async () => {
    const { run } = setUp(250 * SNAPSHOT_BYTES_PER_TOKEN);
    for (const kind of [1, 2, 3]) await run(text(kind, 100));
    // Kept: 1 and 2. A part of 1 is used, and 3 needs room: 2 goes.
    expect(await run([...text(1, 30), ...text(4, 10)])).toBe(30);
    await run([7]);
    expect(await run([...text(1, 100), 9])).toBe(100);
  });

  it('keeps a text once when it grew beside its own beginning', async () => {
    const { run, prefixes } = setUp();
    await run(text(1, 200));
    await run(text(2, 100));
    // Steps too small for the kept one to be put back.
    for (let length = 130; length <= 205; length += 15) await run(text(1, length));
    await run(text(3, 100));
    expect(prefixes.keptBytes).toBe((100 + 205) * SNAPSHOT_BYTES_PER_TOKEN);
  });

  it('does not put aside what the budget cannot hold', async () => {
    const { run, prefixes, decoder } = setUp(80 * SNAPSHOT_BYTES_PER_TOKEN);
    await run(text(1, 70));
    await run(text(2, 100));
    const { saved } = decoder;
    await run(text(3, 10));
    expect(decoder.saved).toBe(saved);
    expect(prefixes.keptBytes).toBe(70 * SNAPSHOT_BYTES_PER_TOKEN);
  });

  it('keeps a text once as it grows from turn to turn', async () => {
    const { run, prefixes } = setUp();
    const other = text(2, 100);
    for (let turn = 0; turn < 5; turn++) {
      await run(text(1, 100 + turn));
      await run(other);
    }
    await run([1]);
    expect(prefixes.keptBytes).toBe((104 + 100) * SNAPSHOT_BYTES_PER_TOKEN);
  });

  it('does not count what an evaluation that failed left undefined', async () => {
    const { run, prefixes, decoder } = setUp();
    await run(text(1, 100));
    expect(await prefixes.begin([...text(1, 60), ...text(2, 30)])).toBe(60);
    const aborted = decoder.evaluate(text(2, 30), 60, AbortSignal.abort());
    await expect(aborted).rejects.toMatchObject({ code: 'aborted' });
    expect(prefixes.length).toBe(60);
    expect(await run(text(1, 100))).toBe(60);
  });

  it('shifts, and then begins only from what stood before the shift', async () => {
    const { run, prefixes, decoder } = setUp();
    await run(text(1, 100));
    prefixes.shift(10, 40);
    expect(decoder.shifts).toEqual([[10, 40, 100]]);
    const shifted = [...text(1, 10), ...text(1, 100).slice(40)];
    expect(decoder.cells(prefixes.length)).toEqual(shifted);
    expect(await run([...shifted, 9])).toBe(10);
    expect(decoder.saved).toBe(0);
  });

  it('lets all go, and goes on, when there is no memory to put a chat aside', async () => {
    const { run, prefixes, decoder } = setUp();
    await run(text(1, 100));
    await run(text(2, 100));
    expect(prefixes.keptBytes).toBeGreaterThan(0);
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    vi.spyOn(decoder, 'save').mockImplementation(() => {
      throw new RangeError('Array buffer allocation failed');
    });
    expect(await run(text(3, 100))).toBe(0);
    expect(prefixes.keptBytes).toBe(0);
    expect(warn).toHaveBeenCalledOnce();
    warn.mockRestore();
  });

  it('frees what it keeps no more, once it is back in the cache or out of the budget', async () => {
    const { run, decoder, prefixes } = setUp(250 * SNAPSHOT_BYTES_PER_TOKEN);
    for (const kind of [1, 2, 3]) await run(text(kind, 100));
    expect(decoder.released).toBe(0);
    // 1 goes back into the cache, and 3 aside.
    expect(await run([...text(1, 100), 9])).toBe(100);
    expect([decoder.saved, decoder.released]).toEqual([3, 1]);
    // 2 goes for the budget.
    await run(text(4, 100));
    expect([decoder.saved, decoder.released]).toEqual([4, 2]);
    prefixes.clear();
    expect(decoder.released).toBe(decoder.saved);
  });

  it('does without what there was no memory for after all', async () => {
    const { run, decoder, prefixes } = setUp();
    await run(text(1, 100));
    decoder.full = true;
    await run(text(2, 100));
    decoder.full = false;
    expect(await run([...text(1, 100), 9])).toBe(0);
    expect([decoder.restored, decoder.released]).toEqual([0, 1]);
    prefixes.clear();
    expect(decoder.released).toBe(decoder.saved);
  });

  it.each<[string, () => Promise<GPUError | null>, boolean]>([
    ['there is memory', async () => null, false],
    ['there is none', async () => ({ message: 'none' }), true],
    ['the device is gone', () => Promise.reject(new Error('lost')), true],
  ])('hears from an adapter whether %s', async (_, answer, gone) => {
    const snapshot = new GpuSnapshot(1, 4, {} as GPUBuffer, answer());
    await snapshot.told;
    expect(snapshot.gone).toBe(gone);
  });

  it('lets all go', async () => {
    const { run, prefixes } = setUp();
    await run(text(1, 100));
    await run(text(2, 100));
    prefixes.clear();
    expect(prefixes.keptBytes).toBe(0);
    expect(await run(text(2, 100))).toBe(0);
  });
});
