import type { Route } from '../route';
import { json } from '../http';

export const version: Route = (_request, deps) => Promise.resolve(json({ version: deps.version }));
