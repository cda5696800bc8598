/** Looks into a model's weights for what lists say of them. */
import { toPaddockError } from '#core/errors';
import { layersOf, type Manifest, type ModelConfig } from '#core/manifest';
import { NO_FACTS, weightsFacts, type WeightsFacts } from '#core/weights-facts';
import type { BlobStore } from '#store/blob-store';
import type { RegistryContext } from './context';
import type { InstalledModel } from './installed';
import { readInstalledMlc } from './mlc/read-model';
import { readText } from './text';
import { readWeights } from './weights';

/** Kept ones, or what the weights say, which is then kept. @throws PaddockError `storage_failed`, `storage_denied` */
export async function factsOf(
  { db, store }: Pick<RegistryContext, 'db' | 'store'>,
  model: InstalledModel,
): Promise<WeightsFacts> {
  if (model.facts) return model.facts;
  const facts = await findFacts(store, model.manifest, model.config);
  if (facts.fault) return facts; // it may be repaired
  model.facts = facts;
  try {
    await db.putFacts(model.key, model.digest, facts);
  } catch (error) {
    console.warn('What a model is was not kept, and is looked for again:', error);
  }
  return facts;
}

/** A file that cannot be read is a fact too. */
async function findFacts(
  store: BlobStore,
  manifest: Manifest,
  config: ModelConfig,
): Promise<WeightsFacts> {
  const facts = await lookInto(store, manifest, config);
  const vision = layersOf(manifest, 'projector').length > 0 ? ['vision'] : [];
  const capabilities = new Set([...facts.capabilities, ...vision, ...(config.capabilities ?? [])]);
  return {
    ...facts,
    contextLength: facts.contextLength ?? config.context_length ?? null,
    embeddingLength: facts.embeddingLength ?? config.embedding_length ?? null,
    capabilities: [...capabilities],
  };
}

async function lookInto(
  store: BlobStore,
  manifest: Manifest,
  { model_format: format, capabilities: known = [] }: ModelConfig,
): Promise<WeightsFacts> {
  if (format === 'mlc') return lookIntoMlc(store, manifest, known);
  const weights = layersOf(manifest, 'model');
  if (format !== 'gguf' || weights.length === 0) return NO_FACTS;
  try {
    const [template] = layersOf(manifest, 'template');
    const text = template ? await readText(store, template.digest) : '';
    return weightsFacts((await readWeights(store, weights)).header, text);
  } catch (error) {
    return faulty(error);
  }
}

/** Its config has what the pull found; here its files are compared with what they say of each other. */
async function lookIntoMlc(
  store: BlobStore,
  manifest: Manifest,
  known: string[],
): Promise<WeightsFacts> {
  try {
    const { config } = await readInstalledMlc(store, manifest);
    const { contextLength, embeddingLength } = config;
    const capabilities = known.length > 0 ? known : NO_FACTS.capabilities;
    return { ...NO_FACTS, contextLength, embeddingLength, capabilities };
  } catch (error) {
    return faulty(error);
  }
}

/** One file that cannot be read hides no other model. */
function faulty(error: unknown): WeightsFacts {
  return { ...NO_FACTS, fault: toPaddockError(error, 'storage_failed').message };
}
