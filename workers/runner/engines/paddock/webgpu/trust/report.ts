/** What somebody may send us of an adapter that computes wrong: figures and names, nothing of theirs. */
import { TENSOR_TYPES } from '#core/gguf/types';
import type { ModelSpec } from '../../spec/model-spec';
import type { LayerTensors, ModelTensors } from '../../spec/tensors';
import type { Rounding, StepError } from './compare';

export interface ReportFacts {
  adapter: string;
  /** Whose shader compiler it is: `navigator.userAgent`. */
  browser: string;
  /** What the kernels use of the device. */
  features: object;
  /** The variants of the kernels that were chosen. */
  variants: object;
  /** Shaders that the device did not compile. */
  dropped: readonly { label: string; reason: string }[];
}

interface Compared {
  spec: ModelSpec;
  tensors: ModelTensors;
  rounding: Rounding;
  deviceKey: string;
  facts: ReportFacts;
}

export function reportText(
  { spec, tensors, rounding, deviceKey, facts }: Compared,
  { layers, steps, bound }: { layers: number; steps: readonly StepError[]; bound: number },
): string {
  const { architecture, hidden, feedForward, heads, keyValueHeads, headSize, vocabulary } = spec;
  return [
    'Paddock: a graphics adapter computes a model wrong.',
    `Adapter: ${facts.adapter} (${deviceKey})`,
    `Browser: ${facts.browser}`,
    `Kernels use: ${JSON.stringify(facts.features)}`,
    `Model: ${architecture}, ${spec.layers} layers, hidden ${hidden}, feed-forward ${feedForward}, ` +
      `${heads} heads of ${headSize} on ${keyValueHeads}, vocabulary ${vocabulary}`,
    `Types: ${typesOf(tensors)}`,
    `Cache: ${rounding.cache}${rounding.int8 ? ', products of 8-bit integers' : ''}` +
      (rounding.f16 ? ', products in f16' : ''),
    `Variants: ${JSON.stringify(facts.variants)}`,
    ...facts.dropped.map(({ label, reason }) => `Not compiled: ${label}: ${reason}`),
    `Error of the logits after ${layers} layers, of their deviation (at most ${bound} is rounding):`,
    ...steps.map(({ tokens, error }) => `  after ${tokens} tokens: ${errorWords(error)}`),
  ].join('\n');
}

function errorWords(error: number): string {
  return Number.isNaN(error) ? 'not a number' : error.toPrecision(3);
}

function typesOf({ embedding, layers, output }: ModelTensors): string {
  const [first] = layers;
  const parts = ['query', 'key', 'value', 'output', 'gate', 'up', 'down'] as const;
  const named = (name: string, type: number) => `${name} ${TENSOR_TYPES.get(type)!.name}`;
  return [
    named('embedding', embedding.type),
    ...parts.map((part: keyof LayerTensors & (typeof parts)[number]) =>
      named(part, first![part].type),
    ),
    named('output', output.type),
  ].join(', ');
}
