/** Answers with a line a status, or with the last one alone. */
import { errorBody } from '#core/error-response';
import { PaddockError, toPaddockError } from '#core/errors';
import { ndjsonStream } from '#core/ndjson';
import { json, ndjson } from './http';

interface Status {
  status: string;
}

/**
 * Resolves with the first status there, so that what is wrong with the request is an error status; later errors are
 * the stream's last line. `run` is given a signal that aborts with the request, or when its reader goes.
 */
export async function answerStatuses(
  run: (signal: AbortSignal) => AsyncGenerator<Status, void, void>,
  stream: boolean,
  signal: AbortSignal,
): Promise<Response> {
  const controller = new AbortController();
  if (signal.aborted) controller.abort();
  signal.addEventListener('abort', () => controller.abort(), { once: true });
  const statuses = run(controller.signal);
  if (!stream) return json({ status: (await lastOf(statuses)).status });
  const first = await statuses.next();
  const lines = async function* () {
    try {
      if (!first.done) yield first.value;
      yield* statuses;
    } catch (error) {
      yield errorBody(toPaddockError(error));
    }
  };
  return ndjson(ndjsonStream(lines(), () => controller.abort()));
}

async function lastOf(statuses: AsyncIterable<Status>): Promise<Status> {
  let last: Status | undefined;
  for await (const status of statuses) last = status;
  if (!last) throw new PaddockError('internal', 'There was nothing to do.');
  return last;
}
