/**
 * `npm test`: everything that must hold, one command for each step. Two lanes at once where both leave a core half
 * idle; the browsers' tests use all there is and run alone. The first failure ends it. The times come last.
 */
import { Stopped, runStep, stopAll, type Finished } from './test/step.ts';

/** One after the other; the lanes of a stage at once, and the steps of a lane in turn. */
const STAGES: string[][][] = [
  [['kernels']],
  // The builds write what types are checked against, so they come after.
  [['check'], ['lint', 'check:notices', 'check:mlc']],
  [
    ['test:unit'],
    ['build', 'check:size', 'check:release', 'build:test', 'build:next', 'build:test-demo'],
  ],
  [['test:browser']],
  [['test:gpu']],
  [['test:e2e']],
];

const finished: Finished[] = [];

async function runLane(steps: string[], alone: boolean): Promise<void> {
  for (const step of steps) {
    const end = await runStep(step, alone);
    finished.push(end);
    if (!end.passed) throw new Stopped(step);
  }
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
  for (const lanes of STAGES) {
    await Promise.all(lanes.map((lane) => runLane(lane, lanes.length === 1)));
  }
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
