/** `/api/paddock/storage…`: what lies on this device, whether it is whole, and what to do about it. */
import { weightsOf } from '#core/manifest';
import { flag, modelText, readBody, requireName, type Body } from '../body';
import type { Deps } from '../deps';
import { json } from '../http';
import { mlcWishes } from '../require-target';
import type { Route } from '../route';
import { lastStatus, streamFromFirst } from '../statuses';

export const storage: Route = async (_request, { registry }) =>
  json(await registry.storage.report());

export const checkStorage: Route = async (request, deps, signal) => {
  const { registry } = deps;
  const body = request.body ? await readBody(request) : {};
  const spelling = modelText(body);
  const name = spelling ? requireName(spelling) : null;
  return statuses(deps, body, signal, (stop) => registry.storage.check(name, stop));
};

export const repairStorage: Route = async (request, deps, signal) => {
  const { registry, scheduler, bench } = deps;
  const body = await readBody(request);
  const name = requireName(modelText(body));
  const accepted = mlcWishes(body)?.acceptLibrary;
  const model = await registry.get(name);
  const [weights] = model ? weightsOf(model.manifest) : [];
  // A runner that has the damaged bytes in its memory would go on with them, and holds the file.
  if (weights) {
    bench.discard(weights.digest);
    await scheduler.discard(weights.digest);
  }
  return statuses(deps, body, signal, (stop) => registry.storage.repair(name, stop, accepted));
};

export const collectStorage: Route = async (_request, { registry }) =>
  json(await registry.storage.collect());

/** One status a line; the last alone for `stream: false`. */
async function statuses<T>(
  { disturbances }: Deps,
  body: Body,
  signal: AbortSignal,
  work: (stop: AbortSignal) => AsyncGenerator<T, void, void>,
): Promise<Response> {
  const run = (stop: AbortSignal) => disturbances.during('busy', work(stop));
  if (flag(body, 'stream', true)) return streamFromFirst(run, signal);
  return json(await lastStatus(run, signal));
}
