/** `/api/paddock/limits`: what this browser gives a model (`DeviceLimits`). */
import type { Route } from '../route';
import { json } from '../http';

export const limits: Route = async (_request, deps) => json(await deps.limits());
