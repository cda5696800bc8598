/** A model with a projector: llama.cpp alone sees, and where it does not know the projector the model reads text. */
import { PaddockError } from '#core/errors';
import { OWN_SEES_NOTHING } from '#core/engine-choice';
import type { LoadedModel } from '../engine';

/** Faults that may be the projector's: what else goes wrong would go wrong without it too. */
const OF_PROJECTOR = ['model_unreadable', 'not_supported', 'engine_failed'];

/** @param seeing loads it whole in llama.cpp, @param text without its projector in the best engine */
export async function loadSeeing(
  seeing: () => Promise<LoadedModel>,
  text: () => Promise<LoadedModel>,
  signal: AbortSignal,
): Promise<LoadedModel> {
  try {
    const loaded = await seeing();
    loaded.info.refused = { engine: 'paddock', reason: OWN_SEES_NOTHING };
    return loaded;
  } catch (error) {
    const known = error instanceof PaddockError && OF_PROJECTOR.includes(error.code);
    if (!known || signal.aborted) throw error;
    const loaded = await text();
    loaded.info.refused = { ...loaded.info.refused, engine: 'wllama', reason: error.message };
    return loaded;
  }
}
