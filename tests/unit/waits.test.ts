/** A transfer that waits for its next try says so, from the puller's connection to the words on the page. */
import { expect, test } from 'vitest';
import type { TransferWait } from '#core/methods';
import type { PullJob } from '#core/paddock-api';
import { parseName } from '#core/names';
import { pullWords } from '#core/pull-words';
import { FakePulls, jobOf, settled } from '../fixtures/fake-pulls';
import type { Fault } from '../fixtures/fake-host';
import { digest } from '../fixtures/house';
import { TestHouse } from '../fixtures/test-registry';
import { file, FILE, setupFile } from '../fixtures/transfer-setup';
import { Waits } from '../../workers/puller/waits';

const MODEL = 'smollm2:135m';
const LOST: TransferWait = {
  error: { code: 'network', message: 'Cut off.', detail: { url: 'https://site.test/x' } },
  again: 8000,
  next: 4,
  tries: 6,
};

test('the puller names the reason, the wait and the try, and when it is over', async () => {
  const { host, chunks, tools, run } = setupFile();
  tools.worthAConnection = file.length;
  const busy: Fault = { type: 'status', status: 429, headers: { 'retry-after': '7' } };
  host.fail(FILE, { type: 'offline' }, busy);
  await run();
  const waits = chunks.flatMap((chunk) => (chunk.type === 'waiting' ? [chunk.wait] : []));
  expect(waits).toMatchObject([
    { error: { code: 'network' }, again: 1000, next: 2, tries: 6 },
    null,
    { error: { code: 'rate_limited' }, again: 7000, next: 3, tries: 6 },
    null,
  ]);
});

test('nothing is said while another connection is at work', async () => {
  const told: (TransferWait | null)[] = [];
  const waits = new Waits(2, (wait) => Promise.resolve(void told.push(wait)));
  const pauses: (() => void)[] = [];
  const pause = () => new Promise<void>((resolve) => pauses.push(resolve));
  const first = waits.during(LOST, pause);
  expect(told).toEqual([]);
  const second = waits.during({ ...LOST, again: 1000 }, pause);
  expect(told).toMatchObject([{ again: 1000 }]);
  await settled();
  for (const end of pauses) end();
  await Promise.all([first, second]);
  expect(told).toMatchObject([{ again: 1000 }, null]);
});

test('one that is left alone is told of when the others have ended', async () => {
  const told: (TransferWait | null)[] = [];
  const waits = new Waits(2, (wait) => Promise.resolve(void told.push(wait)));
  await waits.end();
  await waits.during(LOST, () => Promise.resolve());
  expect(told).toEqual([LOST, null]);
});

test('one that waits is told of as soon as the last of the others has ended', async () => {
  const told: (TransferWait | null)[] = [];
  const waits = new Waits(3, (wait) => Promise.resolve(void told.push(wait)));
  let resume = () => {};
  const waiting = waits.during(LOST, () => new Promise((resolve) => (resume = resolve)));
  await waits.end();
  expect(told).toEqual([]);
  await waits.end();
  expect(told).toEqual([LOST]);
  resume();
  await waiting;
  expect(told).toEqual([LOST, null]);
});

test('a pull tells who watches it, and its statuses stay what they are', async () => {
  const house = new TestHouse();
  const parts = [...house.host.files.keys()].filter((path) => /blobs\/sha256-\w+$/.test(path));
  for (const path of parts) house.host.fail(path, { type: 'status', status: 503 });
  const registry = await house.open();
  const told: (TransferWait | null)[] = [];
  const keys = new Set<string>();
  const target = { name: parseName(MODEL)! };
  const watch = { onWait: (wait: TransferWait | null) => void told.push(wait) };
  for await (const status of registry.pull(target, new AbortController().signal, watch)) {
    for (const key of Object.keys(status)) keys.add(key);
  }
  expect(told).toContainEqual(expect.objectContaining({ again: 1000, next: 2 }));
  expect(told.at(-1)).toBe(null);
  expect([...keys].sort()).toEqual(['completed', 'digest', 'status', 'total']);
});

test('the queue shows the wait, without a rate, until it is over or the pull ends', async () => {
  const pulls = new FakePulls();
  const queue = pulls.queue();
  await queue.add('a:1');
  await settled();
  const layer = { status: 'pulling aaaaaaaaaaaa', digest: digest('a'), total: 1000 };
  await pulls.say('a:1', { ...layer, completed: 10 });
  pulls.wait('a:1', LOST);
  const { error } = LOST;
  const waiting = { error, seconds: 8, next_try: 4, tries: 6 };
  expect(jobOf(queue, 'a:1')).toMatchObject({ state: 'running', waiting, rate: null });
  pulls.wait('a:1', null);
  expect(jobOf(queue, 'a:1')).not.toHaveProperty('waiting');
  pulls.wait('a:1', LOST);
  await queue.pause('a:1');
  expect(jobOf(queue, 'a:1')).not.toHaveProperty('waiting');
});

test.each([
  [LOST.error, 'The connection was lost. Next try after 8 s (4 of 6).'],
  [
    { ...LOST.error, detail: { status: 503 } },
    'The host answers 503. Next try after 8 s (4 of 6).',
  ],
  [
    { code: 'rate_limited', message: '429', detail: { wait: 8000 } } as const,
    'The host asks to wait. Next try after 8 s (4 of 6).',
  ],
])('in words: %j', (error, words) => {
  const job: PullJob = {
    ...{ model: MODEL, state: 'running', status: 'pulling aaaaaaaaaaaa', completed: 1, total: 2 },
    ...{ rate: null, seconds_left: null, added_at: '2026-01-01T00:00:00.000Z' },
    waiting: { error, seconds: 8, next_try: 4, tries: 6 },
  };
  expect(pullWords(job, 'SmolLM2 135M')).toBe(words);
});
