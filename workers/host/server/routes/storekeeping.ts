/** `/api/paddock/storage…`: what lies on this device, whether it is whole, and what to do about it. */
import { weightsOf } from '#core/manifest';
import { flag, modelText, readBody, requireName, type Body } from '../body';
import { json } from '../http';
import type { Route } from '../route';
import { lastStatus, streamFromFirst } from '../statuses';

export const storage: Route = async (_request, { registry }) =>
  json(await registry.storage.report());

export const checkStorage: Route = async (request, { registry }, signal) => {
  const body = request.body ? await readBody(request) : {};
  const spelling = modelText(body);
  const name = spelling ? requireName(spelling) : null;
  return statuses(body, signal, (stop) => registry.storage.check(name, stop));
};

export const repairStorage: Route = async (request, { registry, scheduler, bench }, signal) => {
  const body = await readBody(request);
  const name = requireName(modelText(body));
  const model = await registry.get(name);
  const [weights] = model ? weightsOf(model.manifest) : [];
  // A runner that has the damaged bytes in its memory would go on with them, and holds the file.
  if (weights) {
    bench.discard(weights.digest);
    await scheduler.discard(weights.digest);
  }
  return statuses(body, signal, (stop) => registry.storage.repair(name, stop));
};

export const collectStorage: Route = async (_request, { registry }) =>
  json(await registry.storage.collect());

/** One status a line; the last alone for `stream: false`. */
async function statuses<T>(
  body: Body,
  signal: AbortSignal,
  run: (stop: AbortSignal) => AsyncGenerator<T, void, void>,
): Promise<Response> {
  if (flag(body, 'stream', true)) return streamFromFirst(run, signal);
  return json(await lastStatus(run, signal));
}
