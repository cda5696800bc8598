/** Which engine runs a GGUF model, and whose words are thrown where none does. */
import { expect, it } from 'vitest';
import { PaddockError } from '#core/errors';
import { parseDigest } from '#core/digest';
import type { EngineInfo, LoadOptions } from '#core/engine';
import { chooseEngine } from '../../workers/runner/engines/gguf';
import type { WebGpuProbe } from '#core/webgpu-probe';
import type { Engine, LoadedModel } from '../../workers/runner/engine';

const NO_GPU: WebGpuProbe = { usable: false, reason: 'no_adapter' };
const GPU: WebGpuProbe = { usable: true, adapter: 'Test GPU' };
const UNKNOWN = new PaddockError('not_supported', 'ours does not know it');
const DAMAGED = new PaddockError('model_unreadable', 'ours says which key is wrong');
const REFUSED = new PaddockError('model_unreadable', "llama.cpp's words");

/** An engine that loads, or fails with the error, and the calls that it had. */
function stub(name: string, calls: string[], failure?: Error): () => Promise<Engine> {
  const engine: Engine = {
    name,
    load: async () => {
      calls.push(name);
      if (failure) throw failure;
      return { info: { engine: name } as EngineInfo } as LoadedModel;
    },
  };
  return async () => engine;
}

async function load(probe: WebGpuProbe, ours?: Error, llama?: Error) {
  const calls: string[] = [];
  const engine = chooseEngine({
    paddock: stub('paddock', calls, ours),
    wllama: stub('wllama', calls, llama),
    probe: async () => probe,
  });
  const context = { signal: new AbortController().signal, onProgress() {}, onDeath() {} };
  const digest = parseDigest(`sha256:${'0'.repeat(64)}`)!;
  const model = { files: [{ digest }], format: 'gguf', size: 1 };
  const result = await engine
    .load(model, [new Blob()], { num_gpu: -1 } as LoadOptions, context)
    .then(({ info }) => info)
    .catch((error: unknown) => error);
  return { calls, result };
}

it('takes llama.cpp where the graphics adapter can run it', async () => {
  expect(await load(GPU)).toEqual({ calls: ['wllama'], result: { engine: 'wllama' } });
});

it('takes our own where none can, and says why there is no WebGPU', async () => {
  const { calls, result } = await load(NO_GPU);
  expect(calls).toEqual(['paddock']);
  expect(result).toEqual({ engine: 'paddock', noWebGpu: 'no_adapter' });
});

it.each([UNKNOWN, DAMAGED])('leaves what ours refuses with $code to llama.cpp', async (error) => {
  const { calls, result } = await load(NO_GPU, error);
  expect(calls).toEqual(['paddock', 'wllama']);
  const refused = { engine: 'paddock', reason: error.message };
  expect(result).toEqual({ engine: 'wllama', refused });
});

const aborted = new PaddockError('aborted', 'stopped');
const noMemory = new PaddockError('out_of_memory', 'too little');
const crash = new Error('crash');

it.each([
  ['unknown, refused', UNKNOWN, REFUSED, REFUSED],
  ['damaged, refused', DAMAGED, REFUSED, DAMAGED],
  ['damaged, crashed', DAMAGED, crash, DAMAGED],
  ['damaged, too large', DAMAGED, noMemory, noMemory],
  ['damaged, stopped', DAMAGED, aborted, aborted],
])('where both fail, the words that say more: %s', async (_, ours, llama, expected) => {
  const { calls, result } = await load(NO_GPU, ours, llama);
  expect(calls).toEqual(['paddock', 'wllama']);
  expect(result).toBe(expected);
});

it.each([
  ['values that are not numbers', new PaddockError('model_unreadable', '', { tensor: 'w' })],
  ['too little memory', noMemory],
  ['a stop', aborted],
  ['a fault of our own', crash],
])('keeps %s from llama.cpp', async (_, error) => {
  const { calls, result } = await load(NO_GPU, error);
  expect(calls).toEqual(['paddock']);
  expect(result).toBe(error);
});
