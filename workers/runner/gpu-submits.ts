/**
 * Whether a graphics adapter does the work: the `GPUQueue.submit` calls of this worker and of those that an engine
 * makes. Only a runner that measures counts them.
 */

/** Of this worker; null: nobody counts. */
let own: number | null = null;
/** Of the workers that were made since; null: it has not told that it counts. */
const others = new Map<Worker, number | null>();

/** Counts from now on; to be called before the first device is opened. */
export function countSubmits(): void {
  if (own !== null) return;
  own = 0;
  // Absent where the browser has no WebGPU: then there is nothing to count.
  const queue = (globalThis as { GPUQueue?: typeof GPUQueue }).GPUQueue?.prototype;
  if (!queue) return;
  const submit = queue.submit;
  queue.submit = function (this: GPUQueue, buffers) {
    addSubmits(1);
    return submit.call(this, buffers);
  };
}

export function addSubmits(count: number): void {
  if (own !== null) own += count;
}

/** All so far; null where nobody counts, or a worker does not. */
export function submitsSeen(): number | null {
  return [own, ...others.values()].reduce<number | null>(
    (sum, count) => (sum === null || count === null ? null : sum + count),
    0,
  );
}

/** Whether the workers that an engine makes have to count. */
export function countsSubmits(): boolean {
  return own !== null;
}

/** What has to stand at the head of such a worker's script: it tells its count ahead of each message that it sends. */
export const WORKER_COUNTER = `{
  let count = 0, told = 0;
  const post = self.postMessage.bind(self);
  self.postMessage = (...message) => {
    if (told !== count) post({ paddockSubmits: (told = count) });
    post(...message);
  };
  if (self.GPUQueue) {
    const { submit } = GPUQueue.prototype;
    GPUQueue.prototype.submit = function (...buffers) {
      count++;
      return submit.apply(this, buffers);
    };
  }
  post({ paddockSubmits: 0 });
}
`;

/** Listens to a worker whose script begins with `WORKER_COUNTER`. */
export function followSubmits(worker: Worker): void {
  others.set(worker, null);
  worker.addEventListener(
    'message',
    ({ data }: MessageEvent<{ paddockSubmits?: number } | null>) => {
      if (typeof data?.paddockSubmits === 'number') others.set(worker, data.paddockSubmits);
    },
  );
}
