/** `GET /api/paddock/models`: what the Models page shows of each, without looking into its weights again. */
import { digestHex, type Digest } from '#core/digest';
import { chooseEngine } from '#core/engine-choice';
import { blobsOf, layersOf } from '#core/manifest';
import { needsOfConfig } from '#core/mlc/needs';
import type { AdapterLimits, EngineChoice, ModelFacts } from '#core/paddock-api';
import { totalSize } from '#core/total-size';
import type { NoWebGpu } from '#core/webgpu-probe';
import type { WeightsFacts } from '#core/weights-facts';
import type { InstalledModel } from '../../registry/installed';
import type { Deps } from '../deps';
import { readParams } from '../generation';
import { json } from '../http';
import type { Route } from '../route';

export const models: Route = async (_request, { registry, noWebGpu, limits }) => {
  const [list, usage, noGpu] = await Promise.all([registry.list(), registry.usage(), noWebGpu()]);
  // A question of a worker of its own, for those alone that have such models.
  const mlc = list.some(({ config }) => config.model_format === 'mlc');
  const device = { noWebGpu: noGpu, adapter: mlc ? (await limits()).adapter : null };
  const users = countUsers(list);
  const facts = await Promise.all(
    list.map(async (model): Promise<ModelFacts> => {
      const { config } = model;
      const weights = await registry.facts(model);
      const layers = await layersOnGpu(registry, model);
      const used = usage.get(model.key);
      const own = blobsOf(model.manifest).filter(({ digest }) => users.get(digest) === 1);
      return {
        name: model.name,
        digest: digestHex(model.digest),
        size: model.size,
        own_size: totalSize(own),
        modified_at: new Date(model.modifiedAt).toISOString(),
        last_used: used === undefined ? null : new Date(used).toISOString(),
        format: config.model_format,
        family: config.model_family,
        parameter_size: config.model_type,
        quantization_level: config.file_type,
        context_length: weights.contextLength,
        capabilities: weights.capabilities,
        from: model.from ?? null,
        engine: engineOf(model, weights, { ...device, layers }),
        damaged: model.damaged === true,
      };
    }),
  );
  return json({ models: facts });
};

/** How many models have each blob. */
function countUsers(list: InstalledModel[]): Map<Digest, number> {
  const users = new Map<Digest, number>();
  for (const { manifest } of list) {
    for (const { digest } of blobsOf(manifest)) users.set(digest, (users.get(digest) ?? 0) + 1);
  }
  return users;
}

/** Its own `num_gpu`; what cannot be read is said when it is loaded. */
async function layersOnGpu(
  registry: Deps['registry'],
  model: InstalledModel,
): Promise<number | undefined> {
  const { num_gpu } = await readParams({ registry }, model).catch(() => ({ num_gpu: undefined }));
  return num_gpu as number | undefined;
}

interface ToRunOn {
  noWebGpu: NoWebGpu;
  adapter: AdapterLimits | null;
  layers: number | undefined;
}

function engineOf(
  { config, manifest }: InstalledModel,
  facts: WeightsFacts,
  { noWebGpu, adapter, layers }: ToRunOn,
): EngineChoice {
  if (import.meta.env.MODE === 'test' && config.model_format === 'fake') {
    return { engine: 'fake', backend: 'wasm' };
  }
  const has = (kind: 'projector' | 'adapter') => layersOf(manifest, kind).length > 0;
  return chooseEngine(
    {
      format: config.model_format,
      facts,
      projector: has('projector'),
      adapter: has('adapter'),
      layers,
      ...(config.model_format === 'mlc' && { mlc: { needs: needsOfConfig(config), adapter } }),
    },
    noWebGpu,
  );
}
