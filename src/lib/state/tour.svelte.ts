import * as m from '#core/messages/commands';
import { settings } from './settings.svelte';
import { voice } from './voice.svelte';

/** What a step points at, by its `data-tour`. */
export const STEPS = ['status', 'setup', 'commands'] as const;

/** Owns the first steps that a newcomer is shown: once by itself, and again for who asks. */
class Tour {
  #at = $state<number | null>(null);

  /** Counted from 0; null: it is not shown. */
  get at() {
    return this.#at;
  }

  /** A reply is done: who has not seen the tour is shown it. */
  offer() {
    if (settings.values.toured || this.#at !== null) return;
    this.start();
    voice.say(m.commands_tour_offered());
  }

  start() {
    this.#at = 0;
    settings.set('toured', true);
  }

  /** Behind the last step it ends. */
  next() {
    if (this.#at === null) return;
    this.#at = this.#at + 1 < STEPS.length ? this.#at + 1 : null;
  }

  end() {
    this.#at = null;
  }
}

export const tour = new Tour();
