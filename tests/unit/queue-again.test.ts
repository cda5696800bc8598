/** A download that failed, and is asked for again in another way: what the next run, and the next host, ask for. */
import { beforeEach, expect, test } from 'vitest';
import { PaddockError } from '#core/errors';
import type { PullTarget } from '#core/pull-target';
import { PullQueue } from '../../workers/host/registry/queue';
import { settled } from '../fixtures/fake-pulls';
import { memoryPulls } from '../fixtures/house';

const NAME = 'localhost:5000/acme/tiny:1b';
const OTHER = 'https://huggingface.co/user/repo/tree/v2';

let db: ReturnType<typeof memoryPulls>;
let asked: PullTarget[];
beforeEach(() => {
  db = memoryPulls();
  asked = [];
});

/** Every pull of it fails, as a host does that is away. */
async function open(): Promise<PullQueue> {
  const queue = new PullQueue({
    async *pull(target) {
      asked.push(target);
      yield { status: 'pulling manifest' };
      throw new PaddockError('network', 'Away.', { url: 'https://localhost:5000' });
    },
    discard: () => Promise.resolve(),
    get: () => Promise.resolve(null),
    db,
    whileBusy: (work) => work(),
    now: () => 1,
    changed: () => {},
  });
  await queue.begin();
  await settled();
  return queue;
}

async function add(queue: PullQueue, model: string, insecure = false) {
  await queue.add(model, insecure);
  await settled();
}

test('over plain HTTP, it is asked for so, by the next host and by its name alone too', async () => {
  const queue = await open();
  await add(queue, NAME);
  await add(queue, `http://${NAME}`, true);
  await add(queue, NAME);
  await open();
  expect(asked.map(({ insecure }) => insecure ?? false)).toEqual([false, true, true, true]);
  expect(queue.state.pulls).toHaveLength(1);
});

test('from another revision, it comes from that one', async () => {
  const queue = await open();
  await add(queue, 'huggingface.co/user/repo');
  await add(queue, OTHER);
  await add(queue, 'huggingface.co/user/repo');
  await open();
  expect(asked.map(({ url }) => url)).toEqual([undefined, OTHER, OTHER, OTHER]);
});
