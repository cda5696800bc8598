/** Answers with a line a status, or with the last one alone. */
import { errorBody } from '#core/error-response';
import { PaddockError, toPaddockError } from '#core/errors';
import { ndjsonStream } from '#core/ndjson';
import { json, ndjson } from './http';
import { stopWith } from './stop-with';

type Statuses<T> = AsyncGenerator<T, void, void>;

/** Starts the work; the signal aborts with the request, or when its reader goes. */
type Run<T> = (signal: AbortSignal) => Statuses<T>;

interface Status {
  status: string;
}

/** One line each, from the start: an error is the last line of an answer that began with 200. */
export function streamStatuses<T>(
  run: Run<T>,
  signal: AbortSignal,
  inWords: (thrown: unknown) => PaddockError = toPaddockError,
): Response {
  const controller = stopWith(signal);
  return streamed(run(controller.signal), controller, inWords);
}

/** The same once the first status is there, so that what is wrong with the request is an error status. */
export async function streamFromFirst<T>(run: Run<T>, signal: AbortSignal): Promise<Response> {
  const controller = stopWith(signal);
  const statuses = run(controller.signal);
  const first = await statuses.next();
  const all = async function* () {
    if (!first.done) yield first.value;
    yield* statuses;
  };
  return streamed(all(), controller, toPaddockError);
}

/** The last status; an error is thrown. */
export async function lastStatus<T>(run: Run<T>, signal: AbortSignal): Promise<T> {
  let last: T | undefined;
  for await (const status of run(stopWith(signal).signal)) last = status;
  if (last === undefined) throw new PaddockError('internal', 'There was nothing to do.');
  return last;
}

/** As Ollama answers: `streamFromFirst`, or `{ status }` of the last one. */
export async function answerStatuses(
  run: Run<Status>,
  stream: boolean,
  signal: AbortSignal,
): Promise<Response> {
  if (stream) return streamFromFirst(run, signal);
  return json({ status: (await lastStatus(run, signal)).status });
}

function streamed<T>(
  statuses: Statuses<T>,
  controller: AbortController,
  inWords: (thrown: unknown) => PaddockError,
): Response {
  const lines = async function* () {
    try {
      yield* statuses;
    } catch (error) {
      yield errorBody(inWords(error));
    }
  };
  return ndjson(ndjsonStream(lines(), () => controller.abort()));
}
