/** Texts as vectors: what the two embedding routes share. */
import type { EmbedParams, Embeddings } from '#core/engine';
import { PaddockError } from '#core/errors';
import type { InstalledModel } from '../registry/installed';
import { badRequest } from './body';
import type { Deps } from './deps';
import type { Prepared } from './generation';
import { errorResponse } from './http';
import { refuseNeeds, requireNeeds } from './needs';
import type { Route } from './route';
import { requireVersion } from './unsupported';

/** Ollama answers so for a model that makes no embeddings; elsewhere `not_supported` is 400. */
const NOT_IMPLEMENTED = 501;

/** `route`, with Ollama's status for a model that makes none. */
export function ofVectors(route: Route): Route {
  return async (...asked) => {
    try {
      return await route(...asked);
    } catch (error) {
      const none = error instanceof PaddockError && error.code === 'not_supported';
      if (none) return errorResponse(error, NOT_IMPLEMENTED);
      throw error;
    }
  };
}

/** @throws PaddockError `not_supported`, `model_unreadable`, before any runner is started */
export async function requireVectors(
  deps: Deps,
  spelling: string,
  model: InstalledModel,
): Promise<void> {
  const { fault } = await deps.registry.facts(model);
  if (fault) throw new PaddockError('model_unreadable', fault);
  await refuseNeeds(deps, ['embedding'], spelling, model);
  requireVersion(model);
}

interface Vectors extends Embeddings {
  /** Milliseconds spent on loading; 0 when the model was loaded already. */
  loadMs: number;
}

/**
 * One vector an input, in their order; without inputs the model is loaded all the same.
 * @throws PaddockError `context_exceeded` in Ollama's words, `bad_request` for a vector that is none, and what a lease
 * throws
 */
export async function vectorsOf(
  { scheduler, noteTokens }: Deps,
  { lease: wanted, spelling }: Prepared,
  params: EmbedParams,
  signal: AbortSignal,
): Promise<Vectors> {
  const lease = await scheduler.lease(wanted, signal);
  try {
    requireNeeds(lease.runner, ['embedding'], spelling);
    const { loadMs } = lease;
    if (params.input.length === 0) return { vectors: [], promptTokens: 0, loadMs };
    const made = await lease.runner.embed(params, signal);
    if (made.vectors.length !== params.input.length) {
      throw new PaddockError('engine_failed', 'The engine made another number of vectors.');
    }
    if (!made.vectors.every((vector) => vector.every(Number.isFinite))) {
      throw badRequest('embedding contains NaN or Inf values');
    }
    noteTokens?.({ prompt_tokens: made.promptTokens, eval_tokens: null });
    return { ...made, loadMs };
  } catch (error) {
    throw inWords(error);
  } finally {
    lease.release();
  }
}

function inWords(error: unknown): unknown {
  if (!(error instanceof PaddockError) || error.code !== 'context_exceeded') return error;
  const words = 'the input length exceeds the context length';
  return new PaddockError('context_exceeded', words, error.detail);
}

/** Digits that tell two numbers of 32 bits apart; JSON would write twice as many. */
const DIGITS = 9;

/** The first `dimensions` of `vector` (all for 0 and for more than it has), at length 1 again; zeros stay zeros. */
export function unitVector(vector: Float32Array, dimensions: number): number[] {
  const kept = Array.from(dimensions > 0 ? vector.subarray(0, dimensions) : vector);
  const length = Math.max(Math.hypot(...kept), 1e-12);
  return kept.map((value) => Number((value / length).toPrecision(DIGITS)));
}
