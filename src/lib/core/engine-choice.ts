/** Which engine would run a model, told beforehand; a load may still find what the header does not say. */
import type { Backend, GgufEngine, NoWebGpuReason } from '#core/engine';
import { lackOf, lackSentence, type MlcNeeds } from '#core/mlc/needs';
import type { AdapterLimits, EngineChoice } from '#core/paddock-api';
import type { NoWebGpu } from '#core/webgpu-probe';
import type { WeightsFacts } from '#core/weights-facts';

export interface ModelToRun {
  /** Ollama's `model_format`. */
  format: string;
  facts: WeightsFacts;
  /** Layers beside the weights. */
  projector: boolean;
  adapter: boolean;
  /** `num_gpu` of its parameters; absent: they do not say. */
  layers?: number;
  /** Of an MLC model. */
  mlc?: {
    needs: MlcNeeds;
    /** Null: this device has none. */
    adapter: AdapterLimits | null;
  };
}

/** Why a model with a projector is llama.cpp's. */
export const OWN_SEES_NOTHING = 'Paddock’s own engine sees no images.';

/** As `runner/engines/gguf.ts` does. @param noWebGpu what keeps each engine from this device's adapter unasked */
export function chooseEngine(model: ModelToRun, noWebGpu: NoWebGpu): EngineChoice {
  const { format, facts } = model;
  if (format === 'mlc') return chooseForMlc(model);
  if (format !== 'gguf') return none(`No engine here runs models of the format "${format}".`);
  if (facts.fault) return none(facts.fault);
  const notes = [
    ...(model.adapter ? ['Its adapter is left out: no engine here applies one yet.'] : []),
  ];
  const backendOf = (engine: GgufEngine) => backendFor(noWebGpu[engine], model.layers);
  if (model.projector) return runs('wllama', backendOf('wllama'), [OWN_SEES_NOTHING, ...notes]);
  if (facts.unknown === '') return runs('paddock', backendOf('paddock'), notes);
  const why = `Paddock's own engine cannot run this model: ${facts.unknown}.`;
  return runs('wllama', backendOf('wllama'), [why, ...notes]);
}

/** @param layers Ollama's `num_gpu`: 0 keeps to the CPU, a number of layers takes an adapter of software too */
function backendFor(obstacle: NoWebGpuReason | null, layers = -1): Backend {
  if (layers === 0) return 'wasm';
  return obstacle === null || (layers > 0 && obstacle === 'software_adapter') ? 'webgpu' : 'wasm';
}

function chooseForMlc({ facts, mlc }: ModelToRun): EngineChoice {
  if (facts.fault) return none(facts.fault);
  const lack = mlc ? lackOf(mlc.needs, mlc.adapter) : null;
  if (lack) return none(lackSentence(lack));
  return { engine: 'webllm', backend: 'webgpu' };
}

function none(reason: string): EngineChoice {
  return { engine: null, reason };
}

function runs(engine: GgufEngine, backend: Backend, notes: string[]): EngineChoice {
  return { engine, backend, ...(notes.length > 0 && { reason: notes.join(' ') }) };
}
