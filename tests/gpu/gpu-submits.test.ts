/** The adapter's work is seen in the workers that an engine makes of blobs, as wllama does. */
import { expect, it } from 'vitest';
import { watchWorkers } from '../../workers/runner/engines/wllama/watch-workers';
import { countSubmits, submitsSeen } from '../../workers/runner/gpu-submits';

const SUBMITS_TWICE = `
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter.requestDevice();
  device.queue.submit([device.createCommandEncoder().finish()]);
  device.queue.submit([]);
  postMessage('done');
`;
const DOES_NOTHING = `postMessage('done');`;

/** Runs a script in a worker, as wllama would while it loads. */
async function runs(script: string): Promise<void> {
  const stop = watchWorkers(() => {});
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const worker = new Worker(url, { type: 'module' });
  stop();
  await new Promise<void>((resolve, reject) => {
    worker.addEventListener('message', ({ data }) => data === 'done' && resolve());
    worker.addEventListener('error', () => reject(new Error('the script failed')));
  });
}

it('counts what a worker submits, and what is submitted here', { timeout: 30_000 }, async () => {
  expect(submitsSeen()).toBeNull();
  countSubmits();
  expect(submitsSeen()).toBe(0);
  await runs(DOES_NOTHING);
  expect(submitsSeen()).toBe(0);
  await runs(SUBMITS_TWICE);
  expect(submitsSeen()).toBe(2);
  const device = await (await navigator.gpu.requestAdapter())!.requestDevice();
  device.queue.submit([]);
  expect(submitsSeen()).toBe(3);
  device.destroy();
});

it('knows nothing of a worker that does not count', () => {
  const stop = watchWorkers(() => {});
  const worker = new Worker('data:text/javascript,0');
  stop();
  expect(submitsSeen()).toBeNull();
  worker.terminate();
});
