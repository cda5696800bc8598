/** A request without a prompt loads the model, or with `keep_alive: 0` unloads it. */
import type { Deps } from './deps';
import type { Prepared } from './generation';
import { json } from './http';

export async function loadOnly(
  deps: Deps,
  prepared: Prepared,
  signal: AbortSignal,
  shape: Record<string, unknown>,
): Promise<Response> {
  const done = (reason: 'load' | 'unload') =>
    json({
      model: prepared.spelling,
      created_at: deps.timestamp(),
      ...shape,
      done: true,
      done_reason: reason,
    });
  if (prepared.keepAliveMs === 0) {
    deps.scheduler.unload(prepared.runnerModel);
    return done('unload');
  }
  const { name, runnerModel: model, options, keepAliveMs } = prepared;
  const lease = await deps.scheduler.lease(
    { name, model, options: options.load, keepAliveMs },
    signal,
  );
  lease.release();
  return done('load');
}
