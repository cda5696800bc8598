import { STARTER } from '#core/starter';
import { facts } from './facts.svelte';
import { pulls } from './pulls.svelte';

/** The starter that is downloaded to be measured: the wish is kept while other pages are shown. */
class BenchStarter {
  #wanted = $state(false);
  #asking = $state(false);

  /** It is to be measured once it is here. */
  get wanted() {
    return this.#wanted;
  }

  /** Nobody downloads it any more: somebody took it from the queue, or it has come just now. */
  get gone(): boolean {
    return this.#wanted && !this.#asking && pulls.known && !pulls.error && !this.job;
  }

  get job() {
    return pulls.of(STARTER.name);
  }

  /** Downloads it, or goes on with it. */
  async want(): Promise<void> {
    this.#wanted = true;
    this.#asking = true;
    await pulls.add(STARTER.name);
    this.#asking = false;
  }

  /** It is measured now, or not wanted any more. */
  forget() {
    this.#wanted = false;
  }

  /** Forgets the wish unless it has come meanwhile. */
  async look(): Promise<void> {
    await facts.refresh();
    if (this.gone && !facts.all?.some(({ name }) => name === STARTER.name)) this.forget();
  }
}

export const benchStarter = new BenchStarter();
