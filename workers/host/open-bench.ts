/** The benchmark as the host has it: with runners of its own, on the device as its report has it. */
import type { BenchMachine } from '#core/bench/run';
import type { BrowserFacts, DeviceReport } from '#core/paddock-api';
import { Bench } from './bench/bench';
import type { Disturbances } from './disturbances';
import { callWorker } from './limits/call-worker';
import type { RegistryDb } from './registry/db';
import type { StartRunner } from './scheduler/runner-process';
import type { Scheduler } from './scheduler/scheduler';

/** Milliseconds, in which a small machine without a fan gives off what a test has heated. */
const COOL_MS = 10_000;

export interface OpenBenchOptions {
  startRunner: StartRunner;
  scheduler: Scheduler;
  disturbances: Disturbances;
  db: RegistryDb;
  device: (again: boolean) => Promise<DeviceReport>;
  timestamp: () => string;
}

export function openBench(options: OpenBenchOptions): Bench {
  const { startRunner, scheduler, disturbances, db, device, timestamp } = options;
  return new Bench({
    startRunner,
    disturbances,
    references: db,
    clear: (signal) => scheduler.clear(signal),
    machine: async () => machineOf(await device(false)),
    bandwidth: (signal) => callWorker('bandwidth', null, signal),
    now: () => performance.now(),
    wallClock: () => Date.now(),
    timestamp,
    coolMs: COOL_MS,
    seed: () => crypto.getRandomValues(new Uint32Array(1))[0]!,
  });
}

/** What a result says of the device. */
export function machineOf({
  browser,
  cores,
  isolated,
  adapter,
  versions,
}: Pick<DeviceReport, 'browser' | 'cores' | 'isolated' | 'adapter' | 'versions'>): Omit<
  BenchMachine,
  'clockMs' | 'bandwidth'
> {
  return {
    browser: browserWords(browser),
    cores,
    isolated,
    adapter: adapter?.name ?? null,
    build: versions.paddock,
  };
}

/** `Chrome 156 on Linux`. */
function browserWords({ name, version, system }: BrowserFacts): string {
  const [major = ''] = version.split('.');
  return `${[name, major].filter(Boolean).join(' ')} on ${system}`;
}
