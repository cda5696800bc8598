/** What a model writes greedily behind a fixed text, by an engine that is believed: what agreement is measured against. */
import { AGREEMENT_TOKENS } from '#core/bench/agreement';
import { AGREEMENT_PROMPT, PROMPTS_VERSION } from '#core/bench/prompts';
import { recordedIds } from '#core/bench/recorded';
import type { Candidate } from '#core/bench/run';
import type { Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { Contestant, type ContestantOptions } from './contestant';
import type { Entrant } from './entrant';

/** Tokens of a model's vocabulary. */
export interface Reference {
  /** Of the weights; of several files the first's. */
  weights: Digest;
  /** `PROMPTS_VERSION`: another text has another reference. */
  version: number;
  /** Who wrote it, for people. */
  by: string;
  prompt: number[];
  ids: number[];
}

/** Where they are remembered. */
export interface KnownReferences {
  /** Null where there is none. */
  reference(weights: Digest): Promise<Reference | null>;
  putReference(reference: Reference): Promise<void>;
}

/** Tokens: the text has some 380, and as many as the agreement compares come behind it. */
const CONTEXT = 768;

interface Writer {
  engine: Candidate['engine'];
  /** The name under which the runner knows it, where that is another. */
  named?: string;
  by: string;
}

/** Who writes the reference of a format's models. */
const WRITERS: Partial<Record<string, Writer>> = {
  gguf: { engine: 'wllama', by: 'llama.cpp on the CPU' },
  ...(import.meta.env.MODE === 'test' && {
    fake: { engine: 'fake', named: 'faithful', by: 'the faithful fake' } satisfies Writer,
  }),
};

function writerOf(format: string): Writer | undefined {
  return Object.hasOwn(WRITERS, format) ? WRITERS[format] : undefined;
}

/** Whether there is, or can be, something to compare this model with. */
export function hasReference({ model, weights }: Pick<Entrant, 'model' | 'weights'>): boolean {
  return recordedIds(weights) !== null || writerOf(model.format) !== undefined;
}

/** One that nobody has to write any more; null: somebody has to. @throws PaddockError of storage */
export async function knownReference(
  known: KnownReferences,
  { weights }: Pick<Entrant, 'weights'>,
): Promise<Reference | null> {
  const recorded = recordedIds(weights);
  if (recorded) return { weights, version: PROMPTS_VERSION, ...recorded };
  const remembered = await known.reference(weights);
  return remembered?.version === PROMPTS_VERSION ? remembered : null;
}

/** Who can write it: a contestant, to be ended as any other. @throws PaddockError `not_supported` for a format without */
export function referenceWriter(
  { model, candidate }: Pick<Entrant, 'model' | 'candidate'>,
  options: Pick<ContestantOptions, 'startRunner' | 'now' | 'seed'>,
): Contestant {
  const { engine, named } = requireWriter(model.format);
  return new Contestant({
    ...options,
    candidate: { model: candidate.model, engine, backend: 'wasm', threads: 0 },
    ...(named !== undefined && { engine: named }),
    model,
    context: CONTEXT,
  });
}

/** What `writer` writes; `told` hears how many tokens there are. It is not ended. @throws PaddockError what the engine says */
export async function writeReference(
  writer: Contestant,
  { model, weights }: Pick<Entrant, 'model' | 'weights'>,
  signal: AbortSignal,
  told: (tokens: number) => void,
): Promise<Reference> {
  await writer.load(true, signal);
  const prompt = await writer.tokenize(AGREEMENT_PROMPT, signal);
  let there = 0;
  const ids = await writer.continued(prompt, AGREEMENT_TOKENS, signal, (tokens) =>
    told((there += tokens)),
  );
  if (ids.length === 0) throw new PaddockError('engine_failed', 'The reference has no tokens.');
  return { weights, version: PROMPTS_VERSION, by: requireWriter(model.format).by, prompt, ids };
}

function requireWriter(format: string): Writer {
  const writer = writerOf(format);
  if (writer) return writer;
  throw new PaddockError('not_supported', `Nobody writes references for the format "${format}".`);
}
