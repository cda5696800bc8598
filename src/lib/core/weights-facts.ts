/** What a list of models says of each, found once in the header of its weights and kept. */
import type { GgufHeader } from '#core/gguf';
import { fimTokens } from '#core/gguf/fim';
import { isObject } from '#core/is-object';
import {
  PADDOCK_ARCHITECTURES,
  PADDOCK_MATRIX_TYPES,
  PADDOCK_NEUTRAL,
  PADDOCK_SPLITTINGS,
  PADDOCK_TOKENIZERS,
} from '#core/paddock-limits';
import { thinkTags } from '#core/template/think-tags';

/** One more whenever facts are found in another way: kept ones of an earlier number are found anew. */
export const FACTS_VERSION = 5;

export interface WeightsFacts {
  version: number;
  /** Tokens; null where the file does not say. */
  contextLength: number | null;
  embeddingLength: number | null;
  capabilities: string[];
  /** What Paddock's own engine does not know of it; '' where it knows all. */
  unknown: string;
  /** What Paddock's tokenizer does not know of it, which is among the above; '' where it knows all. */
  unknownTokens: string;
  /** What is wrong with the file; '' where it can be read. */
  fault: string;
}

/** Of a model that is no GGUF file. */
export const NO_FACTS: WeightsFacts = {
  version: FACTS_VERSION,
  contextLength: null,
  embeddingLength: null,
  capabilities: ['completion'],
  unknown: '',
  unknownTokens: '',
  fault: '',
};

/** What the weights say, of several files joined; `template` is the model's own, '' for the file's. */
export function weightsFacts(header: GgufHeader, template: string): WeightsFacts {
  return {
    version: FACTS_VERSION,
    contextLength: header.count('context_length'),
    embeddingLength: header.count('embedding_length'),
    capabilities: capabilitiesOf(header, template || header.text('tokenizer.chat_template')),
    unknown: unknownToPaddock(header),
    unknownTokens: unknownTokens(header),
    fault: '',
  };
}

/** A model that pools its tokens gives vectors and no text. */
export function embeds({ architecture, metadata }: GgufHeader): boolean {
  return metadata.has(`${architecture}.pooling_type`) || /^(nomic-|jina-)?bert/.test(architecture);
}

/** What a model does beside that is told by what its template speaks of, and by its tokens. */
export function capabilitiesOf(header: GgufHeader, template: string): string[] {
  const { architecture, metadata } = header;
  return [
    embeds(header) ? 'embedding' : 'completion',
    ...(metadata.has(`${architecture}.vision.block_count`) ? ['vision'] : []),
    ...new Set([...templateCapabilities(template), ...(fimTokens(metadata) ? ['insert'] : [])]),
  ];
}

/** Go's templates name `.Tools`, Jinja's `tools`. */
const WORDS: [capability: string, words: RegExp][] = [
  ['tools', /\.Tools\b|\btools\b/],
  ['insert', /\.Suffix\b/],
];

/** UTF-16 units that are looked at; the longest templates in use have some 20,000. */
const MAX_TEMPLATE = 256 * 1024;

/** By the words between the braces: the ones around them may be about tools too. */
function templateCapabilities(template: string): string[] {
  const [, ...rest] = template.slice(0, MAX_TEMPLATE).split(/\{[{%]/);
  const actions = rest.map((piece) => piece.slice(0, piece.search(/\}|$/))).join('\n');
  const found = WORDS.filter(([, words]) => words.test(actions)).map(([capability]) => capability);
  return thinkTags(template) ? [...found, 'thinking'] : found;
}

/** `its architecture is "gemma3"`; '' where Paddock's own engine knows all that the header names. */
function unknownToPaddock(header: GgufHeader): string {
  const { architecture, metadata, tensors } = header;
  if (embeds(header)) return 'it makes embeddings';
  if (!PADDOCK_ARCHITECTURES.some((known) => known === architecture)) {
    return `its architecture is "${architecture}"`;
  }
  for (const [name, neutral] of PADDOCK_NEUTRAL) {
    const key = `${architecture}.${name}`;
    const value = metadata.get(key);
    if (typeof value === 'number' && value !== neutral) return `"${key}" is ${value}`;
  }
  const types: readonly string[] = PADDOCK_MATRIX_TYPES;
  const strange = tensors.find(({ type }) => !types.includes(type));
  if (strange) return `it has tensors of the type ${strange.type}`;
  return unknownTokens(header);
}

function unknownTokens(header: GgufHeader): string {
  const tokenizer = header.text('tokenizer.ggml.model');
  if (!PADDOCK_TOKENIZERS.some((name) => name === tokenizer)) {
    return `its tokenizer is "${tokenizer}"`;
  }
  const cut = header.text('tokenizer.ggml.pre');
  const known = tokenizer !== 'gpt2' || PADDOCK_SPLITTINGS.some((name) => name === cut);
  return known ? '' : `it cuts words in the way "${cut}"`;
}

/** Null unless `value` was kept by this version. */
export function readFacts(value: unknown): WeightsFacts | null {
  if (!isObject(value) || value.version !== FACTS_VERSION) return null;
  const { contextLength, embeddingLength, capabilities, unknown, unknownTokens, fault } = value;
  const count = (field: unknown) => field === null || typeof field === 'number';
  const valid =
    count(contextLength) &&
    count(embeddingLength) &&
    Array.isArray(capabilities) &&
    capabilities.every((word) => typeof word === 'string') &&
    typeof unknown === 'string' &&
    typeof unknownTokens === 'string' &&
    typeof fault === 'string';
  return valid ? (value as unknown as WeightsFacts) : null;
}
