/** One step of a pull at a time, in a worker as the puller is. */
import { createSHA256 } from 'hash-wasm';
import { parseDigest } from '#core/digest';
import { SLICE } from '#store/blob-store';
import { OpfsStore } from '#store/opfs';
import type { Stage } from './types';

const KEY = parseDigest(`sha256:${'b'.repeat(64)}`)!;
const store = new OpfsStore();

/** Slices between two flushes, as a part of 4 MiB has. */
const FLUSH_EVERY = 4;

async function fetchAlone(url: string): Promise<void> {
  const response = await fetch(url, { cache: 'no-store' });
  const reader = response.body!.getReader();
  while (!(await reader.read()).done);
}

async function hashAlone(size: number): Promise<void> {
  const hash = await createSHA256();
  const slice = new Uint8Array(SLICE);
  for (let at = 0; at < size; at += SLICE) hash.update(slice);
  hash.digest();
}

async function storeAlone(size: number): Promise<void> {
  const writer = await store.writer(KEY);
  const slice = crypto.getRandomValues(new Uint8Array(65_536));
  const whole = new Uint8Array(SLICE);
  for (let at = 0; at < SLICE; at += slice.length) whole.set(slice, at);
  for (let at = 0; at < size; at += SLICE) {
    await writer.write(whole, at);
    if ((at / SLICE) % FLUSH_EVERY === FLUSH_EVERY - 1) await writer.flush();
  }
  await writer.flush();
  await writer.close();
}

async function run(stage: Stage): Promise<number> {
  const start = performance.now();
  if (stage.stage === 'fetch') await fetchAlone(stage.url);
  if (stage.stage === 'hash') await hashAlone(stage.size);
  if (stage.stage === 'store') await storeAlone(stage.size);
  const took = performance.now() - start;
  if (stage.stage === 'store') await store.delete(KEY);
  return took;
}

self.addEventListener('message', (event: MessageEvent<Stage>) => {
  void run(event.data).then(
    (result) => self.postMessage({ result }),
    (error: unknown) => self.postMessage({ error: String(error) }),
  );
});
