/**
 * `npm test`: everything that must hold, one npm script for each step. Two lanes take their steps from one list, so
 * that both cores have work; the end-to-end tests use all there is and run alone, last. The first failure ends it.
 * The times come last.
 */
import { runInLanes, type Step } from './test/lanes.ts';
import { Stopped, runStep, stopAll, type Finished } from './test/step.ts';

/** What others wait for comes first, then the long steps; the short ones fill the end. */
const STEPS: Step[] = [
  { step: 'sync' },
  { step: 'kernels' },
  { step: 'lint', after: ['sync'] },
  { step: 'test:browser', after: ['sync', 'kernels'] },
  // It writes anew what lint reads types from.
  { step: 'check', after: ['lint'] },
  { step: 'test:unit', after: ['sync', 'kernels'] },
  // Two browsers at once would have the engine's threads wait for each other.
  { step: 'test:gpu', after: ['test:browser'] },
  // The builds write what types are checked against, and one folder on their way, so they come one by one.
  { step: 'build', after: ['check', 'kernels'] },
  { step: 'build:test', after: ['build'] },
  { step: 'build:next', after: ['build:test'] },
  { step: 'build:test-demo', after: ['build:next'] },
  { step: 'check:size', after: ['build'] },
  { step: 'check:release', after: ['build'] },
  { step: 'check:notices' },
  { step: 'check:mlc' },
];
const LANES = 2;

const finished: Finished[] = [];

async function take(step: string, alone: boolean): Promise<void> {
  const end = await runStep(step, alone);
  finished.push(end);
  if (!end.passed) throw new Stopped(step);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stopAll();
    process.exit(1);
  });
}

const started = performance.now();
let failed: string | undefined;
try {
  await runInLanes(STEPS, LANES, (step) => take(step, false));
  await take('test:e2e', true);
} catch (error) {
  stopAll();
  if (!(error instanceof Stopped)) throw error;
  failed = error.message;
  process.exitCode = 1;
}

for (const { step, seconds } of finished) {
  console.log(`${seconds.toFixed(1).padStart(7)} s  ${step}`);
}
const seconds = (performance.now() - started) / 1000;
console.log(`${seconds.toFixed(1).padStart(7)} s  in all`);
if (failed) console.error(`\n${failed} failed; its output stands above.`);
