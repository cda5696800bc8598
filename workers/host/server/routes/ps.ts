import { taken } from '../../scheduler/memory-budget';
import type { Route } from '../route';
import { json } from '../http';

/** What Ollama answers for a negative `keep_alive` is some centuries away; so is what no date can say. */
const NEVER = '2318-01-01T00:00:00Z';

export const ps: Route = (_request, deps) => {
  const models = deps.scheduler.list().map(({ name, about, info, expiresAt }) => {
    const { graphics, processor } = taken(info);
    return {
      name,
      model: name,
      size: graphics + processor,
      // What the name meant when it was asked for: by now it may be deleted, or mean another model.
      digest: about?.digest,
      details: about?.details,
      expires_at: expiresAt < Date.parse(NEVER) ? new Date(expiresAt).toISOString() : NEVER,
      size_vram: graphics,
      context_length: info.contextLength,
    };
  });
  return Promise.resolve(json({ models }));
};
