import { digestHex } from '#core/digest';
import { requireName } from '../body';
import { taken } from '../../scheduler/memory-budget';
import type { Route } from '../route';
import { json } from '../http';
import { details } from './tags';

/** What Ollama answers for a negative `keep_alive` is some centuries away; so is what no date can say. */
const NEVER = '2318-01-01T00:00:00Z';

export const ps: Route = async (_request, deps) => {
  const models = await Promise.all(
    deps.scheduler.list().map(async ({ name, info, expiresAt }) => {
      const model = await deps.registry.get(requireName(name));
      if (!model) return []; // deleted while it is loaded
      const { graphics, processor } = taken(info);
      const size = graphics + processor;
      return [
        {
          name,
          model: name,
          size,
          digest: digestHex(model.digest),
          details: details(model, await deps.registry.facts(model)),
          expires_at: expiresAt < Date.parse(NEVER) ? new Date(expiresAt).toISOString() : NEVER,
          size_vram: graphics,
          context_length: info.contextLength,
        },
      ];
    }),
  );
  return json({ models: models.flat() });
};
