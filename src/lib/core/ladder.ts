/**
 * Which file of a family is taken: from the engine that is fastest where it can run, down to the one that runs
 * anywhere. MLC on WebGPU; GGUF on WebGPU, by our engine where it knows the model, else by llama.cpp; GGUF on the CPU,
 * by our engine, else by llama.cpp.
 */
import type { Family, FamilyFile, GgufFile, MlcFile } from '#core/catalogue/families';
import { isOwn, runBy } from '#core/catalogue/run-by';
import type { Backend, GgufEngine } from '#core/engine';
import { DEVICE_CAP, fit, type Fit } from '#core/fit';
import { fitGpu, lackOfGpu } from '#core/fit-gpu';
import { fitMlc } from '#core/fit-mlc';
import type { Obstacle, Step } from '#core/ladder-step';
import { noneSentence, obstacleText, runText, whySentence } from '#core/ladder-words';
import { lackOf, needsOfListed, type Lack } from '#core/mlc/needs';
import type { DeviceLimits } from '#core/paddock-api';

/** These can be overruled: the file would run. */
const SOFT: Obstacle['kind'][] = ['slow', 'tight', 'capability'];

export interface Rung extends Step {
  verdict: 'chosen' | 'possible' | 'no';
  /** A sentence. */
  reason: string;
}

export interface Ladder {
  /** In the order of preference. */
  rungs: Rung[];
  /** Null: nothing of it is run unasked. */
  chosen: Rung | null;
  /** Why this one, or why none. */
  sentence: string;
}

export interface LadderOptions {
  /** Whether a file is on this device: then it needs no storage. */
  stored?: (file: FamilyFile) => boolean;
  /** One of Ollama's, that the file has to have; '': none. */
  capability?: string;
}

export function ladder(
  family: Family,
  device: DeviceLimits,
  { stored = () => false, capability = '' }: LadderOptions = {},
): Ladder {
  const steps = family.files
    .flatMap((file) =>
      file.format === 'mlc'
        ? mlcSteps(file, device, stored(file))
        : ggufSteps(file, device, stored(file)),
    )
    .map((step) => withSoft(step, device, capability));
  const chosen =
    steps.find(({ obstacle }) => obstacle === null) ??
    steps.find(({ obstacle }) => obstacle?.kind === 'tight') ??
    null;
  const rungs = steps.map((step) => rungOf(step, step === chosen, device));
  return {
    rungs,
    chosen: rungs.find(({ verdict }) => verdict === 'chosen') ?? null,
    sentence: chosen ? whySentence(steps, chosen, device) : noneSentence(steps, device),
  };
}

/** The rung of `file` to show: the chosen one, else the first that can be had, else the one that fails last. */
export function rungFor({ rungs }: Ladder, file: FamilyFile): Rung {
  const own = rungs.filter((rung) => rung.file === file);
  return (
    own.find(({ verdict }) => verdict === 'chosen') ??
    own.find(({ verdict }) => verdict === 'possible') ??
    own.at(-1)!
  );
}

function rungOf(step: Step, chosen: boolean, device: DeviceLimits): Rung {
  const { obstacle } = step;
  const stops = obstacle !== null && !SOFT.includes(obstacle.kind);
  const verdict = chosen ? 'chosen' : stops ? 'no' : 'possible';
  const text =
    obstacle && !chosen ? obstacleText(step, obstacle, device) : runText(step, chosen, device);
  return { ...step, verdict, reason: step.note ? `${text} ${step.note}` : text };
}

function mlcSteps(file: MlcFile, device: DeviceLimits, stored: boolean): Step[] {
  const { size, context } = file;
  const found = fitMlc({ size, context, variants: file.model.variants }, device, stored);
  const lack = lackOf(needsOfListed(file.model), device.adapter);
  return [{ file, engine: 'webllm', backend: 'webgpu', fit: found, obstacle: hard(lack, found) }];
}

function ggufSteps(file: GgufFile, device: DeviceLimits, stored: boolean): Step[] {
  const { entry } = file;
  const run = runBy(entry, device);
  const note = run.reason !== undefined && { note: run.reason };
  const step = (engine: GgufEngine, backend: Backend, found: Fit, lack: Lack | null): Step => {
    return { file, engine, backend, fit: found, obstacle: hard(lack, found), ...note };
  };
  const ours = (backend: Backend, found: Fit, lack: Lack | null = null) =>
    isOwn(entry) ? [step('paddock', backend, found, lack)] : [];
  const byLlama = fit(entry, 'wllama', device, stored);
  return [
    ...ours('webgpu', fitGpu(entry, device, stored), lackOfGpu(entry, device.adapter)),
    step('wllama', 'webgpu', byLlama, lackOfLlama(device)),
    ...ours('wasm', fit(entry, 'paddock', device, stored)),
    step('wllama', 'wasm', byLlama, null),
  ];
}

/** llama.cpp's kernels need `shader-f16` (`core/webgpu-probe.ts`). */
function lackOfLlama({ adapter }: DeviceLimits): Lack | null {
  if (!adapter) return { missing: 'adapter' };
  return adapter.f16 ? null : { missing: 'shader-f16' };
}

function hard(lack: Lack | null, { verdict }: Fit): Obstacle | null {
  if (lack) return { kind: 'lack', lack };
  return verdict === 'no' ? { kind: 'fit' } : null;
}

function withSoft(step: Step, { adapter, device_memory }: DeviceLimits, capability: string): Step {
  const { obstacle, backend, engine, fit, file } = step;
  if (obstacle) return step;
  if (capability && !file.capabilities.includes(capability)) {
    return { ...step, obstacle: { kind: 'capability', capability } };
  }
  // No GGUF model is run on a software adapter unasked (`core/webgpu-probe.ts`), however fast it is.
  const soft = engine === 'webllm' ? adapter?.slow : adapter?.software;
  if (backend === 'webgpu' && soft) return { ...step, obstacle: { kind: 'slow' } };
  const small = device_memory !== null && device_memory < DEVICE_CAP;
  const tight = engine === 'webllm' && fit?.verdict === 'unknown' && small;
  return tight ? { ...step, obstacle: { kind: 'tight' } } : step;
}
