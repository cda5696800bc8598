/** A request without a prompt loads the model, or with `keep_alive: 0` unloads it. */
import { parseKeepAlive } from '#core/duration';
import type { InstalledModel } from '../registry/installed';
import { modelText, type Body } from './body';
import type { Deps } from './deps';
import { runnerModel, type Prepared } from './generation';
import { json } from './http';

type Shape = Record<string, unknown>;

/**
 * Ends the runner of `model` at once, whatever the model can be asked: `ollama stop` does so of one that makes
 * embeddings too. Null where the request does not say so.
 */
export function unloadOnly(
  deps: Deps,
  body: Body,
  model: InstalledModel,
  shape: Shape,
): Response | null {
  if (parseKeepAlive(body.keep_alive) !== 0) return null;
  deps.scheduler.unload(runnerModel(model));
  return done(deps, modelText(body), 'unload', shape);
}

export async function loadOnly(
  deps: Deps,
  prepared: Prepared,
  signal: AbortSignal,
  shape: Shape,
): Promise<Response> {
  const { name, runnerModel: model, options, keepAliveMs } = prepared;
  const lease = await deps.scheduler.lease(
    { name, model, options: options.load, keepAliveMs },
    signal,
  );
  lease.release();
  return done(deps, prepared.spelling, 'load', shape);
}

function done(deps: Deps, model: string, reason: 'load' | 'unload', shape: Shape): Response {
  const created_at = deps.timestamp();
  return json({ model, created_at, ...shape, done: true, done_reason: reason });
}
