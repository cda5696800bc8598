/** A request without a prompt loads the model, or with `keep_alive: 0` unloads it. */
import { displayName, parseName } from '#core/names';
import type { InstalledModel } from '../registry/installed';
import type { Asked } from './asked';
import type { Deps } from './deps';
import { findModel, runnerModel, type Prepared } from './generation';
import { json } from './http';

type Shape = Record<string, unknown>;

/**
 * The model that `asked` names. For `unload`, a request without a prompt and with `keep_alive: 0`, the answer, once what
 * is loaded of it is told to end, at once, whatever the model can be asked: `ollama stop` does so of one that makes
 * embeddings too. What was loaded under a name goes with it, though the name was deleted or is another model's by now.
 * @throws PaddockError as `findModel`
 */
export async function modelOrUnloaded(
  deps: Deps,
  { spelling, keepAliveMs }: Asked,
  isEmpty: boolean,
  shape: Shape,
): Promise<InstalledModel | Response> {
  if (!isEmpty || keepAliveMs !== 0) return findModel(deps, spelling);
  const name = parseName(spelling);
  const unloaded = name !== null && deps.scheduler.unloadNamed(displayName(name));
  try {
    deps.scheduler.unload(runnerModel(await findModel(deps, spelling)));
  } catch (error) {
    if (!unloaded) throw error;
  }
  return done(deps, spelling, 'unload', shape);
}

export async function loadOnly(
  deps: Deps,
  prepared: Prepared,
  signal: AbortSignal,
  shape: Shape,
): Promise<Response> {
  const lease = await deps.scheduler.lease(prepared.lease, signal);
  lease.release();
  return done(deps, prepared.spelling, 'load', shape);
}

function done(deps: Deps, model: string, reason: 'load' | 'unload', shape: Shape): Response {
  const created_at = deps.timestamp();
  return json({ model, created_at, ...shape, done: true, done_reason: reason });
}
