import { errorBody } from '#core/error-response';
import { PaddockError, toPaddockError } from '#core/errors';
import { ndjsonStream } from '#core/ndjson';
import type { PullStatus } from '../../registry/pull';
import { flag, readBody } from '../body';
import type { Route } from '../route';
import { json, ndjson } from '../http';
import { requireTarget } from '../require-target';

export const pull: Route = async (request, deps, signal) => {
  const body = await readBody(request);
  const target = requireTarget(body);
  const controller = new AbortController();
  if (signal.aborted) controller.abort();
  signal.addEventListener('abort', () => controller.abort(), { once: true });
  const statuses = deps.pulls.shown(target, deps.registry.pull(target, controller.signal));
  if (!flag(body, 'stream', true)) {
    let last: PullStatus | undefined;
    try {
      for await (const status of statuses) last = status;
    } catch (error) {
      throw inWords(error);
    }
    return json({ status: last?.status });
  }
  return ndjson(ndjsonStream(lines(statuses), () => controller.abort()));
};

/** An error after the first byte is the last line of an answer that began with 200. */
async function* lines(statuses: AsyncGenerator<PullStatus>): AsyncGenerator<unknown, void, void> {
  try {
    yield* statuses;
  } catch (error) {
    yield errorBody(inWords(error));
  }
}

/** What goes wrong before the first blob begins with Ollama's words for that step. */
function inWords(thrown: unknown): PaddockError {
  const { code, message, detail } = toPaddockError(thrown);
  const early = code === 'not_in_registry' || code === 'bad_manifest';
  return new PaddockError(code, early ? `pull model manifest: ${message}` : message, detail);
}
