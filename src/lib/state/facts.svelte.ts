import { toWire, type WireError } from '#core/errors';
import type { ModelFacts } from '#core/paddock-api';
import { modelFacts } from '$lib/client/model-facts';

/** What the Models page knows of the installed models, as the host last told. */
class Facts {
  #all = $state.raw<ModelFacts[] | null>(null);
  #error = $state.raw<WireError | null>(null);

  /** Newest first; null until they have been read. */
  get all() {
    return this.#all;
  }

  /** Why they could not be read. */
  get error() {
    return this.#error;
  }

  async refresh(): Promise<void> {
    try {
      this.#all = await modelFacts();
      this.#error = null;
    } catch (error) {
      this.#error = toWire(error);
    }
  }
}

export const facts = new Facts();
