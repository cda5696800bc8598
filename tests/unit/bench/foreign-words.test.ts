/** What the page calls a result of another machine's llama.cpp: never by a backend of a browser. */
import { expect, it } from 'vitest';
import { importRun } from '#core/bench/import';
import { candidateText } from '$lib/ui/bench/words';

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
