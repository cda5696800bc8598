/** What engines learned of models on this device, kept with the weights: a load that cannot have it does without. */
import type { Digest } from '#core/digest';
import { NOTE_BYTES, type EngineNote, type RunnerModel } from '#core/engine';
import type { RegistryDb } from './registry/db';
import type { NoteShelf } from './scheduler/runner-process';

export class EngineNotes implements NoteShelf {
  readonly #db: Pick<RegistryDb, 'engineNotes' | 'putEngineNote'>;
  readonly #now: () => number;

  constructor(db: Pick<RegistryDb, 'engineNotes' | 'putEngineNote'>, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  async of(model: RunnerModel): Promise<EngineNote[]> {
    const weights = weightsOf(model);
    if (!weights) return [];
    try {
      const notes = await this.#db.engineNotes(weights, this.#now());
      return notes.map(({ key, value }) => ({ key, value }));
    } catch (error) {
      console.warn('What an engine noted of the model cannot be read:', error);
      return [];
    }
  }

  async put(model: RunnerModel, { key, value }: EngineNote): Promise<void> {
    const weights = weightsOf(model);
    if (!weights) return;
    try {
      const length = JSON.stringify(value).length;
      if (length > NOTE_BYTES) throw new RangeError(`It has ${length} characters.`);
      await this.#db.putEngineNote({ weights, key, value, usedAt: this.#now() });
    } catch (error) {
      console.warn(`The note "${key}" of an engine is not kept:`, error);
    }
  }
}

/** Of parts in any order one stands for all: without it there is no model. A projector is several models'. */
function weightsOf({ files }: RunnerModel): Digest | undefined {
  return files
    .filter(({ role }) => role !== 'projector')
    .map(({ digest }) => digest)
    .sort()[0];
}
