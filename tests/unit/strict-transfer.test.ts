/** Code whose digest nobody knows: what two answers brought is one file only where both say which version they are of. */
import { beforeEach, describe, expect, test } from 'vitest';
import { digestOf } from '#core/digest';
import { SLICE } from '#store/blob-store';
import { Transfers } from '../../workers/host/registry/transfers';
import { noise } from '../fixtures/fake-registry';
import { TestHouse } from '../fixtures/test-registry';

const FILE = 'code/library.wasm';
const old = noise(5 * SLICE, 1);
const now = noise(5 * SLICE, 2);

let house: TestHouse;
beforeEach(() => {
  house = new TestHouse();
  house.host.chunk = 200_000;
  house.worthAConnection = 100 * SLICE;
  house.host.files.set(FILE, old);
});

function fetching(signal = new AbortController().signal) {
  const origin = { kind: 'file', url: house.host.root + FILE, strict: true } as const;
  const transfers = new Transfers(house.context());
  return transfers.fetch({ digest: null, size: old.length }, origin, signal);
}

async function digestOfAll(): Promise<string> {
  const steps = fetching();
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
}

/** Three parts are kept, then the session ends. */
async function stopInTheMiddle() {
  house.host.served = 0;
  house.host.limit = 3 * SLICE + 300_000;
  const stop = new AbortController();
  const stopped = async () => {
    for await (const completed of fetching(stop.signal)) {
      if (completed >= 3 * SLICE) stop.abort();
    }
  };
  await expect(stopped()).rejects.toMatchObject({ code: 'aborted' });
  await house.quiet();
  house.host.limit = Infinity;
  house.host.ranges.length = 0;
}

describe('a host that names no version', () => {
  test('is asked for all of it anew by the next session', async () => {
    await stopInTheMiddle();
    house.host.files.set(FILE, now);
    expect(await digestOfAll()).toBe(await digestOf(now));
    expect(house.host.ranges.at(-1)).toBe('all');
  });

  test('is asked for all of it anew where the connection was cut', async () => {
    house.host.fail(FILE, { type: 'cut', after: 3 * SLICE + 100 });
    const steps = fetching();
    for (let step = await steps.next(); !step.done; step = await steps.next()) {
      if (step.value >= 3 * SLICE) house.host.files.set(FILE, now);
      if (step.value === old.length) break;
    }
    const last = await steps.next();
    expect(last.value).toBe(await digestOf(now));
  });
});

test('a host that names one goes on where it was, if that is the same', async () => {
  house.host.etags.set(FILE, '"1"');
  await stopInTheMiddle();
  expect(await digestOfAll()).toBe(await digestOf(old));
  expect(house.host.ranges).not.toContain('all');
  await house.store.delete(await digestOf(old));
  await stopInTheMiddle();
  house.host.etags.set(FILE, '"2"');
  house.host.files.set(FILE, now);
  expect(await digestOfAll()).toBe(await digestOf(now));
});
