/** What the page says of a result of another machine's llama.cpp: nothing that only a browser has. */
import { expect, it } from 'vitest';
import { importRun } from '#core/bench/import';
import { benchMarkdown } from '#core/bench/export-markdown';
import { llamaBenchRows } from '#core/bench/llama-bench';
import { machineFacts } from '$lib/ui/bench/machine-words';
import { candidateText } from '$lib/ui/bench/words';
import { benchRun } from '../../fixtures/bench-run';

const ROW = {
  build_commit: 'abc1234',
  cpu_info: 'AMD Ryzen 9',
  gpu_info: 'NVIDIA GeForce RTX 3060',
  backends: 'CUDA',
  model_filename: 'a.gguf',
  model_type: 'llama 1B Q4_0',
  model_size: 7e8,
  model_n_params: 1e9,
  n_threads: 8,
  n_gpu_layers: 99,
  n_prompt: 0,
  n_gen: 128,
  test_time: '2026-11-21T10:00:00Z',
  samples_ns: [1e9],
};

it.each([
  [ROW, 'llama.cpp (CUDA), NVIDIA GeForce RTX 3060'],
  [{ ...ROW, n_gpu_layers: 0 }, 'llama.cpp (CPU), 8 threads'],
])('%#', (row, text) => {
  const found = importRun(JSON.stringify([row]), '5d7a1f0e-0000-4000-8000-000000000000');
  expect('run' in found && found.run.candidates.map(candidateText)).toEqual([text]);
});

it('its machine has no cores, clock or isolation that nobody told', () => {
  const found = importRun(JSON.stringify([ROW]), '5d7a1f0e-0000-4000-8000-000000000000');
  if (!('run' in found)) throw new Error(found.fault.sentence);
  expect(machineFacts(found.run)).toEqual([
    ['Processor', 'AMD Ryzen 9'],
    ['Graphics adapter', 'NVIDIA GeForce RTX 3060'],
    ['Measured by', 'llama.cpp abc1234'],
  ]);
  expect(llamaBenchRows(found.run)[0]?.cpu_info).toBe('AMD Ryzen 9');
  expect(benchMarkdown(found.run)).not.toContain('0 cores');
});

it('a machine of ours has them all', () => {
  expect(machineFacts(benchRun()).map(([name]) => name)).toEqual([
    ...['Browser', 'Processor', 'Graphics adapter', 'Isolated', 'Clock'],
    ...['Memory, 1 thread', 'Memory, 2 threads', 'Adapter’s memory', 'Paddock'],
  ]);
});
