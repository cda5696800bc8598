import { digestHex } from '#core/digest';
import { details } from '../details';
import type { Route } from '../route';
import { json } from '../http';

export const tags: Route = async (_request, { registry }) => {
  const models = await registry.list();
  return json({
    models: await Promise.all(
      models.map(async (model) => {
        const facts = await registry.facts(model);
        return {
          name: model.name,
          model: model.name,
          modified_at: new Date(model.modifiedAt).toISOString(),
          size: model.size,
          digest: digestHex(model.digest),
          details: details(model, facts),
          capabilities: facts.capabilities,
        };
      }),
    ),
  });
};
