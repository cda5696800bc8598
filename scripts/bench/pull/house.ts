/** Stands in for the host: the registry with a real OPFS, IndexedDB and puller, in a worker as the host is. */
import { Caller } from '#core/caller';
import { digestOf, parseDigest, type Digest } from '#core/digest';
import { LAYER_PREFIX, MANIFEST_TYPE } from '#core/manifest';
import { PaddockError } from '#core/errors';
import type { PullerMethods } from '#core/methods';
import { nameKey, parseName } from '#core/names';
import { OpfsStore } from '#store/opfs';
import { putBytes } from '#store/put-bytes';
import type { Puller } from '../../../workers/host/registry/context';
import { RegistryDb } from '../../../workers/host/registry/db';
import { Registry } from '../../../workers/host/registry/registry';
import type { FilesPlan } from '../../../workers/host/registry/source';
import { SPLIT_CHANNEL, type Split } from './split';
import type { HouseTask, Pulled } from './types';

/** Models made at once: each waits for the disk several times. */
const AT_ONCE = 20;

const db = new RegistryDb();
let plan: FilesPlan;
const store = new OpfsStore();
const registry = Registry.open({
  store,
  source: { resolve: () => Promise.resolve(plan) },
  startPuller,
  db,
});
const name = parseName('bench')!;
const splits = new BroadcastChannel(SPLIT_CHANNEL);

/** As the host does, but for the worker, which counts. */
function startPuller(): Puller {
  const worker = new Worker(new URL('./puller.js', import.meta.url), {
    type: 'module',
    name: 'paddock-puller',
  });
  const caller = new Caller<PullerMethods>(worker);
  const failed = (event: ErrorEvent) => caller.fail(new PaddockError('internal', event.message));
  worker.addEventListener('error', failed);
  caller.call('network', { off: false }).result.catch(() => {}); // the transfer fails as well
  return { caller, terminate: () => worker.terminate() };
}

/** A pull, whose blob is gone again afterwards. */
async function pull(url: string, size: number, digest: string): Promise<Pulled> {
  const origin = { kind: 'file', url } as const;
  const mediaType = `${LAYER_PREFIX}tensor`;
  const file = { digest: parseDigest(digest), size, mediaType, name: 'weights.bin', origin };
  plan = { kind: 'files', files: [file], format: 'mlc', from: url };
  const models = await registry;
  const told = new Promise<Split>((resolve) => {
    splits.onmessage = ({ data }: MessageEvent<Split>) => resolve(data);
  });
  const start = performance.now();
  for await (const { status } of models.pull({ name }, new AbortController().signal)) void status;
  const ms = performance.now() - start;
  await models.delete(name);
  return { ms, split: await told };
}

async function put(text: string): Promise<{ digest: Digest; size: number }> {
  const bytes = new TextEncoder().encode(text);
  return { digest: await putBytes(store, bytes), size: bytes.length };
}

/** A model of three small blobs. */
async function install(n: number): Promise<void> {
  const config = {
    model_format: 'fake',
    model_family: '',
    model_families: [],
    model_type: `${n}`,
    file_type: '',
  };
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: { mediaType: 'config', ...(await put(JSON.stringify(config))) },
    layers: [
      { mediaType: `${LAYER_PREFIX}model`, ...(await put(`weights ${n}`)) },
      { mediaType: `${LAYER_PREFIX}params`, ...(await put(`{"seed":${n}}`)) },
    ],
  });
  const digest = await digestOf(new TextEncoder().encode(text));
  const as = parseName(`model-${n}`)!;
  await db.putManifest({ key: nameKey(as), name: as, text, digest, config, modifiedAt: 1 });
}

/** Milliseconds of each listing. */
async function list(count: number, rounds: number): Promise<number[]> {
  for (let n = 0; n < count; n += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - n) }, (_, more) =>
      install(n + more),
    );
    await Promise.all(some);
  }
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    const { length } = await (await registry).list();
    times.push(performance.now() - start);
    if (length !== count) throw new Error(`${length} of ${count} models were listed`);
  }
  return times;
}

self.addEventListener('message', ({ data }: MessageEvent<HouseTask>) => {
  const work: Promise<Pulled | number[]> =
    data.task === 'pull' ? pull(data.url, data.size, data.digest) : list(data.count, data.rounds);
  work.then(
    (result) => self.postMessage({ result }),
    (error: unknown) => self.postMessage({ error: String(error) }),
  );
});
