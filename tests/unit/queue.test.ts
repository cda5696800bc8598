/** The queue of downloads: order, limit, pause, resume, cancel, and what outlives the host. */
import { beforeEach, expect, test } from 'vitest';
import { PaddockError } from '#core/errors';
import { FakePulls, jobOf, record, settled, states } from '../fixtures/fake-pulls';
import { digest, memoryPulls } from '../fixtures/house';
import { PullQueue } from '../../workers/host/registry/queue';

let pulls: FakePulls;
let db: ReturnType<typeof memoryPulls>;

beforeEach(() => {
  pulls = new FakePulls();
  db = memoryPulls();
});

const A = digest('a');
const network = new PaddockError('network', 'Cut off.', { url: 'https://site.test/x' });

function layer(completed: number, total = 1000, id = A) {
  return { status: 'pulling aaaaaaaaaaaa', digest: id, total, completed };
}

async function open(...models: string[]) {
  const queue = pulls.queue(db);
  await queue.begin();
  for (const model of models) await queue.add(model);
  await settled();
  return queue;
}

test('two run at once, the others wait in their order', async () => {
  const queue = await open('a:1', 'b:1', 'c:1', 'd:1');
  expect(states(queue)).toEqual(['a:1 running', 'b:1 running', 'c:1 queued', 'd:1 queued']);
  expect(pulls.running).toEqual(['a:1', 'b:1']);
  await pulls.end('b:1');
  expect(states(queue)).toEqual(['a:1 running', 'b:1 done', 'c:1 running', 'd:1 queued']);
  await pulls.end('a:1');
  expect(pulls.started).toEqual(['a:1', 'b:1', 'c:1', 'd:1']);
});

test('the limit is kept, and those above a lower one wait again', async () => {
  const queue = await open('a:1', 'b:1', 'c:1');
  await queue.limit(3);
  await settled();
  expect(pulls.running).toEqual(['a:1', 'b:1', 'c:1']);
  await queue.limit(1);
  await settled();
  expect(states(queue)).toEqual(['a:1 running', 'b:1 queued', 'c:1 queued']);
  expect(pulls.running).toEqual(['a:1']);
  expect((await open()).state.parallel).toBe(1);
  await queue.limit(1000);
  expect(queue.state.parallel).toBe(8);
  await queue.limit(-3);
  expect(queue.state.parallel).toBe(1);
});

test('a pause keeps what came and makes room; a resume goes on', async () => {
  const queue = await open('a:1', 'b:1', 'c:1');
  await pulls.say('a:1', layer(400));
  await queue.pause('a:1');
  await settled();
  expect(states(queue)).toEqual(['a:1 paused', 'b:1 running', 'c:1 running']);
  expect(jobOf(queue, 'a:1')).toMatchObject({ completed: 400, total: 1000, rate: null });
  expect(pulls.discarded).toEqual([]);
  await pulls.end('b:1');
  await queue.resume('a:1');
  await settled();
  expect(jobOf(queue, 'a:1')).toMatchObject({ state: 'running', completed: 400, total: 1000 });
});

test('a resume right after a pause waits for the run before to end', async () => {
  const queue = await open('a:1');
  await queue.pause('a:1');
  await queue.resume('a:1');
  await settled();
  expect(pulls.started).toEqual(['a:1', 'a:1']);
  expect(pulls.running).toEqual(['a:1']);
  expect(states(queue)).toEqual(['a:1 running']);
});

test('a cancelled one is gone with its bytes, once its run has ended', async () => {
  const queue = await open('a:1');
  await pulls.say('a:1', layer(400));
  await queue.cancel('a:1');
  expect(states(queue)).toEqual([]);
  expect(pulls.running).toEqual([]);
  expect(pulls.discarded).toEqual([[A]]);
  expect([...db.kept]).toEqual([]);
  await expect(queue.pause('a:1')).rejects.toMatchObject({ code: 'model_not_found' });
});

test('a failed one keeps its bytes and says why, and its place goes to the next', async () => {
  const queue = await open('a:1', 'b:1', 'c:1');
  await pulls.say('a:1', layer(400));
  await pulls.end('a:1', new PaddockError('digest_mismatch', 'Damaged.'));
  expect(states(queue)).toEqual(['a:1 failed', 'b:1 running', 'c:1 running']);
  expect(jobOf(queue, 'a:1')).toMatchObject({
    completed: 400,
    error: { code: 'digest_mismatch', message: 'Damaged.' },
  });
  expect(pulls.discarded).toEqual([]);
  queue.retry('network');
  expect(states(queue)[0]).toBe('a:1 failed');
  await pulls.end('b:1');
  expect((await queue.add('a:1')).state).toBe('running');
  expect(jobOf(queue, 'a:1').error).toBeUndefined();
});

test('what the network cut goes on when it is back; what it was switched off for, when it is on', async () => {
  const queue = await open('a:1', 'b:1');
  await pulls.end('a:1', network);
  await pulls.end('b:1', new PaddockError('network_off', 'Off.', { url: 'https://site.test/' }));
  expect(states(queue)).toEqual(['a:1 failed', 'b:1 failed']);
  queue.retry('network');
  await settled();
  expect(states(queue)).toEqual(['a:1 running', 'b:1 failed']);
  queue.retry('network_off');
  await settled();
  expect(states(queue)).toEqual(['a:1 running', 'b:1 running']);
});

test('the next host goes on with what ran, waited or lost the network, in the order of adding', async () => {
  const error = { code: 'bad_manifest', message: 'No.' } as const;
  db = memoryPulls([
    record('d:1', { addedAt: 5, state: 'queued' }),
    record('p:1', { addedAt: 4, state: 'paused', completed: 4, total: 10 }),
    record('f:1', { addedAt: 3, state: 'failed', error, completed: 3, total: 9 }),
    record('n:1', { addedAt: 2, state: 'failed', error: { code: 'network', message: 'Cut.' } }),
    record('r:1', { addedAt: 1, state: 'running', completed: 600, total: 1000, blobs: [A] }),
  ]);
  const queue = await open();
  expect(states(queue)).toEqual([
    'r:1 running',
    'n:1 running',
    'f:1 failed',
    'p:1 paused',
    'd:1 queued',
  ]);
  expect(jobOf(queue, 'r:1')).toMatchObject({ completed: 600, total: 1000 });
  expect(jobOf(queue, 'f:1').error).toEqual(error);
  await queue.cancel('r:1');
  expect(pulls.discarded).toEqual([[A]]);
});

test('what the next host needs is noted: states, blobs, and now and then the figures', async () => {
  const queue = await open('a:1', 'b:1', 'c:1');
  const kept = () => [...db.kept.values()].map(({ model, state }) => `${model} ${state}`);
  expect(kept()).toEqual(['a:1 running', 'b:1 running', 'c:1 queued']);
  await pulls.say('a:1', layer(100));
  const noted = () => db.kept.get('registry.ollama.ai/library/a:1');
  expect(noted()).toMatchObject({ completed: 100, total: 1000, blobs: [A] });
  await pulls.say('a:1', layer(200));
  expect(noted()).toMatchObject({ completed: 100 });
  pulls.time += 1000;
  await pulls.say('a:1', layer(300));
  expect(noted()).toMatchObject({ completed: 300 });
  await queue.pause('c:1');
  await pulls.end('a:1');
  expect(kept()).toEqual(['b:1 running', 'c:1 paused']);
});

test('of several files, the size of all counts before they are seen', async () => {
  pulls.size = 3000;
  const queue = await open('a:1');
  await pulls.say('a:1', layer(1000));
  await pulls.say('a:1', layer(500, 1500, digest('b')));
  expect(jobOf(queue, 'a:1')).toMatchObject({ completed: 1500, total: 3000 });
});

test('rate and time left of the last seconds, and none once it stands', async () => {
  const queue = await open('a:1');
  for (let step = 0; step <= 10; step++) {
    await pulls.say('a:1', layer(step * 50));
    pulls.time += 250;
  }
  const { rate, seconds_left } = jobOf(queue, 'a:1');
  expect(rate).toBe(200);
  expect(seconds_left).toBe(2.5);
  await queue.pause('a:1');
  expect(jobOf(queue, 'a:1')).toMatchObject({ rate: null, seconds_left: null });
});

test('one that is done stays listed until it is dismissed, or its model is deleted', async () => {
  const queue = await open('a:1', 'b:1');
  pulls.installed.add('a:1').add('b:1');
  await pulls.say('a:1', layer(1000));
  await pulls.end('a:1');
  await pulls.end('b:1');
  expect(jobOf(queue, 'a:1')).toMatchObject({ state: 'done', completed: 1000, total: 1000 });
  await queue.forgetGone();
  expect(states(queue)).toEqual(['a:1 done', 'b:1 done']);
  await queue.cancel('b:1');
  pulls.installed.delete('a:1');
  await queue.forgetGone();
  expect(states(queue)).toEqual([]);
});

test('one that failed with nothing to show for it makes room for the next', async () => {
  const queue = await open('gone:1', 'cut:1');
  await pulls.end('gone:1', new PaddockError('not_in_registry', 'No.'));
  await pulls.end('cut:1', network);
  await queue.add('new:1');
  expect(states(queue)).toEqual(['cut:1 failed', 'new:1 running']);
  expect([...db.kept.keys()]).toHaveLength(2);
});

test('an update of the site waits while any runs, and for nothing else', async () => {
  const queue = await open('a:1', 'b:1', 'c:1');
  expect(pulls.busy).toBe(2);
  for (const model of ['a:1', 'b:1', 'c:1']) await queue.pause(model);
  await settled();
  expect(pulls.busy).toBe(0);
});

test('a name that is none is refused; one that is there already is not added again', async () => {
  const queue = await open('a:1');
  await expect(queue.add('a b')).rejects.toMatchObject({ code: 'invalid_name' });
  await queue.add('A:1');
  expect(states(queue)).toEqual(['a:1 running']);
});

test('a download that cannot be noted is not added, and one that cannot be kept fails', async () => {
  const queue = await open();
  const full = new PaddockError('storage_full', 'Full.');
  db.putPull = () => Promise.reject(full);
  await expect(queue.add('a:1')).rejects.toBe(full);
  expect(states(queue)).toEqual([]);
  db.putPull = memoryPulls().putPull;
  await queue.add('a:1');
  await settled();
  db.putPull = () => Promise.reject(full);
  await pulls.say('a:1', layer(10));
  expect(jobOf(queue, 'a:1')).toMatchObject({ state: 'failed', error: { code: 'storage_full' } });
});

test('a pull of the API shows while it runs, as one that the queue does not lead', async () => {
  const queue = await open();
  const stop = new AbortController();
  const target = { name: { host: 'h', namespace: 'n', model: 'm', tag: 't' } };
  const statuses = queue.shown(target, async function* () {
    yield layer(10);
    await new Promise((_, reject) => stop.signal.addEventListener('abort', reject));
  });
  await statuses.next();
  expect(queue.state.pulls).toMatchObject([
    { model: 'h/n/m:t', state: 'running', completed: 10, total: 1000, api: true },
  ]);
  await expect(queue.pause('h/n/m:t')).rejects.toMatchObject({ code: 'model_not_found' });
  const ended = statuses.next().catch(() => {});
  stop.abort();
  await ended;
  expect(queue.state.pulls).toEqual([]);
});

test('a pull that a pause could not stop any more is done, and a resume does not pull it again', async () => {
  const { pulls, queue } = late();
  await queue.add('a:1');
  await settled();
  await queue.pause('a:1');
  await queue.resume('a:1');
  expect(states(queue)).toEqual(['a:1 running']);
  pulls.end();
  await settled();
  expect(states(queue)).toEqual(['a:1 done']);
  expect(pulls.started).toBe(1);
});

/** A pull in its last step, which no signal stops. */
function late() {
  const pulls = { started: 0, end: () => {} };
  const queue = new PullQueue({
    async *pull() {
      pulls.started++;
      yield { status: 'writing manifest' };
      await new Promise<void>((resolve) => (pulls.end = resolve));
      yield { status: 'success' };
    },
    discard: () => Promise.resolve(),
    get: () => Promise.resolve(null),
    db: memoryPulls(),
    whileBusy: (work) => work(),
    now: () => 1,
    changed: () => {},
  });
  return { pulls, queue };
}
