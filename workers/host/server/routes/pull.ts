import { PaddockError, toPaddockError } from '#core/errors';
import { flag, readBody } from '../body';
import { json } from '../http';
import { requireTarget } from '../require-target';
import type { Route } from '../route';
import { lastStatus, streamStatuses } from '../statuses';

export const pull: Route = async (request, deps, signal) => {
  const body = await readBody(request);
  const target = requireTarget(body);
  const run = (stop: AbortSignal) =>
    deps.pulls.shown(target, (watch) => deps.registry.pull(target, stop, watch));
  if (flag(body, 'stream', true)) return streamStatuses(run, signal, inWords);
  try {
    return json({ status: (await lastStatus(run, signal)).status });
  } catch (error) {
    throw inWords(error);
  }
};

/** What goes wrong before the first blob begins with Ollama's words for that step. */
function inWords(thrown: unknown): PaddockError {
  const { code, message, detail } = toPaddockError(thrown);
  const early = code === 'not_in_registry' || code === 'bad_manifest';
  return new PaddockError(code, early ? `pull model manifest: ${message}` : message, detail);
}
