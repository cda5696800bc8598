import { PaddockError } from '#core/errors';
import { badRequest, modelText, readBody } from '../body';
import { errorResponse } from '../http';
import type { Route } from '../route';

/** `POST /api/push`: nothing leaves the browser, whatever the model. */
export const push: Route = async (request) => {
  if (modelText(await readBody(request)) === '') throw badRequest('model is required');
  const error = new PaddockError('not_supported', 'push is not supported in the browser');
  return errorResponse(error, 501);
};
