/** What could be measured of a model here: each engine that knows its format, on each backend, by threads. */
import type { OfferedCandidate } from '#core/bench/events';
import type { GgufEngine, NoWebGpuReason } from '#core/engine';
import { lackOf, lackSentence, needsOfConfig } from '#core/mlc/needs';
import type { DeviceLimits } from '#core/paddock-api';
import { PADDOCK_THREADS, usualThreads } from '#core/usual-threads';
import type { NoWebGpu } from '#core/webgpu-probe';
import type { WeightsFacts } from '#core/weights-facts';
import type { InstalledModel } from '../registry/installed';

/** What the offers of a model depend on. */
export interface OfferFacts {
  facts: WeightsFacts;
  limits: Pick<DeviceLimits, 'threads' | 'adapter'>;
  /** What keeps each engine for GGUF from this device's adapter. */
  noWebGpu: NoWebGpu;
}

/** The engines in the order in which people choose them. */
export function offersFor(model: InstalledModel, given: OfferFacts): OfferedCandidate[] {
  const { model_format: format } = model.config;
  const { facts } = given;
  const fault = faultOf(model, facts);
  const refuse = (offers: OfferedCandidate[]) =>
    fault === null ? offers : offers.map((offer) => ({ ...offer, refused: fault }));
  if (format === 'gguf') return refuse(ofGguf(model.name, given));
  if (format === 'mlc') return refuse([ofMlc(model, given)]);
  if (import.meta.env.MODE === 'test' && format === 'fake') {
    return refuse([
      { model: model.name, engine: 'fake', backend: 'webgpu', threads: 0 },
      ...onCpu(model.name, 'fake', given),
    ]);
  }
  return [];
}

/** Numbers of threads that are worth a comparison, fewest first: the powers of two, all, and what chats take. */
export function threadCounts(most: number, usual: number): number[] {
  const counts = new Set([Math.max(1, most), usual]);
  for (let count = 1; count < most; count *= 2) counts.add(count);
  return [...counts].sort((a, b) => a - b);
}

/** Why no engine can; null where one may. */
function faultOf({ damaged }: InstalledModel, facts: WeightsFacts): string | null {
  if (damaged) return 'A check found a file of this model damaged: repair it under Storage first.';
  if (facts.fault) return facts.fault;
  if (!facts.capabilities.includes('completion')) {
    return 'It makes embeddings and writes nothing, which is what is measured.';
  }
  // llama.cpp too is measured with tokens of Paddock's own tokenizer.
  if (facts.unknownTokens === '') return null;
  return `Paddock cannot count this model's tokens, which is what is measured: ${facts.unknownTokens}. Models such as SmolLM2, Llama 3 and Qwen3 can be measured.`;
}

function ofGguf(model: string, given: OfferFacts): OfferedCandidate[] {
  const { unknown } = given.facts;
  const refused = unknown && `Paddock's own engine cannot run this model: ${unknown}.`;
  const ours = (offer: OfferedCandidate) => (refused ? { ...offer, refused } : offer);
  return [
    ours(onGpu(model, 'paddock', given)),
    onGpu(model, 'wllama', given),
    ...onCpu(model, 'paddock', given).map(ours),
    ...onCpu(model, 'wllama', given),
  ];
}

function onGpu(model: string, engine: GgufEngine, { noWebGpu }: OfferFacts): OfferedCandidate {
  return { model, engine, backend: 'webgpu', threads: 0, ...withoutGpu(noWebGpu[engine]) };
}

function ofMlc({ name, config }: InstalledModel, { limits }: OfferFacts): OfferedCandidate {
  const lack = lackOf(needsOfConfig(config), limits.adapter);
  const refused = lack ? { refused: lackSentence(lack) } : {};
  return { model: name, engine: 'webllm', backend: 'webgpu', threads: 0, ...refused };
}

function onCpu(model: string, engine: GgufEngine | 'fake', { limits }: OfferFacts) {
  const most = engine === 'paddock' ? Math.min(limits.threads, PADDOCK_THREADS) : limits.threads;
  const usual = engine === 'fake' ? most : usualThreads(engine, limits.threads);
  return threadCounts(most, usual).map((threads): OfferedCandidate => ({
    ...{ model, engine, backend: 'wasm', threads },
    ...(threads === usual && engine !== 'fake' && { usual: true }),
  }));
}

/** A software adapter is slow, which may be what somebody wants to know. */
function withoutGpu(reason: NoWebGpuReason | null): { refused?: string } {
  if (reason === null || reason === 'software_adapter') return {};
  const refused =
    reason === 'no_shader_f16'
      ? 'The graphics adapter lacks 16-bit floats (shader-f16), which llama.cpp needs on it.'
      : 'The browser gives no graphics adapter (WebGPU).';
  return { refused };
}
