/** One step of `npm test`: an npm script in a process group of its own. */
import { spawn, type ChildProcess } from 'node:child_process';

export interface Finished {
  /** The npm script's name. */
  step: string;
  passed: boolean;
  seconds: number;
}

/** A step did not pass; the message is its name. */
export class Stopped extends Error {}

const running = new Set<ChildProcess>();
let ended = false;

/**
 * Runs the npm script `step`. `alone`: its output is shown as it comes, else whole when it has ended. Never ends
 * where `stopAll` came in between; rejects only where npm cannot be started.
 */
export function runStep(step: string, alone: boolean): Promise<Finished> {
  const started = performance.now();
  const child = spawn('npm', ['run', step], {
    // A group, so that a browser or a server that it started ends with it.
    detached: true,
    stdio: ['ignore', alone ? 'inherit' : 'pipe', alone ? 'inherit' : 'pipe'],
  });
  running.add(child);
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (bytes: Buffer) => output.push(bytes));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      running.delete(child);
      if (ended) return;
      const seconds = (performance.now() - started) / 1000;
      process.stdout.write(Buffer.concat(output));
      resolve({ step, passed: code === 0, seconds });
    });
  });
}

/** Ends what runs; what it had said is lost, since another step is what failed. */
export function stopAll(): void {
  ended = true;
  for (const { pid, exitCode, signalCode } of running) {
    // Playwright closes its browsers on this signal; one that has ended has no group.
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGINT');
  }
}
