/** What a request needs of a model beside text: refused where nobody here can do it, before anything is written. */
import type { Capability, EngineInfo } from '#core/engine';
import { PaddockError } from '#core/errors';
import { layersOf } from '#core/manifest';
import { fullName } from '#core/names';
import type { InstalledModel } from '../registry/installed';
import { requireName } from './body';
import type { Deps } from './deps';

export type Need = Exclude<Capability, 'completion' | 'chat'>;

/** What is in the model, and not in the engine alone: its capabilities name it. */
const MODELS_OWN: readonly Need[] = ['tools', 'vision', 'embedding', 'thinking', 'insert'];

/** What no engine here does for it, so that no load is needed to say so: llama.cpp sees by a file of its own. */
function isBeyondEngines(need: Need, { config, manifest }: InstalledModel): boolean {
  const sees = config.model_format !== 'gguf' || layersOf(manifest, 'projector').length > 0;
  return need === 'vision' && !sees;
}

/** What is asked for, as requests name it. */
const FIELDS: Record<Need, string> = {
  tools: 'tools',
  format: 'format',
  vision: 'images',
  thinking: 'thinking',
  insert: 'insert',
  logprobs: 'logprobs',
  embedding: 'embeddings',
};

/**
 * Of what is known without a load.
 * @throws PaddockError `not_supported` (model, field) for the first need that the model cannot meet, in Ollama's words
 */
export async function refuseNeeds(
  { registry }: Pick<Deps, 'registry'>,
  needs: readonly Need[],
  spelling: string,
  model: InstalledModel,
): Promise<void> {
  if (needs.length === 0) return;
  const { capabilities } = await registry.facts(model);
  const lacks = (need: Need) => MODELS_OWN.includes(need) && !capabilities.includes(need);
  const missing = needs.find((need) => lacks(need) || isBeyondEngines(need, model));
  if (!missing) return;
  const whole = fullName(requireName(model.name));
  const words: Partial<Record<Need, string>> = {
    tools: `${whole} does not support tools`,
    insert: `${whole} does not support insert`,
    vision: 'this model does not support images',
    embedding: 'this model does not support embeddings',
  };
  throw refusal(spelling, missing, words[missing]);
}

/**
 * Of what the engine says that has loaded the model.
 * @throws PaddockError `not_supported` (model, field)
 */
export function requireNeeds(
  { info }: { info: EngineInfo },
  needs: readonly Need[],
  spelling: string,
): void {
  const missing = needs.find((need) => !info.capabilities.includes(need));
  if (missing) throw refusal(spelling, missing);
}

function refusal(
  model: string,
  need: Need,
  words = `"${model}" does not support ${FIELDS[need]}`,
): PaddockError {
  return new PaddockError('not_supported', words, { model, field: FIELDS[need] });
}
