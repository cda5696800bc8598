import type { Route } from '../handle';
import { json } from '../http';

export const version: Route = (_request, deps) => Promise.resolve(json({ version: deps.version }));
