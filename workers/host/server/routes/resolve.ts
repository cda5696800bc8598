import { readBody } from '../body';
import { json } from '../http';
import { requireTarget } from '../require-target';
import type { Route } from '../route';

/** `/api/paddock/resolve`: see `ResolvedPull`. */
export const resolve: Route = async (request, deps, signal) => {
  const target = requireTarget(await readBody(request));
  return json(await deps.registry.preview(target, signal));
};
