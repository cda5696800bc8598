/** `/api/paddock/storage…`: what lies on this device, whether it is whole, and what to do about it. */
import { errorBody } from '#core/error-response';
import { toPaddockError } from '#core/errors';
import { layersOf } from '#core/manifest';
import { ndjsonStream } from '#core/ndjson';
import { flag, modelText, readBody, requireName, type Body } from '../body';
import { json, ndjson } from '../http';
import type { Route } from '../route';

export const storage: Route = async (_request, { registry }) =>
  json(await registry.storage.report());

export const checkStorage: Route = async (request, { registry }, signal) => {
  const body = request.body ? await readBody(request) : {};
  const spelling = modelText(body);
  const name = spelling ? requireName(spelling) : null;
  return statuses(body, signal, (stop) => registry.storage.check(name, stop));
};

export const repairStorage: Route = async (request, { registry, scheduler }, signal) => {
  const body = await readBody(request);
  const name = requireName(modelText(body));
  const model = await registry.get(name);
  const [weights] = model ? layersOf(model.manifest, 'model') : [];
  // A runner that has the damaged bytes in its memory would go on with them, and holds the file.
  if (weights) await scheduler.discard(weights.digest);
  return statuses(body, signal, (stop) => registry.storage.repair(name, stop));
};

export const collectStorage: Route = async (_request, { registry }) =>
  json(await registry.storage.collect());

/** One status a line; the last alone for `stream: false`. */
async function statuses<T>(
  body: Body,
  signal: AbortSignal,
  start: (stop: AbortSignal) => AsyncGenerator<T, void, void>,
): Promise<Response> {
  const controller = new AbortController();
  if (signal.aborted) controller.abort();
  signal.addEventListener('abort', () => controller.abort(), { once: true });
  const lines = start(controller.signal);
  if (flag(body, 'stream', true)) {
    const first = await lines.next(); // an error before it is an error status
    const all = async function* () {
      if (!first.done) yield first.value;
      yield* lines;
    };
    return ndjson(ndjsonStream(withError(all()), () => controller.abort()));
  }
  let last: T | undefined;
  for await (const line of lines) last = line;
  return json(last);
}

/** An error after the first byte is the last line of an answer that began with 200. */
async function* withError(lines: AsyncGenerator<unknown>): AsyncGenerator<unknown, void, void> {
  try {
    yield* lines;
  } catch (error) {
    yield errorBody(toPaddockError(error));
  }
}
