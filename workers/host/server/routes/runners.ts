/**
 * `/api/paddock/runners`: what really runs each loaded model, what models do before a reply's first word (`activities`),
 * and of which a reply is being written (`writing`), which Ollama's API has no words for.
 */
import type { Route } from '../route';
import { json } from '../http';

export const runners: Route = (_request, { scheduler }) =>
  Promise.resolve(
    json({
      runners: scheduler.list().map(({ name, names, info }) => ({ name, names, info })),
      activities: scheduler.activities,
      writing: scheduler.writing,
    }),
  );
