/** `/api/paddock/runners`: what really runs each loaded model, which Ollama's API has no word for. */
import type { Route } from '../route';
import { json } from '../http';

export const runners: Route = (_request, deps) =>
  Promise.resolve(
    json({ runners: deps.scheduler.list().map(({ name, info }) => ({ name, info })) }),
  );
