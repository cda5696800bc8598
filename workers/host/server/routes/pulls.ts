/** `/api/paddock/pulls`: the queue of downloads (see `#core/paddock-api`). */
import { ndjsonStream } from '#core/ndjson';
import { badRequest, flag, modelText, readBody } from '../body';
import type { Deps } from '../deps';
import { json, ndjson } from '../http';
import { mlcWishes } from '../require-target';
import type { Route } from '../route';

export const pulls: Route = (request, deps, signal) => {
  if (new URL(request.url).searchParams.get('stream') !== 'true') return Promise.resolve(all(deps));
  const gone = new AbortController();
  const states = deps.pulls.watch(AbortSignal.any([signal, gone.signal]));
  return Promise.resolve(ndjson(ndjsonStream(states, () => gone.abort())));
};

export const addPull: Route = async (request, deps) => {
  const body = await readBody(request);
  const insecure = flag(body, 'insecure', false);
  return json({ pull: await deps.pulls.add(modelText(body), insecure, mlcWishes(body)) });
};

export const pausePull = change((queue, model) => queue.pause(model));
export const resumePull = change((queue, model) => queue.resume(model));
export const cancelPull = change((queue, model) => queue.cancel(model));

export const limitPulls: Route = async (request, deps) => {
  const { parallel } = await readBody(request);
  if (!Number.isInteger(parallel)) throw badRequest('"parallel" must be a whole number');
  await deps.pulls.limit(parallel as number);
  return all(deps);
};

function change(apply: (queue: Deps['pulls'], model: string) => Promise<void>): Route {
  return async (request, deps) => {
    await apply(deps.pulls, modelText(await readBody(request)));
    return all(deps);
  };
}

function all({ pulls: queue }: Deps): Response {
  return json(queue.state);
}
