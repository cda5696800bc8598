import { PaddockError } from '#core/errors';
import { brief, readBody, requireName, text } from '../body';
import { empty } from '../http';
import type { Route } from '../route';

/** `POST /api/copy`: another name for a model; no bytes are copied. */
export const copy: Route = async (request, { registry }) => {
  const body = await readBody(request);
  const [from, to] = [text(body, 'source'), text(body, 'destination')];
  const source = requireName(from, `source "${brief(from)}" is invalid`);
  const destination = requireName(to, `destination "${brief(to)}" is invalid`);
  const model = await registry.get(source);
  if (!model) throw new PaddockError('model_not_found', `model "${from}" not found`);
  await registry.copy(model, destination);
  return empty();
};
