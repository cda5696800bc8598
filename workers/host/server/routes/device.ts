/** `/api/paddock/device`: what there is to know of this device before a model runs on it (`DeviceReport`). */
import type { Route } from '../route';
import { json } from '../http';

export const device: Route = async (_request, deps) => json(await deps.device(false));

export const measureDevice: Route = async (_request, deps) => json(await deps.device(true));
