import { displayName, parseName } from '#core/names';
import { STARTER } from '#core/starter';
import { Pull } from './pull.svelte';

/** Owns the downloads of this tab; they go on while their reader is on another page. */
class Pulls {
  #all = $state.raw<Pull[]>([]);

  /** Latest first. */
  get all() {
    return this.#all;
  }

  get active() {
    return this.#all.some((pull) => pull.active);
  }

  /** The pull of `name`, begun or not. */
  of(name: string): Pull {
    const parsed = parseName(name);
    const shown = parsed ? displayName(parsed) : name;
    const known = this.#all.find((pull) => pull.name === shown);
    if (known) return known;
    const pull = new Pull(shown, shown === STARTER.name ? STARTER.size : 0);
    this.#all = [pull, ...this.#all];
    return pull;
  }

  forget(pull: Pull) {
    if (!pull.active) this.#all = this.#all.filter((one) => one !== pull);
  }
}

export const pulls = new Pulls();
