import { PaddockError } from '#core/errors';
import { readAsked } from '../asked';
import { badRequest, brief, flag, modelText, readBody, text, type Body } from '../body';
import type { Deps } from '../deps';
import { findModel, prepare } from '../generation';
import { json } from '../http';
import { metrics } from '../metrics';
import { ofVectors, requireVectors, unitVector, vectorsOf } from '../vectors';

/** `POST /api/embed`: a text or many to a vector of length 1 each, in their order. */
export const embed = ofVectors(async (request, deps, signal) => {
  const started = deps.now();
  const body = await readBody(request);
  const spelling = modelText(body);
  const input = readInput(body);
  const dimensions = readDimensions(body);
  const truncate = flag(body, 'truncate', true);
  const common = readAsked(body, started);
  const model = await findModel(deps, spelling);
  await requireVectors(deps, spelling, model);
  const prepared = await prepare(deps, common, model);
  const made = await vectorsOf(deps, prepared, { input, truncate }, signal);
  const counts = metrics({
    total_duration: deps.now() - prepared.started,
    load_duration: made.loadMs,
    prompt_eval_count: made.promptTokens,
  });
  return json({
    model: spelling,
    embeddings: made.vectors.map((vector) => unitVector(vector, dimensions)),
    ...(input.length > 0 && counts),
  });
});

/** `POST /api/embeddings`, the older one: one text, never cut, to its vector as the model gives it. */
export const embeddings = ofVectors(async (request, deps, signal) => {
  const started = deps.now();
  const body = await readBody(request);
  const spelling = modelText(body);
  if (spelling === '') throw badRequest('model is required');
  const prompt = text(body, 'prompt');
  const common = readAsked(body, started);
  const model = await find(deps, spelling);
  await requireVectors(deps, spelling, model);
  const prepared = await prepare(deps, common, model);
  const input = prompt === '' ? [] : [prompt];
  const asked = { input, truncate: false, raw: true } as const;
  const { vectors } = await vectorsOf(deps, prepared, asked, signal);
  return json({ embedding: Array.from(vectors[0] ?? []) });
});

/** A missing model in the words of this route. */
async function find(deps: Deps, spelling: string) {
  try {
    return await findModel(deps, spelling);
  } catch (error) {
    if (!(error instanceof PaddockError) || error.code !== 'model_not_found') throw error;
    const words = `model "${brief(spelling)}" not found, try pulling it first`;
    throw new PaddockError('model_not_found', words);
  }
}

/** A text alone that is empty is none; in a list it has its place, and so a vector. */
function readInput({ input }: Body): string[] {
  if (input === undefined || input === null || input === '') return [];
  const texts: unknown[] = Array.isArray(input) ? input : [input];
  if (!texts.every((one) => typeof one === 'string')) throw badRequest('invalid input type');
  return texts;
}

/** 0: all of them. */
function readDimensions({ dimensions }: Body): number {
  const value = dimensions ?? 0;
  if (!Number.isInteger(value)) throw badRequest('"dimensions" must be an integer');
  return Math.max(value as number, 0);
}
