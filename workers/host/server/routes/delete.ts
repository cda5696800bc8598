import type { Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { weightsOf } from '#core/manifest';
import type { InstalledModel } from '../../registry/installed';
import { brief, modelText, readBody, requireName } from '../body';
import type { Deps } from '../deps';
import { empty } from '../http';
import type { Route } from '../route';

export const deleteModel: Route = async (request, deps) => {
  const spelling = modelText(await readBody(request));
  const name = requireName(spelling, `name "${brief(spelling)}" is invalid`);
  const model = await deps.registry.get(name);
  const [weights] = model ? weightsOf(model.manifest) : [];
  // Before the file goes: a load has it open, and a runner would keep its memory for a model that is gone.
  if (weights && !(await neededElsewhere(deps, weights.digest, model))) {
    deps.bench.discard(weights.digest);
    await deps.scheduler.discard(weights.digest);
  }
  // A model that is there but damaged is not listed; it can be deleted all the same.
  if (!(await deps.registry.delete(name))) {
    throw new PaddockError('model_not_found', `model '${spelling}' not found`);
  }
  return empty();
};

/** Whether another model than `deleted` has these weights. */
async function neededElsewhere(
  { registry }: Deps,
  weights: Digest,
  deleted: InstalledModel | null,
): Promise<boolean> {
  const models = await registry.list();
  return models.some(
    ({ key, manifest }) =>
      key !== deleted?.key && manifest.layers.some(({ digest }) => digest === weights),
  );
}
