/** `/api/paddock/bench`: measures how fast models are here (see `#core/bench/events`). */
import type { Route } from '../route';
import { offers, prepareBench } from '../bench/prepare';
import { readBenchRequest } from '../bench/read-request';
import { badRequest, readBody } from '../body';
import type { Deps } from '../deps';
import { json } from '../http';
import { streamFromFirst } from '../statuses';

export const bench: Route = async (request, deps, signal) => {
  const asked = readBenchRequest(await readBody(request));
  deps.bench.requireFree();
  const order = await prepareBench(deps, asked);
  return streamFromFirst((until) => deps.bench.run(order, until), signal);
};

export const benchCandidates: Route = async (request, deps) => {
  const model = new URL(request.url).searchParams.get('model') ?? '';
  if (model === '') throw badRequest('"model" is required');
  return json({ candidates: await offers(deps, model) });
};

export const pauseBench = change((one) => one.pause());
export const resumeBench = change((one) => one.resume());

function change(apply: (one: Deps['bench']) => void): Route {
  return async (request, deps) => {
    await readBody(request);
    apply(deps.bench);
    return json({});
  };
}
