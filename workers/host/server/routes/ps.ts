import { digestHex } from '#core/digest';
import { requireName } from '../body';
import type { Route } from '../route';
import { json } from '../http';
import { details } from './tags';

/** Go's zero of "never": what Ollama answers for a negative `keep_alive` is some centuries away. */
const NEVER = '2318-01-01T00:00:00Z';

export const ps: Route = async (_request, deps) => {
  const models = await Promise.all(
    deps.scheduler.list().map(async ({ name, info, expiresAt }) => {
      const model = await deps.registry.get(requireName(name));
      if (!model) return []; // deleted while it is loaded
      const size = info.bytes.weights + info.bytes.cache;
      return [
        {
          name,
          model: name,
          size,
          digest: digestHex(model.digest),
          details: details(model, await deps.registry.facts(model)),
          expires_at: Number.isFinite(expiresAt) ? new Date(expiresAt).toISOString() : NEVER,
          size_vram: info.backend === 'webgpu' ? size : 0,
          context_length: info.contextLength,
        },
      ];
    }),
  );
  return json({ models: models.flat() });
};
