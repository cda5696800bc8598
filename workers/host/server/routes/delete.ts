import { layersOf } from '#core/manifest';
import { PaddockError } from '#core/errors';
import { modelText, readBody, requireName } from '../body';
import type { Route } from '../route';
import { empty } from '../http';

export const deleteModel: Route = async (request, deps) => {
  const spelling = modelText(await readBody(request));
  const name = requireName(spelling, `name "${spelling}" is invalid`);
  const model = await deps.registry.get(name);
  // A model that is there but damaged is not listed; it can be deleted all the same.
  if (!(await deps.registry.delete(name))) {
    throw new PaddockError('model_not_found', `model '${spelling}' not found`);
  }
  // The runner reads nothing more from a deleted blob, but it would keep its memory for a model that is gone.
  const [weights] = model ? layersOf(model.manifest, 'model') : [];
  if (weights && !(await stillUsed(deps, weights.digest))) deps.scheduler.unload(weights.digest);
  return empty();
};

async function stillUsed(deps: Parameters<Route>[1], digest: string): Promise<boolean> {
  const models = await deps.registry.list();
  return models.some(({ manifest }) => manifest.layers.some((layer) => layer.digest === digest));
}
