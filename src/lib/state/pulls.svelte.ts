import { displayName, parseName } from '#core/names';
import { STARTER } from '#core/starter';
import { models } from './models.svelte';
import { Pull } from './pull.svelte';

/** Owns the downloads of this tab; they go on while their reader is on another page. */
class Pulls {
  #all = $state.raw<Pull[]>([]);

  constructor() {
    // A pull that is done would go on saying that its model is here.
    models.watchRemovals((name) => {
      const pull = this.#known(shownName(name));
      if (pull) this.forget(pull);
    });
  }

  /** Latest first. */
  get all() {
    return this.#all;
  }

  get active() {
    return this.#all.some((pull) => pull.active);
  }

  /** The pull of `name`, begun or not. */
  of(name: string): Pull {
    const shown = shownName(name);
    const known = this.#known(shown);
    if (known) return known;
    const pull = new Pull(shown, shown === STARTER.name ? STARTER.size : 0);
    // One that failed with nothing to show for it would pile up.
    const kept = this.#all.filter((one) => one.phase !== 'failed' || one.completed > 0);
    this.#all = [pull, ...kept];
    return pull;
  }

  forget(pull: Pull) {
    if (!pull.active) this.#all = this.#all.filter((one) => one !== pull);
  }

  #known(shown: string): Pull | undefined {
    return this.#all.find((pull) => pull.name === shown);
  }
}

function shownName(name: string): string {
  const parsed = parseName(name);
  return parsed ? displayName(parsed) : name;
}

export const pulls = new Pulls();
