/** A run out of a stranger's JSON. All throw PaddockError `bad_request`, naming the field. */
import { Fields } from '#core/bench/fields';
import { readCandidateResult, RATE, readTest } from '#core/bench/read-result';
import type { Bandwidth, BenchMachine, BenchRun } from '#core/bench/run';
import { testName } from '#core/bench/sets';

const SETS = ['quick', 'standard', 'depth', 'ollama', 'custom'] as const;
const MOST_CANDIDATES = 64;
const MOST_TESTS = 64;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Of this version; whoever calls has looked at `version`. */
export function readRun(value: unknown): BenchRun {
  const run = new Fields(value, '');
  return {
    version: 1,
    id: run.like('id', UUID, 'UUID'),
    started: run.time('started'),
    finished: run.orNull('finished', (key) => run.time(key)),
    set: run.oneOf('set', SETS),
    tests: run.distinct('tests', MOST_TESTS, readTest, testName),
    repetitions: run.count('repetitions', 1000),
    interleaved: run.flag('interleaved'),
    ...run.ifThere('origin', (key) => run.oneOf(key, ['llama-bench'] as const)),
    machine: run.object('machine', readMachine),
    candidates: run.list('candidates', MOST_CANDIDATES, readCandidateResult),
  };
}

function readMachine(machine: Fields): BenchMachine {
  return {
    browser: machine.text('browser'),
    cores: machine.count('cores', 65_536),
    isolated: machine.flag('isolated'),
    adapter: machine.orNull('adapter', (key) => machine.text(key)),
    clockMs: machine.number('clockMs', 60_000),
    bandwidth: machine.orNull('bandwidth', (key) =>
      machine.object(key, (found) => ({
        wasm: found.distinct('wasm', 64, readMemory, ({ threads }) => `${threads} threads`),
        gpu: found.orNull('gpu', () =>
          found.object('gpu', (gpu) => ({
            adapter: gpu.text('adapter'),
            read: gpu.number('read', RATE),
            copy: gpu.number('copy', RATE),
          })),
        ),
      })),
    ),
    build: machine.text('build'),
  };
}

function readMemory(one: Fields): Bandwidth['wasm'][number] {
  return { threads: one.count('threads', 1024), read: one.number('read', RATE) };
}
