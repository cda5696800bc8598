/**
 * `/api/paddock/runners`: what really runs each loaded model, and what is under way before a reply's first word
 * (`activity`) or while one is written (`writing`), which Ollama's API has no words for.
 */
import type { Route } from '../route';
import { json } from '../http';

export const runners: Route = (_request, deps) =>
  Promise.resolve(
    json({
      runners: deps.scheduler.list().map(({ name, info }) => ({ name, info })),
      activity: deps.scheduler.activity,
      writing: deps.scheduler.writing,
    }),
  );
