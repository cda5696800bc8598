/** The engines on WebGPU, each in a runner as the product has it: exact tokens in and out, and no silent change to the CPU. */
import type { EngineInfo } from '#core/engine';
import { startRunner, type RunnerOrder, type TestRunner } from '../../../tests/fixtures/runner';
import { tinyMlc } from '../../../tests/gpu/tiny-mlc';
import { tinyModel } from '../tiny-model';
import type { Contestant } from './names';

/** Why one does not run here, in its engine's words. */
export interface Fault {
  fault: string;
}

const runners = new Map<Contestant, TestRunner>();

export async function load(name: Contestant): Promise<EngineInfo | Fault> {
  try {
    const runner = await startRunner(await orderOf(name));
    runners.set(name, runner);
    return runner.info;
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

export function loaded(name: Contestant): TestRunner {
  return runners.get(name)!;
}

/** Tokens of the context: more than any test takes; the tiny MLC model has 512. */
const CONTEXT = 1024;

async function orderOf(name: Contestant): Promise<RunnerOrder> {
  const options = { num_gpu: -1, num_thread: 0, num_ctx: CONTEXT };
  const gguf = (engine: string, blob: Blob) => ({
    format: 'gguf',
    files: { 'model.gguf': blob },
    options: { ...options, engine },
  });
  const served = async () => (await fetch('/model.gguf')).blob();
  switch (name) {
    case 'Paddock':
      return gguf('paddock', await served());
    case 'wllama':
      return gguf('wllama', await served());
    case 'Paddock, tiny':
      return gguf('paddock', new Blob([tinyModel()]));
    case 'WebLLM, tiny': {
      const files = await tinyMlc();
      return { format: 'mlc', files, options: { ...options, num_ctx: 0, engine: 'webllm' } };
    }
  }
}
